#!/bin/sh
# rlog on a disk that fills up and is freed again: nothing is lost, it says so
# once and goes on; TERM and kill -9 on the full disk lose nothing either.
# A file system of 2 MB in a mount namespace of our own.
. "$(dirname "$0")/../mounts.sh"
. "$(dirname "$0")/../lib.sh"
needs_mounts 51
mkfifo pipe
mkdir disk

# A fresh small disk, with 1 MB taken.
disk() {
	umount disk 2>/dev/null
	mount -t tmpfs -o size=2m none disk || exit 111
	head -c 1048576 /dev/zero >disk/ballast
	mkdir disk/log
	: >err
}
fill() {
	cat /dev/zero >disk/ballast 2>/dev/null
	[ "$(df --output=avail disk | tail -n 1)" = 0 ]
}
# produce N: numbered lines into the pipe, in the background, until it is done.
produce() {
	spawn sh -c 'seq -f "%08g of the lines that fill up a disk" 1 "$1" >pipe' \
		sh "$1" 3>&-
	producer=$spawned
}
logger() {
	spawn sh -c 'exec rlog t r100ms s100k n1000 "$@" <pipe 2>>err' sh "$@" 3>&-
	logger=$spawned
}
warned() { grep -q 'No space left on device' err; }
lines() { cat "$@" 2>/dev/null | cut -c 27-; }
same_lines() {
	seq -f "%08g of the lines that fill up a disk" 1 "$2" >want
	lines disk/log/@* disk/log/current >got
	same "$1" got want
}

# freed CASE DIR...: room again, a logger if need be, and what must come of it.
freed() {
	rm -f disk/ballast
	what=$1
	shift
	kill -s 0 -- "-$logger" 2>/dev/null || logger "$@"
	ok "$what: it goes on when there is room again" \
		wait_for 20 gone "$producer"
	exec 3>&-
	ok "$what: it ends with its input" wait_for 20 gone "$logger"
	same_lines "$what: nothing is lost, doubled or torn" 20000
}

disk
exec 3<>pipe
logger ./disk/log
produce 20000
ok "a full disk: a warning is printed" wait_for 20 warned
ok "a full disk: the producer waits" kill -s 0 -- "-$producer"
freed "full" ./disk/log
is "a full disk: one warning" "$(grep -c 'No space left' err)" 1
ok "a full disk: a message says that rlog goes on" grep -q 'goes on after' err

for signal in TERM KILL; do
	disk
	exec 3<>pipe
	logger ./disk/log
	produce 20000
	wait_for 20 warned
	kill -s "$signal" -- "-$logger"
	ok "$signal on a full disk ends it at once" wait_for 5 gone "$logger"
	[ $signal = KILL ] || is "$signal: current ends with a line" \
		"$(tail -c 1 disk/log/current)" ""
	# Once more, on a disk that is full from the start.
	: >err
	logger ./disk/log
	ended_or_warned() { gone "$logger" || warned; }
	ok "$signal: it starts on a full disk, or says why not" \
		wait_for 20 ended_or_warned
	freed "$signal" ./disk/log
done

disk
exec 3<>pipe
logger ./disk/log ./other
produce 20000
wait_for 20 warned
ahead() {
	[ "$(lines other/@* other/current | wc -l)" -gt \
		"$(lines disk/log/@* disk/log/current | wc -l)" ]
}
ok "a full disk: a directory on another disk goes on" wait_for 20 ahead
freed "two" ./disk/log ./other
lines other/@* other/current >got
same "a full disk: the directory on another disk has each line once" got want

# N: rather the old lines than the new ones.
disk
exec 3<>pipe
logger N3 ./disk/log
produce 60000
ok "N: the producer is not held up" wait_for 20 gone "$producer"
exec 3>&-
ok "N: rlog ends" wait_for 20 gone "$logger"
seq -f "%08g of the lines that fill up a disk" 1 60000 >want
lines disk/log/@* disk/log/current >got
tail -n "$(wc -l <got)" want >end
same "N: the newest lines are there, without a gap" got end
ok "N: at least 3 archives are kept" [ "$(find disk/log -name '@*' | wc -l)" \
	-ge 3 ]

