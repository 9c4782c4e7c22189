#!/bin/sh
# rlogfetch on a disk that is full and is freed again: it says so, loses no line,
# goes on by itself, and TERM and kill -9 on the full disk lose nothing either.
# A file system of 4 MB in a mount namespace of our own.
. "$(dirname "$0")/../mounts.sh"
. "$(dirname "$0")/../lib.sh"
. "$top/tests/nats.sh"
needs_nats
needs_mounts 1
nats_run 1
nats_stream RLOG 'rlog.>'
url=nats://$nats/RLOG
seq -f "%08g of the lines that fill up a disk" 1 40000 >origin
"$tools/publish-lines" "$url/rlog.a" a/smtp raw 500 <origin >published
mkdir disk

# A fresh small disk with $1 bytes taken; the lines need half of it.
disk() {
	umount disk 2>/dev/null
	mount -t tmpfs -o size=4m none disk || exit 111
	head -c "$1" /dev/zero >disk/ballast
	: >err
}
fetch() {
	spawn sh -c 'exec rlogfetch "$@" 2>>err' sh "$@" "$url" disk/hosts \
		s100k n1000
	pid=$spawned
}
warned() {
	grep -q 'No space left on device' err
}
# frees CASE: room again; what runs ends, and the directory has each line once.
frees() {
	rm disk/ballast
	wait_for 60 gone "$pid"
	wait "$pid"
	is "$1: it goes on when there is room, and ends" "$?" 0
	cat disk/hosts/a/smtp/@* disk/hosts/a/smtp/current >got
	same "$1: each line is there once" got origin
}

for taken in 4194304 3600000 3000000; do
	disk $taken
	fetch -1
	ok "$taken bytes taken: it says that the disk is full" wait_for 20 warned
	frees "$taken bytes taken"
done
disk 3000000
for how in KILL TERM; do
	: >err
	fetch
	ok "$how: the disk is full" wait_for 20 warned
	kill -s $how "$pid"
	wait "$pid"
	status=$?
	[ $how = KILL ] || break
	is "KILL ends it on the full disk" "$status" 137
done
# The cursor may have been saved before the disk was full, and not moved since.
if grep -q 'unable to save the cursor' err; then
	saved=111
else
	saved=0
fi
is "TERM: its status tells whether the cursor is saved" "$status" $saved
fetch -1
frees 'after KILL and TERM'
umount disk

# Only the cursor has no room.
disk 4194304
rlogfetch -1 -c disk/cursor "$url" hosts 2>err
is 'a cursor that can not be saved: exit 111' "$?" 111
is 'a message names it' "$(sort -u err)" \
	'rlogfetch: warning: unable to save the cursor disk/cursor: No space left on device'
umount disk
done_testing
