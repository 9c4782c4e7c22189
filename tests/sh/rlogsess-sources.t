#!/bin/sh
# Several logs at once: each log directory, file and standard input is a source
# of its own.  Numbers and process IDs that two of them share never mix, also in
# a state that is carried over, and the output names the source.
. "$(dirname "$0")/../lib.sh"
export TZ=UTC

t='@400000006b00c2ea'
mkdir q1 q2 s1 s2
cat >q1/current <<END
${t}00000000 new msg 7
${t}00000010 info msg 7: bytes 99 from <one@example.org> qp 5 uid 6
${t}00000020 starting delivery 1: msg 7 to remote first@example.net
${t}00000050 delivery 1: failure: no_such_user/
${t}00000060 end msg 7
END
cat >q2/current <<END
${t}00000001 new msg 7
${t}00000011 info msg 7: bytes 50 from <two@example.org> qp 5 uid 6
${t}00000021 starting delivery 1: msg 7 to remote second@example.com
${t}00000040 delivery 1: success: did_1+0+0/
${t}00000041 end msg 7
END
# write_session LOG HOST GREETING HELO DIGIT STATUS
write_session() {
	cat >"$1/current" <<END
${t}0000000$5 tcpserver: pid 4711 from 192.0.2.$2
${t}0000001$5 4711 > 220 $3 
${t}0000002$5 4711 < EHLO $4 
${t}0000003$5 4711 > [EOF]
${t}0000004$5 tcpserver: end 4711 status $6
END
}
write_session s1 1 one first 0 0
write_session s2 2 two second 1 256

# Messages and deliveries.
rlogsess -M -o table q1 q2 | cut -f 4,5,8,9,11 >got
printf '7\t%s\t%s\t%s\t%s\n' \
	two@example.org second@example.com success "$T/q2" \
	one@example.org first@example.net failure "$T/q1" >want
same "-M: a delivery has the outcome that its own log reports" want got
rlogsess -M q1 q2 >got
{
	echo "rlogsess: source: $T/q2"
	cat q2/current
	echo
	echo "rlogsess: source: $T/q1"
	cat q1/current
	echo
} >want
same "-M text: the lines of each message stand under its source" want got
rlogsess -M -o json q1 q2 | perl -MJSON::PP -ne '
	my $m = decode_json($_);
	print join(" ", @$m{qw(source from success failure)},
		map { "$_->{recipient}:$_->{outcome}" } @{$m->{deliveries}}),
		"\n"' >got
cat >want <<END
$T/q2 two@example.org 1 0 second@example.com:success
$T/q1 one@example.org 0 1 first@example.net:failure
END
same "-M json: a message names its source" want got
printf 'delivery 9: success: did_1+0+0/\n' >lost
is "-M table: a delivery whose start is missing names its source" \
	"$(rlogsess -M -o table q1 lost | grep success | cut -f 9,11)" \
	"success	$T/lost"
is "-M text: a line of a lost message names its source" \
	"$(rlogsess -M q1 lost | sed -n '/delivery 9/{x;p;};h')" \
	"rlogsess: source: $T/lost"

# Sessions.
rlogsess -o table s1 s2 | sort | cut -f 3,4,5,13,14,15 >got
printf '%s\t4711\t%s\t%s\t-\t%s\n' 192.0.2.1 first 0 "$T/s1" \
	192.0.2.2 second 1 "$T/s2" >want
same "a dialogue stands under the address of its own log" want got
rlogsess -i 192.0.2.2 s1 s2 | grep . >got
{ echo "rlogsess: source: $T/s2"; cat s2/current; } >want
same "-i: the session of one source alone" want got
rlogsess -o flat s1 s2 | cut -d ' ' -f 1-3,5- >got
cat >want <<END
1 192.0.2.1 $T/s1 tcpserver: pid 4711 from 192.0.2.1
2 192.0.2.2 $T/s2 tcpserver: pid 4711 from 192.0.2.2
1 192.0.2.1 $T/s1 4711 > 220 one 
2 192.0.2.2 $T/s2 4711 > 220 two 
1 192.0.2.1 $T/s1 4711 < EHLO first 
2 192.0.2.2 $T/s2 4711 < EHLO second 
1 192.0.2.1 $T/s1 4711 > [EOF]
2 192.0.2.2 $T/s2 4711 > [EOF]
1 192.0.2.1 $T/s1 tcpserver: end 4711 status 0
2 192.0.2.2 $T/s2 tcpserver: end 4711 status 256
END
same "flat: numbers of sessions are those of all sources" want got
rlogsess -o flat -m . s1 s2 | cut -d ' ' -f 1-3,5- >got
same "flat: filtered lines name their source, too" want got
is "csv: the last column is the source" \
	"$(rlogsess -o csv s1 s2 | sed 's/.*,//' | tr -d '\r' | sort | xargs)" \
	"$T/s1 $T/s2 source"
is "csv: the column of a single source is empty" \
	"$(rlogsess -o csv s1 | sed 's/.*,//' | tr -d '\r' | xargs)" source
is "json: a single source has no member" \
	"$(rlogsess -o json s1 | grep -c '"source"')" 0
