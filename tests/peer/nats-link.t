#!/bin/sh
# A link publishes to a real NATS server, and each of its troubles is told by its
# own words; a feed reads the stream back.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/nats.sh"
needs_nats

# client URL COMMAND...: gives commands to a client, whose answers are printed.
client() {
	client_url=$1
	shift
	printf '%s\n' "$@" | timeout -k 1 600 "$tools/nats-client" \
		-t "${patience:-60000}" "$client_url" 2>&1
}

# A client that gets its commands one by one; `tell` waits for the answer.
start_client() {
	rm -f commands answers
	mkfifo commands
	exec 8<>commands
	# A background command gets its standard input from nowhere else.
	spawn sh -c 'exec "$@" <commands' sh "$tools/nats-client" -t "$2" "$1" \
		>answers 2>&1 8>&-
	client=$spawned
	told=0
}
tell() {
	told=$((told + 1))
	echo "$1" >&8
	[ $# -gt 1 ] || answered
}
has_answered() {
	[ "$(wc -l <answers)" -ge "$told" ]
}
answered() {
	wait_for 60 has_answered
	tail -n 1 answers
}
end_client() {
	exec 8>&-
	wait_for 60 gone "$client"
}

nats_prepare 1
url=nats://$nats/RLOG/rlog.a
is 'no server: the fault says so' "$(client "$url" open)" \
	"fault: no server answers: unable to find or to reach 127.0.0.1, port ${nats##*:}"
is 'an unknown host: the fault says so' \
	"$(client nats://no.such.host.invalid/RLOG/rlog.a open)" \
	'fault: no server answers: unable to find or to reach no.such.host.invalid, port 4222'
nats_start 1
nats_ready
is 'an unknown stream: the fault says so' "$(client "$url" open)" \
	'fault: there is no such stream: there is no such stream'
nats_stream RLOG 'rlog.>'
nats_stream OTHER 'other.>'
is 'batches are stored and found' "$(client "$url" open last 'send a 0 1000' \
	last 'send b 1 10' last close)" 'open: room 1047912
none, last 0
sent 1
found 1 [behind a], last 1
sent 2
found 2 [behind b], last 2
closed'
is 'a wrong sequence, a duplicate: faults after which the link goes on' \
	"$(client "$url" open 'send c 1 10' 'send b 2 10' 'send c 0 10' \
		'send c 2 10' last)" 'open: room 1047912
fault: wrong last sequence: wrong last sequence: 2
fault: the server has this message already: the server has this message already
fault: wrong last sequence: wrong last sequence: 2
sent 3
found 3 [behind c], last 3'
is 'the subject of another stream is refused, one of none has nobody' \
	"$(client "$url" open 'send d - 10 other.x' 'send d - 10 none.x')" \
	'open: room 1047912
fault: the subject does not belong to the stream: expected stream does not match
fault: no server answers for the stream: No responders available for request'
is 'too large and unfit batches are not sent' "$(client "$url" open \
	'send d 3 1048576' "send $(printf '%0200d' 1) 3 10" last)" \
	'open: room 1047912
fault: the message is too large: the message is too large
fault: the server'\''s answer makes no sense: a header is not fit to be sent
found 3 [behind c], last 3'
is 'a batch of all the room is taken' \
	"$(client "$url" open 'send d 3 1047912')" 'open: room 1047912
sent 4'

nats_stream SMALL 'small.>' -m 1024 -b 3000
is 'a stream of small messages and few bytes has less room, and is full' \
	"$(client "nats://$nats/SMALL/small.a" open 'send a 0 359' \
		'send b 1 700' 'send x 2 1000' 'send x 1 359' 'send c 2 359' \
		'send d 3 359' 'send e 4 359')" 'open: room 359
sent 1
sent 2
fault: the message is too large: the message is too large
fault: wrong last sequence: wrong last sequence: 2
sent 3
sent 4
fault: the stream is full: maximum bytes exceeded'
nats_stream SESS 'sess.>' -s
is 'a stream of one message a subject refuses a second one' \
	"$(client "nats://$nats/SESS/sess.a" open last 'send a - 10 sess.1' \
		'send b - 10 sess.1' 'send b - 10 sess.2')" \
	'open: room 1047912
none, last 0, one a subject
sent 1
fault: the stream has a message of this subject already: maximum messages per subject exceeded
sent 2'

