#!/bin/sh
# rlogship behind a relay that cuts its connection after N bytes, to the server
# or from it, at each Nth byte of a session that sends one message: the line is
# in the stream once. CRASH_LONG=1 takes every N, otherwise a sample.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/nats.sh"
needs_nats

nats_run 1
# Ids are refused for a moment only, so that they are not what keeps lines out.
nats_stream CUT 'cut.>' -w 1
port=$(free_port)
mkdir relay main
cd relay || exit
spawn "$top/tests/tools/cut-relay.pl" "$port" "$nats"
cd ..
wait_for 20 listening "$port"
url=nats://127.0.0.1:$port/CUT/cut.a

number=0
# Sends one more line.
ship_line() {
	number=$((number + 1))
	printf '@4000000069200%03x%08x line %d\n' $((number / 1000)) "$number" \
		"$number" >>main/current
	rlogship -1 -n mx1/cut -c cursor "$url" main 2>>err
}

ship_line
ship_line
# The bytes of a session that sends one line: TO FROM.
# shellcheck disable=SC2046 # two numbers
set -- $(sed -n 's/ \(end\|cut\)$//p' relay/log | tail -n 1)
to=$1 from=$2
ok 'a session has bytes each way' test "$to" -gt 300 -a "$from" -gt 300
step=97
[ -z "${CRASH_LONG:-}" ] || step=1
failed=
for way in to from; do
	most=$to
	[ $way = to ] || most=$from
	for n in $(seq 1 $step "$most"); do
		echo "$way $n" >relay/next
		ship_line || failed="$failed $way $n"
	done
done
is "$((number - 2)) runs whose connection is cut end well" "$failed" ''
ok 'connections were cut' test "$(grep -c cut relay/log)" -gt $((number / 2))
"$tools/shipped-lines" "$url" >got
same "$number lines are in the stream once and in order" got main/current
is 'nothing was sent again' "$(grep -c 'has lost lines' err)" 0
done_testing
