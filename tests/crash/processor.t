#!/bin/sh
# rlog is killed while a processor runs: neither the processor nor anything that
# it has started is left, the next rlog runs it again, and every line is there
# once. CRASH_LONG=1: a processor that hangs for more than a minute is told of.
. "$(dirname "$0")/../lib.sh"
mkfifo pipe gate
exec 3<>pipe

logger() {
	spawn sh -c 'exec rlog s4096 n100 "$@" <pipe 2>>err 3>&-' sh "$@"
	logger=$spawned
}
no_process() {
	# One that is dead, and that nobody has waited for, has no program.
	while read -r pid; do
		! readlink "/proc/$pid/exe" >/dev/null 2>&1 || return 1
	done <pids
}
archived() {
	[ "$(find d -name '@*.s' | wc -l)" -ge "$1" ]
}

# It waits at the gate, and so does a child of its own.
waits='!echo $$ >>../pids; cat <../gate >/dev/null & echo $! >>../pids; wait
	cat; echo late >>../late'
logger "$waits" ./d
seq 10000 10400 >&3
ok "the processor runs" wait_for 10 test -s pids
wait_for 10 sh -c '[ "$(wc -l <pids)" = 2 ]'
kill -s KILL "$logger"
wait_for 10 gone "$logger"
ok "rlog killed: no process of its processor is left" wait_for 10 no_process
ok "rlog killed: its processor has not gone on" test ! -e late

# In a pipeline.
rm -f pids
logger '!cat | sh -c "echo \$\$ >>../pids; cat ../gate -" | cat' ./d
ok "the next rlog runs the processor again" wait_for 10 test -s pids
kill -s KILL "$logger"
wait_for 10 gone "$logger"
ok "rlog killed: no process of a pipeline is left" wait_for 10 no_process

# The next one does all of the work, in order.
rm -f pids
logger '!tr 0-9 A-J' ./d
seq 20000 20700 >&3
exec 3>&-
ok "the next rlog ends with its input" wait_for 20 gone "$logger"
is "the next rlog processes all archives" \
	"$(cat d/@* | tr -d 'A-J\n' | wc -c)" 0
ok "there are two archives" archived 2
(cat d/@* | tr A-J 0-9 && cat d/current) >got
(seq 10000 10400 && seq 20000 20700) >want
same "rlog killed with its processor: every line is there once" got want
ok "rlog killed with its processor: no temporary file is left" \
	test ! -e d/previous -a ! -e d/processing

if [ -n "${CRASH_LONG:-}" ]; then
	rm -rf d err
	exec 3<>pipe
	logger '!cat <../gate >/dev/null; cat' ./d
	seq 10000 10400 >&3
	told() { grep -q 'processor' err; }
	ok "a processor that hangs: a warning is printed" wait_for 90 told
	seq 1 100 >&3
	ok "a processor that hangs: lines are still written" \
		wait_for 10 grep -qx 100 d/current
	is "a processor that hangs: one warning" "$(wc -l <err)" 1
	kill -s TERM "$logger"
	ok "TERM ends rlog and a processor that hangs" \
		wait_for 10 gone "$logger"
fi
done_testing
