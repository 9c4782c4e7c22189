#!/bin/sh
# rlogfetch of a stream of sessions, which rlogship -o sessions has made: without
# a directory each object is a line of standard output, once over restarts; no
# directory gets a session.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/nats.sh"
needs_nats

nats_prepare 1
nats_start 1
nats_ready || exit 1
nats_stream SESS 'sess.>' -s >answer
url=nats://$nats/SESS

# add_sessions HOST N PID-STEP: N sessions to the log of a host, all of them over.
add_sessions() {
	mkdir "$1"
	{
		perl "$top/tests/tools/sessions.pl" "$2" 20 "$3"
		echo '@400000006b01000000000000 tcpserver: status: 0/40'
	} >"$1/current"
	rlogship -1 -o sessions -c "$1.cursor" -n "$1/smtp" \
		"$url/sess.$1.smtp" "$1"
}
# The bytes of the stream's messages, in order.
stored() {
	"$top/tests/tools/read-stream.py" "$nats" SESS | python3 -c '
import base64, json, sys
for line in sys.stdin:
    sys.stdout.write(base64.b64decode(json.loads(line)["data"]).decode())'
}
# An object a line, with the id of a host's log, no id twice.
check_objects() {
	python3 -c '
import json, sys
ids = [json.loads(line)["id"] for line in sys.stdin]
assert len(ids) == len(set(ids)) > int(sys.argv[1]), len(ids)
assert {id.split("/")[0] for id in ids} == set(sys.argv[2:]), ids' "$@"
}

is 'a host sends its sessions' "$(add_sessions mx1 2000 10000000; echo $?)" 0
is 'another one, too' "$(add_sessions mx2 2000 10000000; echo $?)" 0
stored >want
rlogfetch -1 "$url" >got 2>err
same 'without a directory each object is a line' got want
is 'and nothing else is said' "$(cat err)" ''
ok 'they are sessions of both hosts, none twice' check_objects 50 mx1 mx2 <got
rlogfetch -1 "$url/sess.mx2.>" >got
grep '"host":"mx2"' want >want.mx2
same 'a filter leaves out the other host' got want.mx2

# Told to end and begun again while sessions are added.
: >got
fetch_more() {
	spawn sh -c 'exec rlogfetch -c cursor "$1" >>got 2>>err' - "$url"
	fetcher=$spawned
}
has_more() {
	test "$(wc -l <got)" -gt "$1"
}
for host in mx3 mx4 mx5; do
	before=$(wc -l <got)
	fetch_more
	add_sessions "$host" 400 10000000 &
	ok "sessions arrive while $host sends" wait_for 20 has_more "$before"
	kill -s TERM "$fetcher"
	wait "$fetcher"
	is 'TERM ends it' "$?" 0
	wait "$!"
done
rlogfetch -1 -c cursor "$url" >>got 2>>err
stored >want
same 'over restarts each object comes once' got want
is 'still nothing is said' "$(cat err)" ''

# Killed before it has kept its place for the second time: the next one writes the
# objects after the kept place again, and leaves out none.
spawn sh -c 'exec rlogfetch -c killed "$1" >before 2>>err' - "$url"
has_all() {
	test "$(wc -l <before)" -eq "$(wc -l <want)"
}
ok 'all objects are written' wait_for 20 has_all
kill -s KILL "$spawned"
wait "$spawned" 2>/dev/null
is 'after a kill: exit 0' "$(rlogfetch -1 -c killed "$url" >after; echo $?)" 0
tail -n "$(wc -l <after)" want >again
same 'the next one begins at the kept place' after again

# Sessions are no lines of a log.
rlogfetch -1 -s status "$url" out 2>err
is 'into a directory: exit 0' "$?" 0
is 'each is refused' "$(sed -n 's/^refused //p' status)" "$(wc -l <want)"
is 'and told once' "$(cat err)" "rlogfetch: warning: unable to keep message 1 of \
SESS: it is a session, which is no line of a log; other such messages are only \
counted"
is 'no directory is made' "$(find out -mindepth 1 -type d)" ''
done_testing
