#!/bin/sh
# Messages are chosen by number, qp, sender and recipient, and by being stuck in
# the queue at the end of the log.
. "$(dirname "$0")/../lib.sh"
export TZ=UTC
queue=$top/tests/samples/qmail-send.log

# The messages that pass, as "NUMBER SENDER;".
chosen() {
	rlogsess -M -o json "$@" | perl -MJSON::PP -ne '
		my $m = decode_json($_);
		print "$m->{message} ", $m->{from} // "-", ";"'
}
# The recipients and outcomes of the deliveries that pass.
deliveries() {
	rlogsess -M -o table "$@" | cut -f 8,9 | tr '\t\n' ' ;'
}

is "--msg: every message that had the number" "$(chosen --msg 12345 "$queue")" \
	"12345 alice@example.org;12345 erin@example.org;"
is "--msg: a number that no message had" "$(chosen --msg 1 "$queue")" ""
is "--msg repeated: either message" \
	"$(chosen --msg 12346 --msg 12345 "$queue")" \
	"12346 <>;12345 alice@example.org;12345 erin@example.org;"
is "--msg: the deliveries of this message alone" \
	"$(deliveries --msg 12346 "$queue")" "dave@example.org failure;"
is "--msg: a number of 64 bits" \
	"$(echo 'new msg 18446744073709551615' |
		chosen --msg 18446744073709551615)" "18446744073709551615 -;"
is "-p: the message with this qp" "$(chosen -p 27763 "$queue")" \
	"12345 alice@example.org;"
is "-p: the deliveries of the message with this qp" \
	"$(deliveries -p 30000 "$queue")" "bob@example.net success;"
is "-p: the qp of a report is no qp of the message" \
	"$(chosen -p 999 "$queue")" ""
is "-p repeated: either qp" "$(chosen -p 27763 -p 30000 "$queue")" \
	"12345 alice@example.org;12345 erin@example.org;"
is "--from: the sender" "$(chosen --from '^erin@' "$queue")" \
	"12345 erin@example.org;"
is "--from: the empty sender" "$(chosen --from '^<>$' "$queue")" "12346 <>;"
is "--from: the deliveries of this sender's messages" \
	"$(deliveries --from '^erin@' "$queue")" "bob@example.net success;"
is "--from repeated: either sender" \
	"$(chosen --from '^erin@' --from '<>' "$queue")" \
	"12346 <>;12345 erin@example.org;"
is "--from and -m: a message that has both" \
	"$(chosen --from alice -m carol "$queue")" "12345 alice@example.org;"
is "--from and -m: the deliveries that have both" \
	"$(deliveries --from alice -m carol "$queue")" \
	"carol@example.com deferral;carol@example.com success;"
is "--from and -m: no message has both" \
	"$(chosen --from erin -m carol "$queue")" ""
is "--msg and -p: the number that was used again, and its qp" \
	"$(chosen --msg 12345 -p 30000 "$queue")" "12345 erin@example.org;"
is "-o text: the lines of the chosen message" \
	"$(rlogsess -M --msg 12346 "$queue" | grep -c .)" 6
is "-o flat: the lines of the chosen message" \
	"$(rlogsess -M --msg 12346 -o flat "$queue" | grep -c .)" 6
is "-o stats: the chosen message" \
	"$(rlogsess -M --msg 12346 -o stats "$queue" | sed -n 's/^messages *//p')" 1
is "-o stats: the deliveries of the chosen message" \
	"$(rlogsess -M --msg 12346 -o stats "$queue" |
		sed -n 's/^local success *//p')" 0
printf '%s\n' 'starting delivery 1: msg 5 to local a' \
	'delivery 1: success: did_1/' >unknown
is "--from: a message whose sender is not in the log is not chosen" \
	"$(chosen --from . unknown)" ""
printf 'new msg 5\ninfo msg 5: bytes 1 from <a> qp 9> qp 7 uid 1\n' >forged
is "a sender that looks like a qp is no qp" \
	"$(chosen -p 9 forged)/$(chosen -p 7 forged)" "/5 a> qp 9;"
is "JSON has the qp" \
	"$(rlogsess -M -o json -p 27763 "$queue" | grep -c '"qp":27763,')" 1
ok "csv has the qp" sh -c 'rlogsess -M -o csv "$1" | head -n 1 |
	grep -q ,qp,' sh "$queue"

