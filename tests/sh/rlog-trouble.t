#!/bin/sh
# rlog: a full disk delays one directory, loses nothing, and holds up nobody
# else before the input is needed again.
. "$(dirname "$0")/../lib.sh"
mkfifo pipe
has() { grep -qx "$2" "$1" 2>/dev/null; }

# Its own mounts, gone with it; where that is not allowed, the tests are skipped.
if ! unshare -m mount -t tmpfs -o size=64k none "$T" 2>/dev/null; then
	skip "no tmpfs can be mounted here" 9
	done_testing
fi
mkdir small other
chmod 700 small other
spawn unshare -m sh -c 'mount -t tmpfs -o size=128k,mode=700 none small &&
	: >small/ready && dd if=/dev/zero of=small/ballast bs=4k count=31 \
	2>/dev/null; exec rlog s1m ./other ./small <pipe 2>err'
small=/proc/$spawned/root$T/small
exec 3>pipe
seq 10000 19999 >&3
ok "a full disk: the other directory has all of the batch" \
	wait_for 10 test -s other/current
ok "a full disk: a warning gives the reason" wait_for 10 grep -q \
	'warning: unable to write to ./small/current: No space left on device, trying again' err
is "a full disk: one warning" "$(wc -l <err)" 1
kill -ALRM "$spawned"
rm "$small/ballast"
echo end >&3
ok "rlog goes on when the disk has room again" wait_for 10 has other/current end
ok "a message says that rlog goes on with the directory" \
	wait_for 10 grep -q 'small goes on after [0-9]* seconds' err
wait_for 10 has "$small/current" end
(seq 10000 19999 && echo end) >want
cat "$small"/@* "$small/current" >out
cat other/@* other/current >out2 2>/dev/null
same "a full disk: its directory has each line once" out want
same "a full disk: the other directory has each line once" out2 want
kill -TERM "$spawned"
ok "after a full disk TERM ends rlog" wait_for 10 gone "$spawned"
exec 3>&-
is "after a full disk the other directory is clean" \
	"$(stat -c %a other/current)" 744

needs_linux "a limit of files is one of shared memory"
# RLIMIT_FSIZE is an error like others, not a signal.
spawn sh -c 'ulimit -f 8; exec rlog s1m ./f <pipe 2>err 3>&-'
exec 3>pipe
seq 10000 14000 >&3
ok "a file size limit: a warning is printed" wait_for 10 grep -q \
	'unable to write to ./f/current: File too large' err
kill -KILL "$spawned"
wait_for 10 gone "$spawned"
exec 3>&-
# The other directory is to be rotated when a batch waits for this one, and then
# rlog ends: the rotation has not begun.
# end_blocked [COMMAND...]: a run of rlog under the command.
end_blocked() {
	rm -rf f g err status pid
	mkdir f
	head -c 800000 /dev/zero | tr '\0' '\n' >f/current
	chmod 744 f/current
	spawn sh -c '(ulimit -f 1500
		exec "$@" rlog r10m s1m ./f ./g <pipe 2>err 3>&- & echo $! >pid
		wait $!; echo $? >status)' sh "$@"
	exec 3<>pipe
	seq 10000 10099 >&3
	wait_for 10 grep -q 'unable to write to ./f/current: File too' err
	wait_for 10 test -s pid
	kill -ALRM "$(cat pid)"
	kill -TERM "$(cat pid)"
	wait_for 10 test -s status
	exec 3>&-
}
end_blocked env
is "a rotation that can't begin before the end: exit 0" "$(cat status)" 0
is "a rotation that can't begin before the end: current is complete" \
	"$(stat -c %a g/current)" 744
end_blocked env ASAN_OPTIONS=detect_leaks=0 \
	strace -D -o trace -e trace=ftruncate -e inject=ftruncate:error=EIO
is "a batch that can't be cut off at the end: exit 111" "$(cat status)" 111
ok "a batch that can't be cut off at the end: a message is printed" \
	grep -q 'unable to truncate ./g/current: Input/output error' err
# A rotation that can't be done is tried again, and loses nothing.
mkdir -m 700 fixed
if chattr +i fixed 2>/dev/null && chattr -i fixed; then
	spawn sh -c 'exec rlog s4096 n100 ./fixed <pipe 2>err 3>&-'
	exec 3<>pipe
	echo begin >&3
	wait_for 10 has fixed/current begin
	chattr +i fixed
	seq 10000 10999 >&3
	ok "a rotation that fails: a warning is printed" wait_for 10 grep -q \
		'unable to rename ./fixed/current: .*, trying again' err
	chattr -i fixed
	wait_for 10 has fixed/current 10999
	chattr +i fixed
	seq 11000 11999 >&3
	wait_for 10 sh -c '[ "$(grep -c "unable to rename" err)" = 2 ]'
	kill -TERM "$spawned"
	ok "a rotation that fails: TERM ends rlog" wait_for 10 gone "$spawned"
	is "a current that can't be renamed is marked as complete" \
		"$(stat -c %a fixed/current)" 744
	chattr -i fixed
	exec 3>&-
	ok "the next rlog tries the rotation again, and ends" \
		rlog s4096 n100 ./fixed </dev/null
	(echo begin && seq 10000 11999) >want
	cat fixed/@* fixed/current >out
	same "a rotation that fails: each line is there once" out want
else
	skip "no file can be made immutable here" 5
fi
done_testing
