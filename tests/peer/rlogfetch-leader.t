#!/bin/sh
# The leader of the stream, or the server of rlogfetch's consumer, is killed or
# stopped while rlogfetch takes lines, and comes back: the directory has the lines
# of the origin, each once.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/nats.sh"
needs_nats

nats_prepare 3
nats_start 1 2 3
nats_ready
nats_stream RLOG 'rlog.>' >answer
url=nats://$nats/RLOG

# leader_in FILE: the number of the server that leads, as an answer tells.
leader_in() {
	sed -n 's/.*"leader":"n\([123]\)".*/\1/p' "$1"
}
find_stream_leader() {
	nats_api STREAM.INFO.RLOG >info && leader=$(leader_in info) &&
		[ -n "$leader" ]
}
# rlogfetch has one consumer; one that a killed server has left may be there, too.
find_consumer_leader() {
	nats_api CONSUMER.NAMES.RLOG >names || return
	for name in $(sed -n 's/.*"consumers":\[\([^]]*\)\].*/\1/p' names |
		tr -d '"' | tr , ' '); do
		nats_api "CONSUMER.INFO.RLOG.$name" >info || continue
		leader=$(leader_in info)
		grep -q '"num_waiting":1' info && [ -n "$leader" ] && return
	done
	return 1
}
# Adds 20000 lines to the log, slowly enough for some messages.
add_lines() {
	seq $((round * 100000)) $((round * 100000 + 19999)) | rlog t s100000 \
		n1000 ./log
}
count_fetched() {
	rlogread out/mx/smtp 2>/dev/null | wc -l
}
takes_lines() {
	[ "$(count_fetched)" -gt "$had" ]
}
has_all() {
	rlogread out/mx/smtp | cmp -s - want
}

mkdir log
spawn rlogship -b 2k -c cursor -n mx/smtp "$url/rlog.mx" log 2>>ship.err
shipper=$spawned
spawn rlogfetch "$url" out s100000 n1000 2>>fetch.err
fetcher=$spawned
round=0
for way in 'stream kill start' 'consumer kill start' 'stream stop continue' \
	'consumer stop continue'; do
	# shellcheck disable=SC2086 # words
	set -- $way
	round=$((round + 1))
	had=$(count_fetched)
	ok "round $round: the $1 has a leader" wait_for 30 "find_$1_leader"
	add_lines
	ok 'rlogfetch takes lines' wait_for 30 takes_lines
	"nats_$2" "$leader"
	echo "# $2 $leader: $(($(count_fetched) - had)) of 20000 lines"
	rlogread log >want
	nats_by_others has_all
	"nats_$3" "$leader"
	ok "it takes all lines" wait_for 60 has_all
	ok 'the servers are ready again' nats_ready
done
rlogread log >want
is 'all lines were sent' "$(wc -l <want)" 80000
for pid in "$shipper" "$fetcher"; do
	kill -s TERM "$pid"
	wait "$pid"
	is 'TERM ends it' "$?" 0
done
rlogread out/mx/smtp >got
same 'the directory has each line once' got want
sed 's/^/# /' ship.err fetch.err
done_testing
