#!/bin/sh
# rlogship to rsyslog: every line of a log arrives at least once, with its id,
# whoever is killed; and to servers that refuse.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/relp-peer.sh"
. "$top/tests/rsyslog.sh"
needs_rsyslog

rsyslog_example >example.conf
rsyslog_start example.conf
line() {
	printf '@4000000069200%03x%08x %s\n' "$2" 0 "$3" >>"$1/current"
}
# ship DIR [ARG...]: sends DIR's lines as mx1/DIR.
ship() {
	ship_dir=$1
	shift
	rlogship -n "mx1/$ship_dir" -c "$ship_dir.cursor" "$@" \
		"relp://127.0.0.1:$rsyslog_port" "$ship_dir" 2>>err
}
# What follows the name in the stored messages.
stored_of() {
	sed -n "s/.* mx1 $1 //p" stored
}
last_is() {
	stored_of "$1" | tail -n 1 | grep -q "$2"
}

mkdir a
line a 1 one
line a 2 '4711 < EHLO me '
line a 3 '4711 : a note'
line a 4 '0815 < EHLO me '
printf 'no label\377\n' >>a/current
is '-1 sends what is there and exits' "$(ship a -1; echo $?)" 0
ok 'the lines are stored' wait_for 20 last_is a 'no label'
stored_of a >got
label='mx1/a/@4000000069200'
at() {
	echo "[rlog@32473 id=\"${label}00${1}00000000\" label=\"@400000006920000${1}00000000\""
}
cat >want <<END
- line $(at 1)] one
4711 record $(at 2) dir="<"] EHLO me
4711 note $(at 3)] a note
- line $(at 4)] 0815 < EHLO me 
END
head -n 4 got >first
same 'with the values of records and notes' first want
ok 'a line without a label has the label before it, and its offset' \
	grep -q "^- line \[rlog@32473 id=\"${label}00400000000-[0-9]*\" escaped=\"1\"\] no label.xff" got
is 'nothing is said' "$(cat err)" ''
ship a -1
line a 5 five
ship a -1
ok 'a second run sends the lines since' wait_for 20 last_is a five
is 'and no other' "$(stored_of a | wc -l)" 6

# Killed: rsyslog twice, rlogship twice, while a logger rotates.
mkdir b
spawn sh -c 'perl -e '\''$| = 1; for (1 .. 6000) { print "$_\n";
	select undef, undef, undef, 0.1 unless $_ % 500 }'\'' |
	rlog t n100 s8192 ./b'
follow() {
	spawn rlogship -n mx1/b -c b.cursor "relp://127.0.0.1:$rsyslog_port" ./b
	shipper=$spawned
}
stored_more() {
	[ "$(stored_of b | wc -l)" -gt "$1" ]
}
follow
for n in 500 2000; do
	wait_for 60 stored_more $n
	rsyslog_kill
	rsyslog_start example.conf
	wait_for 60 stored_more $((n + 700))
	kill -s KILL "$shipper"
	wait_for 20 gone "$shipper"
	follow
done 2>>err
ok 'the last line is stored' wait_for 100 last_is b ' 6000$'
kill "$shipper"
stored_of b | sed 's/.* //' | sort -nu >got
seq 6000 >want
same 'no line is lost in four kills' got want
stored_of b | sed 's/.*id="\([^"]*\)".*/\1/' | sort >ids
doubled=$(($(wc -l <ids) - 6000))
echo "# $doubled messages are doubled in four kills"
ok 'a kill doubles no more messages than are in flight' \
	test "$doubled" -le $((4 * 128))
is 'each line has one id' "$(uniq ids | wc -l)" 6000

# A server that refuses.
relp_peer 'open read:1 no:1' 'open read:1 no:1' 'open all'
rlogship -1 -n mx1/a -c other.cursor "relp://127.0.0.1:$relp_port" a 2>err
is 'a refusal is told once, and the end of it' "$(sed 's/\(0\.1\):[0-9]*/\1/' err)" \
	"rlogship: warning: unable to send lines to 127.0.0.1: the server refuses the request: 500 disk is full; trying again
rlogship: info: 127.0.0.1 is up to date or takes lines again"
is 'the first line was sent until it was taken' "$(grep -c '^one' log)" 3
is 'and all others once' "$(grep -vc '^connect' log)" 8

rlogship -1 "relp://127.0.0.1:$rsyslog_port" a 2>err
is 'a cursor file is needed' "$?:$(cat err)" \
	"100:rlogship: fatal: relp:// needs -c cursorfile: the server keeps no places"
rlogship -1 -c c -o json "relp://127.0.0.1:$rsyslog_port" a 2>err
is 'there are no other forms' "$?:$(cat err)" \
	"100:rlogship: fatal: relp:// has no forms: leave out -o"
done_testing
