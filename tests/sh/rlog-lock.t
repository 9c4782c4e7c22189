#!/bin/sh
# rlog: one directory, one logger, of whatever family; who it is.
. "$(dirname "$0")/../lib.sh"
needs_linux "no system says who has a lock"
mkfifo pipe

refuses() {
	echo x >in
	rest=$( (
		rlog ./d 2>err
		echo $? >rc
		cat
	) <in)
	is "$1: exit 111" "$(cat rc)" 111
	is "$1: nothing is read" "$rest" x
	ok "$1: the message names the directory" grep -q \
		"unable to lock ./d: process $2 has the lock" err
}

locked() {
	grep -q ":$(stat -c %i d/lock 2>/dev/null || echo none) " /proc/locks
}

for logger in rlog multilog s6-log; do
	rm -rf d
	spawn sh -c 'exec "$1" n10 ./d <pipe' sh "$logger"
	exec 3>pipe
	echo first >&3
	wait_for 10 test -s d/current
	if wait_for 5 locked; then
		refuses "beside $logger" "$spawned"
	else
		skip "/proc/locks does not show the lock" 3
	fi
	is "$logger is not disturbed" "$(cat d/current)" first
	exec 3>&-
	wait_for 10 gone "$spawned"
done

spawn sh -c 'exec rlog ./d <pipe'
exec 3>pipe
echo second >&3
wait_for 10 grep -q second d/current
multilog ./d </dev/null 2>err
is "multilog refuses to be on ours" $? 111
s6-log n10 ./d </dev/null 2>err
is "s6-log refuses to be on ours" $? 111
exec 3>&-
wait_for 10 gone "$spawned"

ln -s d link
for twin in ./d ./d/. "$T/d" ./link; do
	rlog ./d "$twin" </dev/null 2>err
	is "$twin is ./d again: exit 111" $? 111
	is "$twin: the message says that it is locked" \
		"$(cat err)" "rlog: fatal: unable to \
lock $twin: the script names this directory twice, first as ./d"
done
echo third | rlog ./d
is "the lock ends with its holder" "$(tail -n 1 d/current)" third
done_testing