is 'a feed reads all messages from a sequence on' "$(client "$url" 'feed 2' \
	'take all' leave 'feed 4' 'take all-count' leave 'feed 5' 'take all' \
	leave)" 'feed: first 1, last 4, pending 3
2 rlog.a 10 bytes [bxxxxxxxxx], id b, host/name raw, place [behind b], follows 1, pending 2
3 rlog.a 10 bytes [cxxxxxxxxx], id c, host/name raw, place [behind c], follows 2, pending 1
4 rlog.a 1047912 bytes [dxxxxxxxxxxxxxxxxxxx], id d, host/name raw, place [behind d], follows 3, pending 0
left
feed: first 1, last 4, pending 1
took 1 messages, 1047912 bytes
left
feed: first 1, last 4, pending 0
left'
client "nats://$nats/RLOG/rlog.b" open 'send z - 7' 'burst 2999 200' >/dev/null
is 'a filter lets a feed read one subject' "$(client \
	"nats://$nats/RLOG/rlog.b" 'feed 0' 'take all-count')" \
	'feed: first 1, last 3004, pending 3000
took 3000 messages, 599807 bytes'
is 'a filter with a wildcard reads several, without one all' "$(client \
	"nats://$nats/RLOG/rlog.*" 'feed 0' 'take all-count'; client \
	"nats://$nats/RLOG" 'feed 0' 'take all-count')" \
	'feed: first 1, last 3004, pending 3004
took 3004 messages, 1648739 bytes
feed: first 1, last 3004, pending 3004
took 3004 messages, 1648739 bytes'
is 'a feed from a time on begins there' "$(client "nats://$nats/RLOG" \
	'feed @4000000000000000000')" 'feed: first 1, last 3004, pending 0'
nats_api STREAM.CREATE.QUEUE '{"name":"QUEUE","subjects":["queue"],
	"retention":"workqueue"}' >/dev/null
is 'a stream that deletes what is read is refused' \
	"$(client "nats://$nats/QUEUE" 'feed 0')" \
	'fault: the stream deletes messages that are read: the stream deletes messages that are read'

start_client "nats://$nats/RLOG/rlog.c" 60000
tell 'feed 3005' >/dev/null
tell 'take 1' later
client "nats://$nats/RLOG/rlog.c" open 'send late 0 10' >/dev/null
is 'a feed gets a message as soon as it is stored' "$(answered)" \
	'3005 rlog.c 10 bytes [latexxxxxx], id late, host/name raw, place [behind late], follows 0, pending 0'
before=$(client "$url" children | sort)
is 'a program that is executed gets no descriptor of a link and a feed' \
	"$(client "$url" open 'feed 1' children | grep -v '^open\|^feed' |
		sort)" "$before"
signals_blocked() {
	for t in /proc/"$client"/task/*; do
		[ "${t##*/}" = "$client" ] ||
			grep -qE '^SigBlk:\s*fffffff' "$t/status" || return
	done
	# One of libnats at least.
	set -- /proc/"$client"/task/*
	[ $# -gt 2 ]
}
ok 'signals are blocked in all threads but the first' signals_blocked
tell 'take 1' later
nats_kill 1
is 'a server that is killed ends a feed' "$(answered | cut -d: -f1-2)" \
	'fault: the connection broke'
end_client

nats_start 1
nats_ready
start_client "$url" 3000
tell open >/dev/null
nats_stop 1
is 'a server that is stopped makes a time-out' "$(tell last)" \
	'fault: the server did not answer in time: Timeout'
nats_continue 1
end_client
start_client "$url" 600000
tell open >/dev/null
nats_stop 1
tell last later
wait_for 60 asleep "$client"
kill -s TERM "$client"
is 'a signal ends a wait' "$(answered)" 'fault: told to stop: told to stop'
nats_continue 1
end_client
start_client "$url" 60000
tell open >/dev/null
nats_kill 1
is 'a server that was killed ends a link' "$(tell last | cut -d: -f1-2)" \
	'fault: the connection broke'
end_client

nats_prepare 1
sed -i '/^jetstream/,/^}/d' "$T/nats/1/conf"
nats_start 1
wait_for 30 listening "$(cat "$T/nats/1/port")"
is 'a server without JetStream: the fault says so' \
	"$(client "nats://$nats/RLOG/rlog.a" open)" \
	'fault: the server has no JetStream: the server has no JetStream'
done_testing