is "json: standard input is the source -" \
	"$(rlogsess -o json - s2 <s1/current | perl -MJSON::PP -ne '
		print decode_json($_)->{source}, "\n"' | sort | xargs)" "- $T/s2"
is "stats: the most at one time is that of all sources" \
	"$(rlogsess -o stats s1 s2 | sed -n 's/^most at one time *//p')" 2
rlogsess s1 >got
{ cat s1/current; echo; } >want
same "text: a single source is not named" want got
is "table: a single source has no column" \
	"$(rlogsess -o table s1 | awk -F '\t' '{ print NF }')" 14
is "a directory and a file are two sources" \
	"$(rlogsess -o table s1 s2/current | sort | cut -f 3,15 | xargs)" \
	"192.0.2.1 $T/s1 192.0.2.2 $T/s2/current"
is "a directory that is given twice is two sources" \
	"$(rlogsess -o table s1 s1 | cut -f 3,5 | xargs)" \
	"192.0.2.1 first 192.0.2.1 first"
script -qc "rlogsess -o table '$T/s1' '$T/s2'" /dev/null </dev/null |
	tr -d '\r' | head -n 1 | tr -s ' ' >got
is "table: a terminal gets the name of the column" \
	"$(sed 's/.* //' got)" source

# The quiet time of a source is that of its own log.
mkdir slow fast
printf '%s\n' "${t}00000000 tcpserver: pid 5 from 192.0.2.5" >slow/current
{
	echo "${t}00000001 tcpserver: pid 6 from 192.0.2.6"
	echo "@400000006b10c2ea00000001 tcpserver: pid 7 from 192.0.2.7"
} >fast/current
is "time passes in each log by its own stamps" \
	"$(rlogsess -o table slow fast | cut -f 4,14 | tr '\t\n' ' ;')" \
	"6 quiet;5 goes on;7 goes on;"

# A state keeps the sources apart.
cut_at() {
	for log in q1 q2; do
		mkdir -p cut/$log
		head -n "$1" $log/current >cut/$log/current
	done
	rm -f state cursor
	rlogsess -M -o table -k state -c cursor cut/q1 cut/q2
	for log in q1 q2; do
		tail -n +"$(($1 + 1))" $log/current >>cut/$log/current
	done
	rlogsess -M -o table -k state -c cursor cut/q1 cut/q2
}
for lines in 1 2 3 4; do
	cut_at $lines | sort | cut -f 1-10 >got
	rlogsess -M -o table q1 q2 | sort | cut -f 1-10 >want
	same "-k: logs of one numbering, cut at line $lines" want got
done
head -n 3 q1/current >cut/q1/current
head -n 3 q2/current >cut/q2/current
rm -f state
rlogsess -M -k state cut/q1 cut/q2
is "-k: the state names its sources" \
	"$(sed -n 's/^source //p' state | xargs)" "$T/cut/q1 $T/cut/q2"
cp state before
rlogsess -M -k state cut/q1 >out 2>err
is "-k: a state of other sources: exit 111" $? 111
same "-k: a state of other sources is unchanged" before state
is "-k: a state of other sources: a sentence says it" "$(cat err)" \
	"rlogsess: fatal: state holds messages of other logs than these; name the same logs, or give -k the name of a new file"
rlogsess -M -k state cut/q2 cut/q1 >out 2>err
is "-k: the same sources in another order" "$? $(cat err)" "0 "
is "-k: sessions are carried to the source of their name" \
	"$(perl -00 -ne 'print "$1 $2\n" if m{source: .*/(q\d).*from <(\w+)@}s' \
		out | sort | xargs)" "q1 one q2 two"
printf '%s\n' 'rlogsess state 1 messages 1' '= 7 1 1 0' 'new msg 7' end >older
rlogsess -M -k older cut/q1 cut/q2 >out 2>err
is "-k: a state that names no source, and several sources: exit 111" $? 111
cp older single
tail -n +2 q1/current >rest
is "-k: a state that names no source is read with a single one" \
	"$(rlogsess -M -o table -k single rest | cut -f 8,9)" \
	"first@example.net	failure"
odd=$(printf 'odd\nname\134')
mkdir "$odd"
head -n 3 q1/current >"$odd/current"
rm -f state
rlogsess -M -k state "$odd" cut/q2
rlogsess -M -o table -k state "$odd" cut/q2 >out 2>err
is "-k: a source with a newline in its name" "$? $(cat err)" "0 "

# The most open sessions are those of all sources.
mkdir many1 many2
perl -e 'for my $log (0, 1) {
	open my $f, ">", "many" . ($log + 1) . "/current";
	printf $f "\@400000006b00c2%02x%08x tcpserver: pid %d from 192.0.2.%d\n",
		$log, $_, $_, $log for 1 .. 5000;
}'
is "8192 sessions of all sources are open, the quietest are cut first" \
	"$(rlogsess -o table many1 many2 | cut -f 3,14 | sort | uniq -c |
		xargs)" "1808 192.0.2.0 crowded 3192 192.0.2.0 goes on 5000 192.0.2.1 goes on"
done_testing