# Stuck: deferred, and in the queue where the log ends.
cat >log <<'END'
2026-11-20T10:00:00Z new msg 1
2026-11-20T10:00:00Z info msg 1: bytes 100 from <a@x> qp 11 uid 46
2026-11-20T10:00:00Z starting delivery 1: msg 1 to remote gone@y
2026-11-20T10:00:01Z new msg 2
2026-11-20T10:00:01Z info msg 2: bytes 200 from <b@x> qp 12 uid 46
2026-11-20T10:00:01Z starting delivery 2: msg 2 to remote slow@y
2026-11-20T10:00:02Z delivery 1: deferral: Connected_but_greylisted/
2026-11-20T10:00:02Z delivery 2: deferral: first_reason/
2026-11-20T10:00:03Z new msg 3
2026-11-20T10:00:03Z info msg 3: bytes 300 from <c@x> qp 13 uid 46
2026-11-20T10:00:03Z starting delivery 3: msg 3 to remote now@y
2026-11-20T10:10:00Z starting delivery 4: msg 1 to remote gone@y
2026-11-20T10:10:01Z delivery 4: success: ok/
2026-11-20T10:10:02Z end msg 1
2026-11-20T10:20:00Z starting delivery 5: msg 2 to remote slow@y
2026-11-20T10:20:01Z delivery 5: deferral: last/reason
2026-11-20T11:00:00Z starting delivery 6: msg 4 to remote old@y
2026-11-20T11:00:01Z delivery 6: deferral: no/start
2026-11-20T11:00:01Z status: local 0/10 remote 1/20
END
rlogsess -M --stuck log >got 2>err
is "--stuck: exit 0, no message" "$? $(cat err)" "0 "
tr ' ' '\t' >want <<'END'
2026-11-20_10:00:01.000000 3600.000 2 b@x 200 2 slow@y last/reason
- - 4 - - 1 old@y no/start
END
sed -i 's/_/ /' want
same "--stuck: age, attempts and last reason of each message" want got
is "--stuck -o json: the messages" "$(chosen --stuck log)" "2 b@x;4 -;"
rlogsess -M --stuck -o json log | head -n 1 >got
ok "--stuck -o json: age" grep -q '"age":3600.000,' got
ok "--stuck -o json: the last reason" grep -q '"reason":"last/reason"' got
is "--stuck -o text: the lines of the messages" \
	"$(rlogsess -M --stuck -o text log | grep -c Z)" 8
is "--stuck with another choice" \
	"$(rlogsess -M --stuck --from '^b@' log | cut -f 3)" 2
is "--stuck and -m: a message to this recipient" \
	"$(rlogsess -M --stuck -m '^old@' log | cut -f 3)" 4
is "--stuck and -U: where the window ends" \
	"$(rlogsess -M --stuck -U '2026-11-20 10:05:00' log | cut -f 2,3,6 |
		tr '\t\n' ' ;')" "3.000 1 1;2.000 2 1;"
is "--stuck: nothing is, exit 0" "$(rlogsess -M --stuck "$queue"; echo $?)" 0
is "-o json: a message that has left the queue has no age" \
	"$(rlogsess -M -o json --msg 1 log | grep -c '"age"')" 0
cp log other
is "--stuck: several sources are named" \
	"$(rlogsess -M --stuck --from b@ log other | cut -f 3,9 | tr '\t\n' ' ;')" \
	"2 $T/log;2 $T/other;"
script -qc "rlogsess -M --stuck '$T/log'" /dev/null </dev/null | tr -d '\r' >got
is "--stuck: a terminal gets the names of the columns" \
	"$(head -n 1 got | tr -s ' ')" \
	"start age message from size attempts recipient text"
{
	echo '2026-11-20T10:00:00Z new msg 1'
	printf '2026-11-20T10:00:00Z starting delivery 1: msg 1 to remote a\033[7m\tb\n'
	printf '2026-11-20T10:00:01Z delivery 1: deferral: \033[7m\t'
	head -c 60000 /dev/zero | tr '\0' x
	echo
} >hostile
rlogsess -M --stuck hostile >got
is "--stuck: a hostile reason is cut and escaped" \
	"$(cut -f 7,8 got | tr '\t' ' ' | sed 's/xx*$//')" \
	'a\x1b[7m\x09b \x1b[7m\x09'
ok "--stuck: a reason has a bound" test "$(wc -c <got)" -lt 512
# 32769 messages in the queue: one of them can't be known until the end.
perl -e 'my $n = 1; for my $m (1 .. 32769) {
	print "new msg $m\nstarting delivery $m: msg $m to remote a\n",
		"delivery $m: deferral: later/\n"; }' >crowd
is "--stuck: a queue that is too large is said" \
	"$(rlogsess -M --stuck crowd 2>&1 >/dev/null)" \
	"rlogsess: warning: 1 messages may be missing: more than 32768 were in the queue at one time"

wrong() {
	rlogsess "$@" </dev/null >out 2>err
	is "rlogsess $*: exit 100" $? 100
}
for option in '--msg 1' '--from a' --stuck; do
	# shellcheck disable=SC2086 # words
	wrong $option
	is "rlogsess $option: the message" "$(cat err)" \
		"rlogsess: fatal: --msg, --from and --stuck select messages: they need -M"
done
wrong -M -i 192.0.2.7
is "-M -i: the message" "$(cat err)" \
	"rlogsess: fatal: -i and -r select sessions, -M shows messages"
for n in -1 x 1x 18446744073709551616 ''; do
	wrong -M --msg "$n"
	is "rlogsess --msg '$n': the message" "$(cat err)" \
		"rlogsess: fatal: invalid message number '$n'"
done
wrong -M --from '('
ok "--from: an invalid expression" \
	grep -q "invalid regular expression '(': " err
for option in -f '-k state' -K '-o stats'; do
	# shellcheck disable=SC2086 # words
	wrong -M --stuck $option .
	is "rlogsess --stuck $option: the message" "$(cat err)" \
		"rlogsess: fatal: --stuck looks at the end of the log: no -f, -K, -k or -o stats"
done
done_testing
