#!/bin/sh
# Reading and following a log while it is rotated all the time, by multilog,
# s6-log, svlogd and rlog, also with a processor that makes other files of the
# archives: nothing is missing in what was there, and nothing comes twice.
. "$(dirname "$0")/../lib.sh"

numbers=$top/tests/tools/numbers.pl
lines=60000

# The numbers that were read go up by one, from 1: none is missing or doubled.
counts() {
	sed 's/.*line //' | awk '$1 != NR && !bad {
		print "# line " NR " is " $1; bad = 1
	} END { exit bad || !NR }'
}

all_there() {
	tail -n 1 "$1" | grep -q "line $lines\$"
}

# Reads it over and over until all is there.
reads_are_whole() {
	reads=0
	until all_there got; do
		rlogread "$1" >got 2>err || return 1
		reads=$((reads + 1))
		# The last line may not be all there yet.
		[ "$(wc -l <got)" -lt 2 ] || sed '$d' got | counts || return 1
	done
	echo "# read $reads times"
	[ ! -s err ] || sed 's/^/# /' err
	[ ! -s err ]
}

race() {
	what=$1
	dir=$2
	shift 2
	mkdir -p "$dir"
	: >got
	: >followed
	spawn sh -c "'$numbers' $lines 1000 | $*"
	wait_for 10 test -e "$dir/current"
	spawn sh -c 'exec rlogread -f -n all "$1" >followed 2>told' - "$dir"
	ok "$what: read while it is rotated" reads_are_whole "$dir"
	ok "$what: followed to the end" wait_for 30 all_there followed
	ok "$what: each line once" counts <followed
	is "$what: nothing is said to be missing" "$(cat told)" ''
	kill -s TERM -- "-$spawned"
	wait_for 10 gone "$spawned"
}

race multilog multilog multilog t s16384 n1000 ./multilog
race 'multilog with a processor' multilog-p multilog t s16384 n1000 \
	"'!cat'" ./multilog-p
race s6-log s6-log s6-log -b t s16384 n1000 ./s6-log
mkdir svlogd
printf 's16384\nn1000\n' >svlogd/config
race svlogd svlogd svlogd -t ./svlogd
mkdir svlogd-p
printf 's16384\nn1000\n!cat\n' >svlogd-p/config
race 'svlogd with a processor' svlogd-p svlogd -t ./svlogd-p
race rlog rlog rlog t s16384 n1000 ./rlog
race 'rlog with a processor' rlog-p rlog t s16384 n1000 "'!cat'" ./rlog-p
race 'rlog that compresses' rlog-z rlog t s65536 n1000 x.gz "'!gzip'" ./rlog-z
race 'rlog without labels' rlog-b rlog s16384 n1000 ./rlog-b
done_testing
