#!/bin/sh
# rlogship to a server of RELP that answers late, in another order, twice or
# never: what is in flight is bounded, no line is lost, each connection that it
# gives up is followed by one more after a pause, and it says why.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/relp-peer.sh"

window=128
mkdir main
for n in $(seq 1000); do
	printf '@4000000069200000%08x %d\n' "$n" "$n"
done >main/current
# ship NAME [ARG...]: sends all lines to the peer, from the beginning of the log.
ship() {
	ship_name=$1
	shift
	timeout 300 rlogship -1 -n mx1/a -c "$ship_name.cursor" "$@" \
		"relp://127.0.0.1:$relp_port" main 2>err
}
# The messages that the peer has read in connection N, or in all of them.
texts() {
	grep -v '^connect$' log | grep " ${1:-[0-9]*}\$" | cut -d ' ' -f 1
}
count_texts() {
	texts "$@" | wc -l
}
seq 1000 >want
# all_arrived WHAT...: no line is lost, and none doubled that was not in flight
# when one of $1 connections ended.
all_arrived() {
	texts | sort -n | uniq >got
	same "$2: no line is lost" got want
	ok "$2: no more are doubled than were in flight" \
		test "$(($(count_texts) - 1000))" -le "$(($1 * window))"
}
warning() {
	echo "rlogship: warning: unable to send lines to 127.0.0.1:$relp_port: \
$1; trying again"
}
on_again="rlogship: info: 127.0.0.1:PORT is up to date or takes lines again"
said() {
	sed "s/127.0.0.1:$relp_port/127.0.0.1:PORT/" err
}
warned() {
	echo "rlogship: warning: unable to send lines to 127.0.0.1:PORT: $1; \
trying again
$on_again"
}

relp_peer 'open read:1 ok:1 read:4 ok:5,3,4,2 read:6 ok:11,10,9,8,7,6 all'
ship order
is 'another order: all is well' "$? $(cat err)" '0 '
is 'another order: there is one connection' "$(relp_connects)" 1
texts >got
same 'another order: each line is sent once' got want

relp_peer 'open read:1 ok:1 read:4 ok:4,2,2 hang' 'open all'
ship twice
is 'twice: exit 0' "$?" 0
is 'twice: it says that it understands the server not' "$(said)" \
	"$(warned "the server's answer makes no sense: unexpected answer of RELP")"
is 'twice: there is one more connection' "$(relp_connects)" 2
is 'twice: it begins behind what was acknowledged' \
	"$(texts 2 | head -n 1)" 3
all_arrived 1 twice

# The peer reads all that it is sent, and answers nothing after the first.
relp_peer 'open read:1 ok:1 read:100000' 'open read:100000' 'hang' \
	'open read:1 ok:1 read:100000 ok:2,3,4,5' 'open all'
ship never
is 'never: exit 0' "$?" 0
is 'never: it says so once, and when it is over' "$(said)" \
	"$(warned 'the server did not answer in time')"
is 'never: there is one more connection a time' "$(relp_connects)" 5
in_flight=$(($(count_texts 1) - 1))
echo "# $in_flight in flight"
ok 'never: several messages are in flight, at most 128' \
	test "$in_flight" -gt 1 -a "$in_flight" -le $window
is 'never: one is, before the first answer' "$(count_texts 2)" 1
is 'never: late answers are to nothing' "$(texts 5 | head -n 1)" 3
all_arrived 3 never

# Every connection is closed at once: the pauses between them grow. The first six
# are at least 50, 100, 200, 400 and 800 ms apart.
relp_peer end
start=$(date +%s%N)
spawn sh -c 'exec rlogship -n mx1/a -c c "relp://127.0.0.1:$1" main 2>err' \
	- "$relp_port"
connected() {
	[ "$(relp_connects)" -ge "$1" ]
}
wait_for 60 connected 6
took=$((($(date +%s%N) - start) / 1000000))
echo "# 6 connections in $took ms"
ok 'closed: 6 connections take longer than the pauses' test "$took" -ge 1550
is 'closed: it says so once' "$(sed 's/\(broke\): .*;/\1;/' err)" \
	"$(warning 'the connection broke')"

# Told to end, while messages have no answer.
relp_peer 'open read:1 ok:1 read:100000' 'open all'
spawn sh -c 'exec rlogship -n mx1/a -c end "relp://127.0.0.1:$1" main 2>err' \
	- "$relp_port"
shipper=$spawned
has_more() {
	[ "$(count_texts)" -gt "$1" ]
}
wait_for 20 has_more 5
kill "$shipper"
wait "$shipper"
is 'told to end: exit 0' "$?" 0
is 'told to end: nothing is said' "$(cat err)" ''
ship end
is 'told to end: the next run ends well' "$? $(cat err)" '0 '
all_arrived 1 'told to end'
is 'told to end: two connections were made' "$(relp_connects)" 2
done_testing