# N in several directories: each keeps its own, the one without all of them.
disk
rm disk/ballast
mkdir disk/full
for n in 1 2; do
	head -c 65536 /dev/zero >"disk/full/@400000005000000000$n.s"
done
exec 3<>pipe
logger N3 ./disk/log N1 s50k ./disk/few '-*' n1000 N1000 ./disk/full
produce 40000
ok "N, several: the producer is not held up" wait_for 20 gone "$producer"
exec 3>&-
ok "N, several: rlog ends" wait_for 20 gone "$logger"
seq -f "%08g of the lines that fill up a disk" 1 40000 >want
for d in log few; do
	lines disk/$d/@* disk/$d/current >got
	tail -n "$(wc -l <got)" want >end
	same "N, several: $d has the newest lines, without a gap" got end
done
ok "N, several: each directory keeps its number of archives" \
	[ "$(find disk/log -name '@*' | wc -l)" \
	-ge 3 -a "$(find disk/few -name '@*' | wc -l)" -ge 1 ]
is "N, several: a directory with fewer archives loses none" \
	"$(find disk/full -name '@*' | wc -l)" 2

# N where there is no room for the intake, and where names run out.
disk
rm disk/ballast
for n in 1 2 3; do
	head -c 600000 /dev/zero | tr '\0' '\n' \
		>"disk/log/@40000000500000000000000$n.s"
done
fill
echo line | timeout 300 rlog N1 ./disk/log 2>err
is "N: archives are removed to make room for the intake" \
	"$? $(cat disk/log/current)" "0 line"
umount disk
mount -t tmpfs -o size=2m,nr_inodes=12 none disk
seq -f "%08g of the lines that fill up a disk" 1 2000 >want
timeout 300 rlog r100ms s4096 n1000 N1 ./disk/log <want 2>err
is "N: rlog goes on when the disk has no room for names" $? 0
cat disk/log/@* disk/log/current >got
tail -n "$(wc -l <got)" want >end
same "N: without room for names, the newest lines are there, no gap" got end

# Full from the start: ALRM is no reason to end, TERM and HUP are.
for signal in TERM HUP; do
	disk
	fill
	exec 3<>pipe
	logger ./disk/log
	waits() { grep -q 'unable to make ./disk/log/intake: No space' err; }
	ok "$signal: rlog waits for room for the intake" wait_for 20 waits
	kill -s ALRM -- "-$logger"
	kill -s ALRM -- "-$logger"
	rm disk/ballast
	echo line >&3
	ok "$signal: ALRM does not end an rlog that waits for room" \
		wait_for 20 test -s disk/log/current
	is "$signal: one warning of the intake without room" "$(wc -l <err)" 1
	kill -s KILL -- "-$logger"
	wait_for 5 gone "$logger"
	rm disk/log/*
	fill
	: >err
	logger ./disk/log
	wait_for 20 waits
	kill -s "$signal" -- "-$logger"
	ok "$signal ends an rlog that waits for room" wait_for 5 gone "$logger"
	wait "$logger"
	is "$signal: exit 0" $? 0
	exec 3>&-
done

# D: rather lose new lines than wait; and say exactly what is lost.
disk
exec 3<>pipe
logger D100ms ./disk/log
produce 40000
ok "D: the producer is not held up for long" wait_for 20 gone "$producer"
rm disk/ballast
exec 3>&-
ok "D: rlog ends" wait_for 20 gone "$logger"
lines disk/log/@* disk/log/current >got
dropped=$(sed -n 's/^rlog: dropped \([0-9]*\) lines.*/\1/p' got |
	awk '{ n += $1 } END { print n + 0 }')
ok "D: lines were dropped" [ "$dropped" -gt 0 ]
is "D: lines written and lines dropped add up to all" \
	$(($(grep -c ' of the lines that fill up a disk$' got) + dropped)) 40000
is "D: in order, none twice" "$(grep -v '^rlog: ' got | LC_ALL=C sort -cu 2>&1)" ""
umount disk
done_testing
