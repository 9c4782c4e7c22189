#!/bin/sh
# Sessions and messages that are open are carried over: through a file, through
# the descriptors of a processor, over restarts of one that follows.
. "$(dirname "$0")/../lib.sh"
export TZ=UTC
smtp=$top/tests/samples/smtpd.log
queue=$top/tests/samples/qmail-send.log

# A line far behind all others, so that all is over.
late='@4000000080000000000001f4 tcpserver: status: 0/30'

# Cut into two at every line, and into pieces of one line.
split_runs() {
	file=$1
	shift
	rlogsess "$@" <"$file" | sort >want
	lines=$(wc -l <"$file")
	bad=
	cut=0
	while [ $cut -le "$lines" ]; do
		rm -f state
		{
			head -n $cut "$file" | rlogsess "$@" -k state
			tail -n +$((cut + 1)) "$file" | rlogsess "$@" -k state
			echo "$late" | rlogsess "$@" -k state
		} | sort >got
		cmp -s want got || bad="$bad $cut"
		cut=$((cut + 1))
	done
	echo "$bad"
}
for form in text flat table json; do
	is "-o $form: sessions, cut at any line" \
		"$(split_runs "$smtp" -o $form)" ""
done
is "-k -o flat with a filter: sessions cut at a line" \
	"$(split_runs "$smtp" -o flat -i 192.0.2.7)" ""
is "-m finds what the first piece had" \
	"$(split_runs "$smtp" -o table -m 'EHLO')" ""
for form in text flat table json; do
	is "-M -o $form: messages, cut at any line" \
		"$(split_runs "$queue" -M -o $form)" ""
done
rm -f state
rlogsess -o table "$smtp" | sort >want
while IFS= read -r line; do
	printf '%s\n' "$line" | rlogsess -o table -k state
done <"$smtp" >got
echo "$late" | rlogsess -o table -k state >>got
sort -o got got
same "-k: a run for each line" want got
is "the state is for its owner alone" "$(stat -c %a state)" 600
is "-k: no other file is left" "$(ls state*)" state
# By a label that is not of the time when its file was written, nobody can tell
# whether labels count leap seconds.
printf '%s\n' '@4000000069279b0600000000 tcpserver: pid 7 from 192.0.2.7' \
	'@4000000069279b0610000000 7 > 220 mx ' >first
printf '%s\n' '@4000000069279b0700000000 7 < QUIT ' \
	'@4000000069279b0710000000 tcpserver: end 7 status 0' "$late" >second
rm -f state
rlogsess -o json -k state first >got
rlogsess -v -o json -k state second >>got 2>err
is "a label of the far future moves no other line" \
	"$(sed 's/.*"seconds":\([^,]*\).*/\1/' got)" 1.268
is "-k -v: lines that were carried over are none of this run" \
	"$(grep 'lines of no session' err)" \
	"rlogsess: warning: lines of no session: 1; --rest shows them"
# Labels of s6-log and of daemontools, which differ by 27 s. Each run knows them by
# the time of the file's last line.
mkdir s6 djb
now=$(date +%s)
add_lines() {
	at=$((now + $1))
	shift
	for line; do
		printf '@%016x00000000 %s\n' $((0x4000000000000000 + at + 37)) \
			"$line" >>s6/current
		printf '@%016x00000000 %s\n' $((0x4000000000000000 + at + 10)) \
			"$line" >>djb/current
	done
	touch -d "@$at" s6/current djb/current
}
rm -f state cursor
: >got
show_new() {
	rlogsess -o json -c cursor -k state s6 djb >>got
}
add_lines -700 '7 < EHLO a '
show_new
add_lines -650 '7 < [EOF]' '7 > [EOF]' 'tcpserver: end 7 status 0'
show_new
add_lines -640 'tcpserver: status: 0/40'
show_new
rlogsess -o json s6 djb >want
same "-k: labels of both kinds, as in one run" want got
is "one run shows the session of each" "$(grep -c '"seconds":50.000' want)" 2
rm -f state
head -n 5 "$smtp" | rlogsess -k state >/dev/null
cp state before
tail -n +6 "$smtp" | rlogsess -k state >/dev/full 2>/dev/null
is "output that fails: exit 111" $? 111
same "output that fails: the state is unchanged" before state
rlogsess -M -k state <"$queue" >/dev/null 2>err
is "-M with a state of sessions: exit 111" $? 111
head -c 200 before >state
rlogsess -k state <"$smtp" >/dev/null 2>err
is "a state that is cut: exit 111" $? 111
head -n 5 "$smtp" | rlogsess -k none/state >/dev/null 2>err
is "a state that can't be written: exit 111" $? 111
ok "a state that can't be written: the message names it" grep -q none/state err

# As a processor: each archive has the sessions that ended in it, and the last
# run those that are open.
perl "$top/tests/tools/sessions.pl" 20000 50 10000000 >lines
{
	cat lines
	echo "$late"
} | rlogsess -o table | sort >want
rlog s65536 n100 '!rlogsess -K -o table' ./log <lines
is "rlog with the processor: exit 0" $? 0
cat log/@*.s | sort >processed
ok "-K as processor: archives are tables" test "$(wc -l <processed)" -gt 500
{
	cat log/current
	echo "$late"
} | rlogsess -k log/state -o table | sort - processed >got
same "-K as processor: archives have each session once" want got

rm -f state

# Following, killed by TERM now and then: each session once.
perl "$top/tests/tools/sessions.pl" 20000 20 | cut -d ' ' -f 2- >lines
mkfifo pipe
spawn sh -c 'exec rlog t s65536 n1000 ./followed <>pipe'
logger=$spawned
exec 8>pipe
ok "-k while a log is written: there is a log" \
	wait_for 10 test -e followed/current
: >got
written() {
	[ "$(wc -l <got)" -ge "$1" ]
}
part=0
split -l 4000 lines part.
for piece in part.*; do
	spawn sh -c 'exec rlogsess -f -c cursor -k state -o table followed >>got'
	reader=$spawned
	cat "$piece" >&8
	part=$((part + 1))
	ok "$piece: sessions are shown as they end" \
		wait_for 20 written $((part * 4000 / 29 - 60))
	kill "$reader"
	wait "$reader"
	is "$piece: TERM ends it in order" $? 0
done
exec 8>&-
kill "$logger"
wait "$logger"
echo "$late" | rlogsess -k state -o table >>got
{
	cat followed/@*.s followed/current
	echo "$late"
} | rlogsess -o table | sort >want
sort got >got.sorted
same "-k while a log is written: each session once" want got.sorted

# Without -k, what is open is shown as such, and the rest the next time.
mkdir plain
head -n 20 "$smtp" >plain/current
rlogsess -c cursor2 -o table plain | cut -f 4,14 | sort | tr '\t\n' '  ' >got
is "-c alone: the first run shows sessions up to its last line" \
	"$(cat got)" "4711 goes on 4712 - 4713 goes on "
tail -n +21 "$smtp" >>plain/current
rlogsess -c cursor2 -o table plain | cut -f 4,14 | head -n 1 >got
is "-c alone: the next run shows the rest" "$(cat got)" "4711	began before"
done_testing
