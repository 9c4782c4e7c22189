#!/bin/sh
# rlogfetch and rlogship, told to end before and after each system call of their
# main thread, end; the next one goes on. The short form takes a sample of the
# calls, CRASH_LONG=1 all of them; TERMS is how many.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/nats.sh"
needs_nats

nats_prepare 1
nats_start 1
nats_ready
url=nats://$nats
terms=${TERMS:-${CRASH_LONG:+1000000}}
terms=${terms:-25}

# list_stops COMMAND...: the stops of a whole run to the file `list`, without the
# thousands of those that look for open sockets.
list_stops() {
	"$tools/stop-at" -l -o stops "$@" 2>err
	grep -nv newfstatat stops | cut -d: -f1 >list
}
# A stop of each part of the list, the last one included.
sample_stops() {
	awk -v n="$terms" '
		{ stop[NR] = $1 }
		END {
			if (n > NR) n = NR
			for (i = 1; i <= n; i++)
				print stop[int((i * NR - i % 7) / n)]
		}' list
}
# tell_at STOP COMMAND...: runs the command, with TERM at this stop. A
# signal before it is trapped ends the command, as it does any other. A command
# that goes on is killed, after more time than it may take.
tell_at() {
	stop=$1
	shift
	said='it goes on'
	timeout -s KILL 300 "$tools/stop-at" -o said -s 15 "$stop" "$@" 2>err &&
		said=$(cat said)
	case $said in
	'sent '*' 0 '* | 'sent '*' 143 '*) sent=$((sent + 1)) ;;
	'ended 0 '*) echo "# stop $stop: $said" ;;
	*) echo "stop $stop: $said" >>wrong ;;
	esac
	"$check"
}
# tell_at_each RUN: the same at a sample of the stops; the function RUN has the
# arguments of the command. It may make fewer calls than the listed one: $sent
# signals should be more than $most.
tell_at_each() {
	: >wrong
	sent=0 most=$(($(sample_stops | wc -l) / 3))
	for stop in $(sample_stops); do
		"$1" tell_at "$stop"
	done
}

# fetch COMMAND...: the command with the arguments of rlogfetch.
fetch() {
	"$@" rlogfetch -1 "$url/RLOG" out s4096 n1000
}
check_fetched() {
	fetch env 2>err && rlogread out/a/smtp | cmp -s - lines && [ ! -s err ] ||
		echo "stop $stop: $said: $(cat err): other lines" >>wrong
	rm -rf out
}
nats_stream RLOG 'rlog.>' >answer
seq 1000 3000 | sed 's/^/line /' >lines
"$tools/publish-lines" "$url/RLOG/rlog.a" a/smtp raw 1500 <lines >published
fetch list_stops
rm -rf out
check=check_fetched
tell_at_each fetch
ok 'rlogfetch gets most of the signals' test "$sent" -gt "$most"
is 'it ends, and the next one has each line once' "$(cat wrong)" ''

# It tries again and again; its first tries have stops of these numbers, too.
check=:
nats_api STREAM.CREATE.QUEUE '{"name":"QUEUE","subjects":["queue.>"],
	"storage":"file","num_replicas":1,"retention":"workqueue"}' >answer
fetch_queue() {
	"$@" rlogfetch "$url/QUEUE" none
}
tell_at_each fetch_queue
ok 'rlogfetch of a stream that it refuses gets them' test "$sent" -gt "$most"
is 'it ends' "$(cat wrong)" ''
nowhere=nats://127.0.0.1:$(free_port)/RLOG
fetch_nowhere() {
	"$@" rlogfetch "$nowhere" none
}
tell_at_each fetch_nowhere
ok 'rlogfetch without a server gets them' test "$sent" -gt "$most"
is 'it ends, too' "$(cat wrong)" ''

# ship COMMAND...: the command with the arguments of rlogship; each stop has a
# subject of its own.
ship() {
	"$@" rlogship -1 -b 4k -c cursor -n "b/$part" "$url/RLOG/rlog.$part" log
}
check_shipped() {
	ship env 2>err || echo "stop $stop: $said: $(cat err)" >>wrong
	"$top/tests/tools/read-stream.py" "$nats" RLOG |
		grep "\"rlog\.$part\"" |
		"$top/tests/tools/judge-lines.py" lines "b/$part" \
			2>findings >verdict
	grep -q '^2001 lines, lost 0, doubled 0, disordered 0, torn 0' verdict ||
		sed "s/^/stop $stop: $said: /" verdict findings err >>wrong
	rm -f cursor
	part=$((part + 1))
}
seq 1000 3000 | sed 's/^/line /' | rlog t ./log
rlogread log >lines
part=1
ship list_stops
rm cursor
part=2
check=check_shipped
tell_at_each ship
ok 'rlogship gets most of the signals' test "$sent" -gt "$most"
is 'it ends, and the next one sends each line once' "$(cat wrong)" ''
done_testing
