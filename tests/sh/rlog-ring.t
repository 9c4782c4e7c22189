#!/bin/sh
# rlog: what J names is used only if it is a ring, or nothing; all else is said,
# and stays as it is: nothing is opened that may act, nothing waits.
. "$(dirname "$0")/../lib.sh"

# refuse WHAT NAME FILE: rlog J$NAME ./m ends with 111, since FILE is foreign.
refuse() {
	stat -c '%n %F %h %i %s %Y %a' -- * >before 2>/dev/null
	rest=$( (
		timeout 300 rlog "J$2" ./m 2>err
		echo $? >rc
		cat
	) <in)
	is "$1: exit 111" "$(cat rc)" 111
	is "$1: the message says that it is not an intake" "$(cat err)" \
		"rlog: fatal: unable to use $3: not an intake of rlog"
	is "$1: nothing is read" "$rest" line
	stat -c '%n %F %h %i %s %Y %a' -- * >after 2>/dev/null
	sed -i '/^\(err\|rc\|after\|before\) /d' before after
	same "$1: no file changes" after before
}
echo line >in
: >err
: >rc
: >after
rlog ./m </dev/null
rm m/intake
echo precious >notes
refuse 'a file' notes notes
mkdir etc
echo precious >etc/hosts
refuse 'a directory' etc etc
mkfifo fifo
refuse 'a FIFO' ./fifo ./fifo
ln -s notes link
refuse 'a link' link link
ln -s nowhere dangling
refuse 'a link to nothing' dangling dangling
: >empty
refuse 'an empty file' empty empty
printf 'rlog intak' >short
refuse 'less than the magic of a ring' short short
refuse 'current' m/current m/current
# A device of the test's own, since what is wrong could rename the system's.
if mknod null c 1 3 2>/dev/null; then
	refuse 'a device' null null
	strace -o trace -e trace=open,openat rlog Jnull ./m <in 2>err
	ok 'a device is not opened' sh -c '! grep "\"null\"" trace'
else
	skip 'no device can be made' 5
fi
is 'refused files keep their content' "$(cat notes etc/hosts short)" \
	"$(printf 'precious\nprecious\nrlog intak')"

# The names beside it that rlog uses are refused in the same way.
echo precious >ring.new
refuse 'NAME.new is a file' ring ring.new
rm ring.new
mkdir ring.new
refuse 'NAME.new is a directory' ring ring.new
rmdir ring.new
printf 'rlog intake 2\ndamaged' >ring
echo precious >ring.bad
refuse 'NAME.bad is a file' ring ring.bad
rm ring.bad

rlog Jring ./m <in 2>err
is 'a damaged ring is renamed' "$(cat err)" \
	"rlog: warning: ring is damaged: renamed to ring.bad, what it held is not written"
is 'a damaged ring is kept as NAME.bad' \
	"$(cat ring.bad)" "$(printf 'rlog intake 2\ndamaged')"
printf 'rlog intake 1\nonce more' >ring
rlog Jring ./m <in 2>err
is 'the next damaged ring takes the place of NAME.bad' "$(cat ring.bad)" \
	"$(printf 'rlog intake 1\nonce more')"

is 'a warning says that a ring is of another version' "$(cat err)" \
	"rlog: warning: ring is of another version of rlog: renamed to ring.bad,\
 only that version can write what it held"

# What a crash left while the ring was made is not in the way.
rm ring
printf 'rlog intake 1\n' >ring.new
rlog Jring ./m <in 2>err
is 'half a ring as NAME.new is replaced' "$(cat err)$(head -c 11 ring)" 'rlog intake'
rm ring
: >ring.new
rlog Jring ./m <in 2>err
is 'an empty NAME.new is replaced' "$(cat err)$(head -c 11 ring)" 'rlog intake'

# A directory of the script before may hold no ring, but something else.
rm m/intake ring 2>/dev/null
echo precious >m/intake
rlog Jring ./m <in 2>err
is 'another intake is not fetched' "$(cat err m/intake)" precious
refuse 'the file intake of a directory' m/intake m/intake
rlog ./m <in 2>err
is 'a directory with another intake is refused without J' "$? $(cat err)" \
	"111 rlog: fatal: unable to use ./m/intake: not an intake of rlog"
done_testing
