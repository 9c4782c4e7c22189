#!/bin/sh
# rlog: the processor runs beside the reading, is tried again, keeps its state,
# and gets what a crash has left.
. "$(dirname "$0")/../lib.sh"
mkfifo pipe

seq 10000 19999 >in
rlog s4096 n100 '!tr 0-9 a-j' ./a <in
cat a/@* >out
ok "archives are processed" grep -q '^bffff' out
(tr a-j 0-9 <out && cat a/current) >lines
same "archives are processed: each line is there once" lines in
is "processed archives are marked as safe" \
	"$(find a -name '@*' ! -perm 754 | wc -l)" 0
ok "no temporary file of a processor is left" \
	test ! -e a/previous -a ! -e a/processing -a \
	! -e a/nextstate

rlog s4096 n100 '!tr 0-9 a-j' '!' ./b <in
cat b/@* b/current >lines
same "a bare ! means no processor" lines in

rlog s4096 n100 '!cat; n=$(cat <&4); echo $((${n:-0} + 1)) >&5' ./c <in
is "the state counts the archives" "$(cat c/state)" \
	"$(find c -name '@*' | wc -l)"
mv c/current c/x && mv c/x c/current && chmod 644 c/current
n=$(cat c/state)
echo x | rlog s4096 n100 '!cat; n=$(cat <&4); echo $((${n:-0} + 1)) >&5' ./c
is "the state is kept over a crash, and the .u is processed" \
	"$(cat c/state) $(find c -name '@*.u' | wc -l)" "$((n + 1)) 0"

(ls /proc/self/fd) 4</dev/null 5</dev/null | sort -u | tr '\n' ' ' >want
for what in "a new directory" "an old one"; do
	# 4 and 5 are taken, so that what else is open can't hide there.
	rlog s4096 =st =/dev/null '!pwd; ls /proc/self/fd | tr "\n" " "' ./d \
		<in 4</dev/null 5</dev/null
	is "$what: the processor runs in the directory" \
		"$(head -qn 1 d/@* | sort -u)" "$(pwd)/d"
	tail -qn 1 d/@* | tr ' ' '\n' | grep . | sort -u | tr '\n' ' ' >out
	same "a processor has descriptors 0 1 2 4 5, and those given to rlog" \
		out want
done

# It runs beside the reading: lines go into current while it hangs.
mkdir gate
spawn sh -c 'exec rlog s4096 n100 "!cat <../gate/go >/dev/null; cat" ./e <pipe'
mkfifo gate/go
exec 3>pipe
seq 10000 10400 >&3
wait_for 10 test -e e/processing
echo during >&3
has() { grep -qx "$2" "$1"; }
ok "lines are written while the processor runs" \
	wait_for 10 has e/current during
ok "the processor is still running when lines are written" test -e e/processing
exec 4>gate/go 4>&-
archived() { [ "$(find e -name '@*.s' | wc -l)" = "$1" ]; }
ok "an archive is named when its processor is done" wait_for 10 archived 1
# The next rotation waits for it, and the input with that.
seq 10000 10400 >&3
wait_for 10 test -e e/processing
seq 20000 20700 >&3
exec 3>&-
rlog=$spawned
spawn sh -c 'while :; do : >gate/go; done'
ok "rlog ends when all archives are processed" wait_for 10 gone "$rlog"
ok "lines written beside a processor: four archives" archived 4
cat e/@* e/current >out
(seq 10000 10400 && echo during && seq 10000 10400 && seq 20000 20700) >want
same "lines written beside a processor: each line is there once" out want

# At the end of the input one that fails is not waited for: what it did not do
# is left to the next rlog.
seq 10000 10999 >in
rlog s4096 n100 '!echo >>../runs; head -c 9; exit 1' ./k <in 2>err
is "a processor fails at the end of the input: exit 0" "$?" 0
ok "a processor that fails at the end is run for each archive" \
	[ "$(wc -l <runs)" -ge "$(find k -name '@*.u' |
	wc -l)" ]
cat k/@*.u k/current >lines
same "a processor fails at the end: each line is kept unprocessed" lines in
ok "a processor fails at the end: no temporary file is left" \
	test ! -e k/previous -a ! -e k/processing
rlog s4096 n100 '!cat' ./k </dev/null
ok "the next rlog begins with what is left" [ "$(find k -name '@*.s' |
	wc -l)" -ge 1 ]
cat k/@* k/current >lines
same "the next rlog after a failed processor: each line is there once" lines in

# What it leaves running is its own affair, as with multilog.
mkfifo later
spawn sh -c 'exec rlog s4096 n100 "!cat; (read x <../later; echo \$x >../left) \
	>/dev/null &" ./i <pipe 3>&-'
rlog=$spawned
exec 3>pipe
seq 10000 10400 >&3
ok "an archive is named though a child of its processor goes on" wait_for 10 \
	sh -c 'ls i/@*.s'
exec 3>&-
wait_for 10 test ! -e /proc/$rlog/fd/0
spawn sh -c 'echo on >later'
ok "a child of a processor goes on after it" wait_for 10 test -s left

# It fails, and is run again after a pause.
seq 10000 10400 | rlog s4096 '!test -e ../again || { : >../again
	echo partial; exit 3; }; cat' ./f 2>err
is "a processor that failed is run again" "$(cat f/@* f/current | cksum)" \
	"$(seq 10000 10400 | cksum)"
ok "a processor that failed: the warning has its exit status" grep -q \
	'warning: unable to process ./f/@[0-9a-f]*[.]u: it exited 3' err
is "a processor that failed: one warning" "$(wc -l <err)" 1

# TERM while it hangs: at once, and the next rlog does its work.
spawn sh -c 'exec rlog s4096 n100 "!tail -f /dev/null" ./g <pipe'
exec 3>pipe
seq 10000 10400 >&3
wait_for 10 test -e g/processing
echo last >&3
wait_for 10 has g/current last
kill -TERM "$spawned"
ok "TERM ends rlog while a processor hangs" wait_for 10 gone "$spawned"
exec 3>&-
is "TERM during a processor: its source is kept as .u" \
	"$(find g -name '@*.u' | wc -l)" 1
is "TERM during a processor: its source is complete" "$(stat -c %a g/@*.u)" 744
is "TERM during a processor: current is clean" "$(stat -c %a g/current)" 744
ok "TERM during a processor: no temporary file is left" \
	test ! -e g/previous -a ! -e g/processing
echo next | rlog s4096 n100 '!tr 0-9 a-j' ./g
is "the next rlog processes the .u" \
	"$(find g -name '@*.u' | wc -l) $(cat g/@*.s | head -n 1)" "0 baaaa"
is "the .u is processed beside current" "$(tail -n 2 g/current)" \
	"$(printf 'last\nnext')"

# One that ignores TERM is killed.
spawn sh -c 'exec rlog s4096 n100 "!trap : TERM; while :; do sleep 1; done" \
	./h <pipe'
exec 3>pipe
seq 10000 10400 >&3
wait_for 10 test -e h/processing
kill -TERM "$spawned"
ok "a processor that ignores TERM is killed" wait_for 10 gone "$spawned"
exec 3>&-
cat h/@* h/current >out
seq 10000 10400 >want
same "a processor that ignores TERM: each line is there once" out want
done_testing
