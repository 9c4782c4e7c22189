#!/bin/sh
# rlogship -o sessions: each session of a log is one message of the stream, for
# ever, whenever rlogship is killed. KILLS is how often; the seed is printed.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/nats.sh"
. "$top/tests/kills.sh"
. "$top/tests/shipped-sessions.sh"
needs_nats
plan_kills 20 300 700
nats_run 1
nats_stream SESS 'sess.>' -s

# ship NAME DIR [ARG...]: sends what is there.
ship() {
	ship_name=$1
	ship_dir=$2
	shift 2
	rlogship -o sessions -c "$ship_name.cursor" -n "mx1/$ship_name" "$@" \
		"nats://$nats/SESS/sess.mx1.$ship_name" "$ship_dir"
}
messages() {
	nats_api STREAM.INFO.SESS | sed -n 's/.*"messages":\([0-9]*\).*/\1/p'
}

# A log of whole sessions, whose last line is hours later, so that all are over.
over='@400000006b01000000000000 tcpserver: status: 0/40'
mkdir a
{
	perl "$top/tests/tools/sessions.pl" 4000 20 10000000
	echo "$over"
} >a/current
is '-1 sends the sessions that are over' "$(ship a a -1 2>err; echo $?)" 0
stored_sessions a | plain_sessions >got
wanted_sessions a a >want
ok 'the log has sessions' test "$(wc -l <want)" -gt 100
same 'each is an object as of rlogsess, with host, name and id' got want
is 'nothing is said' "$(cat err)" ''
n=$(messages)
ship a a -1
is 'a second run sends nothing' "$(messages)" "$n"
rm a.cursor
ship a a -1
is 'without the cursor all are sent again, and refused' "$(messages) $?" "$n 0"
ship a a -1 -b 1k
stored_sessions a | plain_sessions >got
same 'lines that were sent before: nothing is doubled' got want

# Members that shipping(7) maps to the fields of other systems, and all members
# of the objects of lines and of sessions.
nats_stream RLOG 'rlog.>'
rlogship -1 -n mx1/a "nats://$nats/RLOG/rlog.mx1.a" a
{
	"$top/tests/tools/read-stream.py" "$nats" RLOG
	"$top/tests/tools/read-stream.py" "$nats" SESS
} | python3 -c '
import base64, json, sys
for message in map(json.loads, sys.stdin):
    for line in base64.b64decode(message["data"]).splitlines():
        print(*json.loads(line), sep="\n")' | sort -u >written
awk '/^ours / { on = 1; next } /^\.Ed/ { on = 0 } on && /^[^ ]/ { print $1 }' \
	"$top/doc/shipping.7" | sort >mapped
ok 'shipping(7) maps members to the fields of other systems' test -s mapped
is 'each is a member of an object in a stream' "$(comm -23 mapped written)" ''

# Following: the last session ends by the clock, without another line.
mkdir f
now=$(date +%s)
label() {
	printf '@%016x%08x' $((4611686018427387914 + now)) "$1"
}
{
	echo "$(label 1) tcpserver: pid 77 from 192.0.2.1"
	echo "$(label 2) 77 > 220 hello"
	echo "$(label 3) 77 < QUIT"
	echo "$(label 4) 77 > [EOF]"
	echo "$(label 5) 77 < [EOF]"
} >f/current
spawn rlogship -o sessions -c f.cursor -s status -d 3 -n mx1/f \
	"nats://$nats/SESS/sess.mx1.f" f 2>err 3>ready
