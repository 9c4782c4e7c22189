#!/bin/sh
# A server that hangs, lies or talks nonsense makes faults of a link and a feed,
# in time, and neither crashes nor fills the memory (tests/tools/nats-peer.py).
. "$(dirname "$0")/../lib.sh"
pkg-config --exists libnats || {
	skip 'libnats is not installed' 1
	done_testing
}
# This version of libnats loses the message of an answer whose numbers are wrong.
echo leak:libnats.so >leaks
LSAN_OPTIONS=suppressions=$T/leaks:print_suppressions=0
export LSAN_OPTIONS
port=$(free_port)
echo closed >mode
spawn python3 "$top/tests/tools/nats-peer.py" "$port" mode
wait_for 30 listening "$port"

# expect MODE WORDS COMMAND...: the answer to the last command has the words. A
# wait of the link lasts 10 seconds; modes in which it has to end by that have 2.
expect() {
	echo "$1" >mode
	expect_mode=$1
	expect_words=$2
	shift 2
	printf '%s\n' "$@" | timeout -k 1 300 "$tools/nats-client" \
		-t "${patience:-10000}" \
		"${scheme:-nats}://127.0.0.1:$port/S${subject-/s}" >answer 2>&1
	expect_status=$?
	if [ $expect_status = 0 ] &&
		tail -n 1 answer | grep -qF -- "$expect_words"; then
		report 0 "$expect_mode: $expect_words"
	else
		report 1 "$expect_mode: $expect_words"
		echo "# status $expect_status"
		cut -c1-300 answer | tail -n 5 | cat -v | sed 's/^/# /'
	fi
}

patience=2000
for mode in silent junk no-pong; do
	expect $mode 'did not answer in time' open
done
scheme=natss
expect tls-silent 'did not answer in time' open
scheme=nats
expect never 'did not answer in time' open last 'send a 7 10'
expect late 'did not answer in time' open 'send a 7 10' 'send b 8 10'
patience=
expect long 'makes no sense' open
expect refused 'refuses the user: Authorization Violation' open
expect elsewhere 'refuses the user' open
ok 'a server that the url does not name is left alone' test ! -e mode.elsewhere
expect closed 'connection broke' open
scheme=natss
expect late 'does not speak TLS' open
scheme=nats

expect twice 'sent 8' open 'send a 7 10' 'send b 8 10'
expect last-none 'none, last 7' open last
for mode in empty null junk-headers text deep cut array nothing; do
	expect last-$mode 'fault: ' open last
done
for mode in no-sequence negative huge; do
	expect last-$mode 'fault: the server'\''s answer makes no sense' open last
done
for mode in odd-headers no-headers long-place control-place; do
	expect last-$mode 'found 7 [], last 7' open last
done
for mode in empty zero negative other no-stream; do
	expect ack-$mode 'makes no sense: an acknowledgement' open 'send a 7 10'
done
for mode in text junk deep nothing; do
	expect ack-$mode 'refuses the request' open 'send a 7 10'
done
expect ack-duplicate 'has this message already' open 'send a 7 10'
expect ack-error 'refuses the request: ?[1m?' open 'send a 7 10'
expect ack-long-error 'wrong last sequence: xxx' open 'send a 7 10'
ok 'a long text of a server is cut' test "$(wc -c <answer)" -lt 600
expect info-negative 'sent 8' open 'send a 7 10'
expect info-leader 'sent 8' open 'send a 7 10'
# Any server answers for a stream without a leader, as far as it knows.
for mode in no-leader empty-leader; do
	expect info-$mode 'the stream has no leader' open
done
for mode in empty no-config odd-retention junk; do
	expect info-$mode 'fault: ' open
done

# libnats crashes if a subscription goes while the thread that receives has a
# message for it.
patience=2000
expect tardy closed open 'slow 2' 'send a 7 10' close
ok 'the answer comes when nobody waits for it' grep -q 'not answer in time' answer
patience=

subject=
expect feed-right 'took 3 messages, 12 bytes' 'feed 1' 'take 3-count'
for mode in gap twice again back; do
	expect feed-$mode 'a message is missing or out of order' 'feed 1' 'take 9'
done
for mode in zero huge other short no-reply; do
	expect feed-$mode 'makes no sense: a message without' 'feed 1' 'take 9'
done
expect feed-flood 'fault: ' 'feed 1' 'take 9999'
for mode in 404 408 409 odd; do
	expect feed-$mode 'fault: the connection broke' 'feed 1' 'take 9'
done
expect feed-503 'no server answers for the stream' 'feed 1' 'take 9'
expect feed-end 'left' 'feed 1' 'take 3-count' 'slow 4' leave
patience=2000
expect feed-silent 'did not answer in time' 'feed 1' 'take 9'
patience=
for mode in empty long; do
	expect consumer-$mode 'makes no sense: a consumer without' 'feed 1'
done
expect feed-right 'some are left' 'feed 1' 'left 3 7'
expect feed-right 'none is left' 'feed 1' 'left 3 6'
expect feed-right 'makes no sense: an answer without' 'feed 1' 'left 8 9'
expect last-none 'none is left' 'feed 1' 'left 3 7'
expect last-none "leader has lost messages" 'feed 1' 'left 3 8'
for mode in empty null no-sequence negative huge text array nothing; do
	expect last-$mode 'makes no sense: an answer without' 'feed 1' 'left 3 7'
done
expect last-refused 'refuses the request' 'feed 1' 'left 3 7'
patience=2000
expect last-silent 'did not answer in time' 'feed 1' 'left 3 7' 'left 3 7'
patience=
expect info-queue 'deletes messages that are read' 'feed 1'
done_testing
