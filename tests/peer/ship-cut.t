#!/bin/sh
# A connection that is cut after each number of bytes, either way, while
# rlogship sends a few small batches, and while rlogfetch takes them: the lines
# are stored exactly once each time, and one more connection is made.
# CRASH_LONG=1: all numbers; else a sample, with those around the batch and its
# acknowledgement.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/nats.sh"
needs_nats

# A relay in directory $1 listens on port $relay.
start_relay() {
	relay=$(free_port)
	mkdir "$1"
	spawn sh -c 'cd "$1" && exec "$2" "$3" "$4"' - "$1" \
		"$top/tests/tools/cut-relay.pl" "$relay" "$nats"
	wait_for 10 listening "$relay"
	wait_for 10 grep -q end "$1/log"
}
connects() {
	grep -c connect relay/log
}

# The bytes of the last connection that ended by itself, to and from the server.
measure() {
	wait_for 10 sh -c \
		'[ "$(grep -c " " relay/log)" = "$(grep -c connect relay/log)" ]'
	sed -n '$s/ end$//p' relay/log
}
# sample SIZE: the numbers of bytes to cut after. The last 100 hold the end of
# the batch or its acknowledgement.
sample() {
	if [ -n "${CRASH_LONG:-}" ]; then
		seq 0 "$1"
	else
		perl -e '
			my $size = shift;
			srand 1;
			my %n = map { $_ => 1 } 0, 1, $size - 1, $size,
				map({ int rand $size } 1 .. 6),
				map { $size - int rand 100 } 1 .. 4;
			print "$_\n" for sort { $a <=> $b } grep { $_ >= 0 } keys %n' \
			"$1"
	fi
}

# Sends the log by the name h/$1. Each try has a subject of its own.
ship() {
	timeout 300 rlogship -1 -b 1k -n "h/$1" \
		"nats://127.0.0.1:$relay/CUT/cut.$1" origin 2>err.ship
}
# What the judge says of the log named h/$1.
stored() {
	"$top/tests/tools/read-stream.py" "$nats" CUT |
		"$top/tests/tools/judge-lines.py" origin.lines "h/$1" 2>findings
}
fetch() {
	timeout 300 rlogfetch -1 "nats://127.0.0.1:$relay/CUT/cut.whole" "$1" \
		2>err.fetch
}

# The lines go in three messages.
for word in one two three; do
	printf '%s %0600d\n' $word 0
done | rlog t ./origin
rlogread origin >origin.lines
once=$(all_once 3)

nats_run 1
nats_stream CUT 'cut.>'
start_relay relay
ship whole
is 'without a cut rlogship ends well' "$?" 0
is 'the lines are stored' "$(stored whole)" "$once"
is 'it needs one connection' "$(connects)" 2
is 'and three messages' "$(nats_last CUT)" 3
ship_bytes=$(measure)

# cut_ship WAY N: rlogship with a cut. Prints what is wrong; the first fault
# ends a series.
cut_ship() {
	before=$(connects)
	echo "$1 $2" >relay/next
	ship "$1-$2" ||
		echo "$1 $2: exit status $?: $(cat err.ship)"
	made=$(($(connects) - before))
	# After the last byte that matters a cut is no fault.
	[ -e relay/next ] && echo "$1 $2: no connection was made"
	[ $made -le 2 ] || echo "$1 $2: $made connections: $(cat err.ship)"
}
for way in to from; do
	size=${ship_bytes#* }
	[ $way = from ] || size=${ship_bytes% *}
	sample "$size" >numbers
	: >wrong
	while read -r number && [ ! -s wrong ]; do
		cut_ship $way "$number" >>wrong
	done <numbers
	is "$(wc -l <numbers) cuts $way the server: rlogship makes a second \
connection at most, and ends well" "$(cat wrong)" ''
	# shellcheck disable=SC2046 # names
	"$top/tests/tools/read-stream.py" "$nats" CUT |
		"$top/tests/tools/judge-lines.py" origin.lines h/whole \
			$(sed "s,^,h/$way-," numbers) 2>findings |
		grep -vx "[^ ]*: $once" >wrong
	is "after each cut $way the server the lines are stored once" \
		"$(cat wrong)" '' || sed 's/^/# /' findings
done

before=$(connects)
fetch whole
is 'without a cut rlogfetch ends well' "$?" 0
rlogread whole/h/whole >whole.lines
same 'it has the lines' whole.lines origin.lines
is 'it needs one connection' "$(($(connects) - before))" 1
fetch_bytes=$(measure)
cut_fetch() {
	before=$(connects)
	echo "$1 $2" >relay/next
	rm -rf fetched
	fetch fetched || echo "$1 $2: exit status $?: $(cat err.fetch)"
	made=$(($(connects) - before))
	[ $made -le 2 ] || echo "$1 $2: $made connections: $(cat err.fetch)"
	rlogread fetched/h/whole >got
	cmp -s got origin.lines || echo "$1 $2: $(cat got)"
}
for way in to from; do
	size=${fetch_bytes#* }
	[ $way = from ] || size=${fetch_bytes% *}
	sample "$size" >numbers
	: >wrong
	while read -r number && [ ! -s wrong ]; do
		cut_fetch $way "$number" >>wrong
	done <numbers
	is "$(wc -l <numbers) cuts $way the server: rlogfetch makes a second \
connection at most, and has the lines once" "$(cat wrong)" ''
done

# A server that is not there: the relay closes every connection at once.
nats_kill 1
before=$(connects)
spawn rlogship -n h/late "nats://127.0.0.1:$relay/CUT/cut.late" origin
late=$spawned
many_connects() {
	[ $(($(connects) - before)) -ge 4 ]
}
ok 'rlogship tries again while the server closes every connection' \
	wait_for 30 many_connects
nats_start 1
nats_ready
late_stored() {
	[ "$(stored late)" = "$once" ]
}
ok 'it sends the lines when the server is back' wait_for 60 late_stored
kill -s TERM "$late"
wait "$late"
is 'SIGTERM ends it' "$?" 0
done_testing