ok '-d: ready when the server has answered' wait_for 20 test -s ready
echo "$(label 6) tcpserver: end 77 status 0" >>f/current
has_one() {
	test "$(stored_sessions f | wc -l)" -eq 1
}
ok 'the last session is sent without another line' wait_for 20 has_one
is 'its subject and id have its start and its process ID' \
	"$(stored_sessions f | sed 's/.*"id":"\([^"]*\)".*/\1/')" \
	"mx1/f/$(label 1)/77"
kill "$spawned"
wait "$spawned"
is 'TERM: exit 0' $? 0
is 'the status file counts lines' "$(sed -n 's/^lines //p' status)" 6
is 'nothing was said' "$(cat err)" ''

# Trouble in words.
nats_stream TWICE 'twice.>'
spawn rlogship -o sessions -c t.cursor -n mx1/t \
	"nats://$nats/TWICE/twice.mx1.t" a 2>err
ok 'a stream that takes doubles is not sent to' wait_for 20 grep -q \
	'takes a second message of a subject.*make-stream -s; trying again' err
kill "$spawned"
wait "$spawned"
is 'nothing was sent to it' "$(nats_last TWICE)" 0
mkdir bin
ln -s "$(command -v rlogship)" bin/rlogship
(PATH=$T/bin exec rlogship -o sessions -c p.cursor -n mx1/p \
	"nats://$nats/SESS/sess.mx1.p" "$T/a") 2>err &
pathless=$!
ok 'rlogsess is missing: the reason' wait_for 20 \
	grep -q 'unable to run rlogsess: No such file' err
ln -s "$(command -v rlogsess)" bin/rlogsess
has_all() {
	test "$(stored_sessions p | wc -l)" -eq "$(wc -l <want)"
}
ok 'it goes on when it is there' wait_for 20 has_all
kill "$pathless"
wait "$pathless"
mkdir u
cut -d ' ' -f 2- a/current >u/current
spawn rlogship -o sessions -c u.cursor -n mx1/u \
	"nats://$nats/SESS/sess.mx1.u" u 2>err
ok 'sessions without labels have no id: the reason' wait_for 20 \
	grep -q 'sessions are named by labels' err
kill "$spawned"
wait "$spawned"
is 'cursors of lines and of sessions are not mixed up' "$(rlogship -1 \
	-c a.cursor -n mx1/a "nats://$nats/SESS/sess.mx1.a" a 2>&1; echo $?)" \
	"rlogship: fatal: a.cursor is the cursor of another url, name or form; \
give -c the name of a new file
100"
is 'the cursor of another subject is refused' "$(rlogship -1 -o sessions \
	-c a.cursor -n mx1/a "nats://$nats/SESS/sess.mx1.other" a 2>&1
	echo $?)" "rlogship: fatal: a.cursor is the cursor of another url, name \
or form; give -c the name of a new file
100"
is 'a cursor with open sessions is for its owner alone' \
	"$(stat -c %a a.cursor)" 600
is '-o sessions needs -c' "$(rlogship -1 -o sessions -n mx1/a \
	"nats://$nats/SESS/sess.mx1.a" a 2>&1; echo $?)" \
	'rlogship: fatal: -o sessions needs -c cursorfile: the stream keeps no places
100'

# A stream that was made anew gets all sessions again.
nats_api STREAM.DELETE.SESS >/dev/null
nats_stream SESS 'sess.>' -s
ship a a -1 2>err
stored_sessions a | plain_sessions >got
same 'a stream that was made anew gets all sessions' got want
ok 'and a warning says so' grep -q 'was made anew or reset' err

# Killed at each system call of a run, or at a sample of them.
mkdir k
{
	head -n 1500 a/current
	echo "$over"
} >k/current
wanted_sessions k k >want.k
"$tools/stop-at" -l -n 1000000 -o stops rlogship -1 -o sessions -c x.cursor \
	-n mx1/x "nats://$nats/SESS/sess.mx1.x" k 2>err
# The library's look at each descriptor is left out.
grep -nv '^newfstatat' stops | cut -d: -f1 >calls
ok 'a run has many calls' test "$(wc -l <calls)" -gt 300
step=$(($(wc -l <calls) / 25 + 1))
[ -z "${CRASH_LONG:-}" ] || step=2
awk -v step="$step" -v seed="$seed" 'NR % step == seed % step' calls >chosen
: >bad
while read -r at; do
	rm -f k.cursor*
	url=nats://$nats/SESS/sess.mx1.k$at
	for stop in "$at" $((at + 40)); do
		"$tools/stop-at" -o said "$stop" rlogship -1 -o sessions \
			-c k.cursor -b 40k -n "mx1/k$at" "$url" k 2>/dev/null
		head -n 1 said >>ends
	done
	rlogship -1 -o sessions -c k.cursor -n "mx1/k$at" "$url" k 2>>bad
	stored_sessions "k$at" | plain_sessions |
		sed "s,mx1/k$at,mx1/k,;s,\"k$at\",\"k\"," >got
	cmp got want.k >>bad 2>&1 || echo "killed at stop $at" >>bad
done <chosen
echo "# $(grep -c sent ends) runs were killed, $(wc -l <ends) tried"
is 'killed at a call, and again: each session once' "$(cat bad)" ''

# Killed at random, while a logger rotates.
mkdir r
perl "$top/tests/tools/sessions.pl" 30000 30 | while read -r text; do
	echo "$text"
done | cut -d ' ' -f 2- >lines
(
	split -l 400 lines part.
	for part in part.*; do
		cat "$part"
		sleep 0.05
	done
	until [ -e killed ]; do
		sleep 0.05
	done
) | rlog t s64k n1000 ./r &
logger=$!
url=nats://$nats/SESS/sess.mx1.r
while read -r pause; do
	rlogship -o sessions -c r.cursor -n mx1/r "$url" r 2>>err.r &
	shipper=$!
	sleep "$pause"
	kill -9 "$shipper"
	wait "$shipper" 2>/dev/null
done <pauses
: >killed
wait "$logger"
# A line that is hours later, so that all sessions are over.
printf '@%016x00000000 tcpserver: status: 0/40\n' \
	$((4611686018427387914 + $(date +%s) + 9999)) >>r/current
rlogship -1 -o sessions -c r.cursor -n mx1/r "$url" r 2>>err.r
stored_sessions r >got.r
sed 's/.*"id":"\([^"]*\)".*/\1/' got.r | sort >ids
is 'killed at random: no session is there twice' "$(uniq -d ids)" ''
wanted_sessions r r | sed 's/.*"id": "\([^"]*\)".*/\1/' | sort >want.r
ok 'there are many sessions' test "$(wc -l <want.r)" -gt 500
is 'no session is missing' "$(comm -13 ids want.r)" ''
is 'no warning but that of a reader' \
	"$(grep -v 'trying again\|takes lines again' err.r)" ''
done_testing
