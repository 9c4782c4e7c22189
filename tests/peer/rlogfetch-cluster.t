#!/bin/sh
# rlogfetch -1 takes all messages that a cluster has, also from a server that was
# away while they were stored.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/nats.sh"
needs_nats

# Publishes lines while server $1 is stopped, to a subject of their own, $subject;
# again to another one, if the servers were electing a leader.
publish_without() {
	others=$(for n in 1 2 3; do
		[ "$n" = "$1" ] || echo "127.0.0.1:$(cat "$T/nats/$n/port")"
	done | paste -sd,)
	tries=$((tries + 1))
	subject=rlog.$tries
	"$tools/publish-lines" "nats://$others/RLOG/$subject" h/n raw 500 \
		<lines >published 2>err
}

# If it was the leader, it answers as such until it has heard of the next one, and
# rlogfetch -1 may end too early.
knows_end() {
	"$nats_examples/jetstream-api" "127.0.0.1:$(cat "$T/nats/$1/port")" \
		'$JS.API.STREAM.INFO.RLOG' |
		grep -q "\"last_seq\":$(cat published),.*\"leader\":"
}
# away SERVER: publishes while it is stopped. False if that can't be.
away() {
	nats_stop "$1"
	nats_by_others publish_without "$1"
	stored=$?
	nats_continue "$1"
	[ $stored = 0 ] && wait_for 60 knows_end "$1"
}

nats_run 3
nats_stream RLOG 'rlog.>'
seq 1000 4000 >lines
tries=0
for server in 1 2 3 1 2 3; do
	until away "$server"; do
		server=$((server % 3 + 1))
	done
	rlogfetch -1 "nats://$nats/RLOG/$subject" >got 2>err
	ok "all messages are there after server $server was away" cmp got lines
	sed 's/^/# /' err
done
done_testing
