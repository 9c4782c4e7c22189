#!/bin/sh
# Following a log that rotates every 64 KiB, with a reader that stalls for a
# second now and then, killed and started again 20 times with its cursor: every
# line comes once, whoever writes the log. What tail -F | tai64nlocal loses of
# the same log is printed.
. "$(dirname "$0")/../lib.sh"

lines=200000
stall=$top/tests/tools/stall.pl
numbers=$top/tests/tools/numbers.pl

# A signal that comes earlier may be lost in the shell.
runs_reader() {
	[ "$(cat "/proc/$1/comm")" = rlogread ]
}

# start_stall NAME: copies NAME.fifo to NAME.out. This shell has the fifo open,
# too: nobody sees a restart of the reader, and one that begins when the last line
# has been copied does not wait for somebody to read.
start_stall() {
	mkfifo "$1.fifo"
	exec 8<>"$1.fifo"
	: >"$1.out"
	spawn sh -c 'exec "$1" "$2.out" 1000000 "$3" <&8' - "$stall" "$1" \
		"line $lines\n"
}

start_reader() {
	spawn sh -c 'exec rlogread -f -c "$1.cursor" "$1" >"$1.fifo"' - "$1"
	reader=$spawned
	wait_for 10 runs_reader "$reader"
}

stop_reader() {
	kill -s TERM "$reader" 2>/dev/null
	wait_for 20 gone "$reader"
}

at_least() {
	[ "$(stat -c %s "$1")" -ge "$2" ]
}

restart_often() {
	bytes=0
	while [ "$bytes" -lt 7000000 ]; do
		bytes=$((bytes + 350000))
		wait_for 30 at_least "$1.out" "$bytes" || return 1
		stop_reader || return 1
		start_reader "$1"
	done
}

seen_all() {
	tail -c 100 "$1" | grep -q "line $lines\$"
}

# The numbers that are missing, doubled and torn.
judge() {
	sed -n 's/.* line \([0-9]*\)$/\1/p' "$1" >numbers
	torn=$(($(wc -l <"$1") - $(wc -l <numbers)))
	missing=$(sort -n numbers | uniq | wc -l)
	missing=$((lines - missing))
	doubled=$(sort -n numbers | uniq -d | wc -l)
	echo "$missing missing, $doubled doubled, $torn torn"
}

in_order() {
	seq 1 "$lines" | cmp -s - numbers
}

follow() {
	logger=$1
	shift
	mkdir -p "$logger"
	start_stall "$logger"
	start_reader "$logger"
	spawn sh -c "'$numbers' $lines | $*"
	ok "$logger: killed and started again 20 times" restart_often "$logger"
	ok "$logger: the last line comes" wait_for 60 seen_all "$logger.out"
	stop_reader
	is "$logger: every line once" "$(judge "$logger.out")" \
		"0 missing, 0 doubled, 0 torn"
	judge "$logger.out" >/dev/null
	ok "$logger: in order" in_order
	ok "$logger: there were rotations" \
		test "$(find "$logger" -name '@*.s' | wc -l)" -gt 50
}

follow multilog multilog t s65536 n1000 ./multilog
follow rlog rlog t s65536 n1000 ./rlog

# Killed at once, it repeats what it wrote since it last wrote the cursor, and
# leaves nothing out.
mkdir killed
start_stall killed
start_reader killed
spawn sh -c "'$numbers' $lines 10000 | rlog t s65536 n1000 ./killed"
for bytes in 500000 1500000 2500000 4000000; do
	wait_for 30 at_least killed.out $bytes
	kill -s KILL "$reader"
	wait_for 10 gone "$reader"
	start_reader killed
done
ok 'SIGKILL: the last line comes' wait_for 60 seen_all killed.out
stop_reader
judge killed.out >judged
echo "# killed four times by SIGKILL: $(cat judged)"
ok 'SIGKILL: nothing is missing' grep -q '^0 missing' judged

# The same with what everybody uses; once, and not killed.
mkdir tailed
mkfifo tailed.fifo
: >tailed.out
spawn sh -c "'$numbers' $lines 20000 | multilog t s65536 n1000 ./tailed"
wait_for 10 test -e tailed/current
spawn sh -c "tail -n +1 -F tailed/current 2>/dev/null |
	tai64nlocal | '$stall' tailed.out 1000000 'line $lines\n'"
wait_for 20 seen_all tailed/current
wait_for 10 seen_all tailed.out
echo "# tail -F | tai64nlocal: $(judge tailed.out)"
done_testing
