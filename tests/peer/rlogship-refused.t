#!/bin/sh
# rlogship to streams that refuse its lines: the subject belongs to another stream,
# no line fits into a message, the stream is full. It says why, once, tries again
# less and less often, and goes on when it can.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/nats.sh"
needs_nats

nats_run 1
mkdir log
for n in $(seq 20); do
	printf '@4000000069200000%08x line %d\n' "$n" "$n"
done >log/current

# Connections that the server has accepted so far.
connects() {
	curl -s "http://127.0.0.1:$(cat "$T/nats/1/http")/varz" |
		sed -n 's/.*"total_connections": \([0-9]*\).*/\1/p'
}
connected() {
	[ "$(connects)" -ge "$1" ]
}
milliseconds() {
	sed 's/\.\([0-9]*\) .*/\10/' /proc/uptime
}
# refused WHAT STREAM SUBJECT WORDS: its first five tries take longer than the
# shortest four pauses, 800 ms. Without a way out it goes on trying.
refused() {
	before=$(connects)
	began=$(milliseconds)
	spawn rlogship -b 1k -n mx1/a "nats://$nats/$2/$3" log 2>err
	ok "$1: it tries again" wait_for 60 connected $((before + 5))
	ok "$1: it does not spin" test $(($(milliseconds) - began)) -ge 790
	is "$1: it says why, once" "$(cat err)" \
		"rlogship: warning: unable to send lines to $2/$3: $4; trying again"
}
end() {
	kill "$spawned"
	wait "$spawned"
	is "$1: TERM ends it" "$?" 0
}

nats_stream ONE 'one.>'
nats_stream OTHER 'other.>'
what='the subject of another stream'
refused "$what" ONE other.a 'the subject does not belong to the stream: expected stream does not match'
end "$what"
is "$what: it gets nothing" "$(nats_last OTHER)" 0

nats_stream SMALL 'small.>' -m 400
what='no room for a line'
refused "$what" SMALL small.a 'the message is too large: the largest message that the server takes has no room for a line'
end "$what"

nats_stream FULL 'full.>' -b 3000
what='a full stream'
refused "$what" FULL full.a 'the stream is full: maximum bytes exceeded'
"$tools/shipped-lines" "nats://$nats/FULL/full.a" >got
has_some() {
	[ -s got ] && [ "$(wc -l <got)" -lt 20 ] &&
		head -n "$(wc -l <got)" log/current | cmp -s - got
}
ok "$what: it has the first lines" has_some
nats_api STREAM.UPDATE.FULL '{"name":"FULL","subjects":["full.>"],
	"retention":"limits","storage":"file","discard":"new","num_replicas":1,
	"max_age":2592000000000000,"max_bytes":1000000,
	"max_msg_size":1048576,"duplicate_window":120000000000,
	"deny_delete":true,"deny_purge":true}' >answer
ok "$what: there is room again" grep -q '"max_bytes":1000000' answer
ok "$what: it goes on, and says so" wait_for 60 grep -q 'takes lines again' err
"$tools/shipped-lines" "nats://$nats/FULL/full.a" >got
same "$what: all lines are stored once" got log/current
end "$what"
done_testing
