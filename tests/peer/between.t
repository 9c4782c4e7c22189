#!/bin/sh
# rlog is killed in a batch, and multilog uses the directory before the next
# rlog does: its current may have the inode number of the one that rlog was
# writing, and must not be cut.
. "$(dirname "$0")/../lib.sh"
# LeakSanitizer can't run below stop-at.
export ASAN_OPTIONS=detect_leaks=0
seq -f 'first %g' 1 20 >first
seq -f 'second %g' 1 400 >second
cat first second | sort >want

# The number of the stop at which all of the batch is written.
written() {
	"$tools/stop-at" -l -o stops rlog n100 ./"$1" <first
	grep -n '^write after' stops | tail -n 1 | cut -d : -f 1
}
at=$(written x)

# killed DIR: rlog is killed with a batch begun; the inode of current is $was.
killed() {
	"$tools/stop-at" -o said "$at" rlog n100 "./$1" <first
	was=$(stat -c %i "$1/current")
}
killed proof
is "rlog is killed when its batch is written" "$(wc -l <proof/current)" 20
is "rlog is killed before its batch counts as written" \
	"$(printf x | rlog n100 ./proof 2>&1 && sort proof/current)" \
	"$( (cat first && echo x) | sort)"

# Until its current has that number.
multilog_until() {
	seq 100 | while read -r i; do
		echo "filler $i" | multilog s4096 n2 "./$1"
		[ "$(stat -c %i "$1/current")" != "$was" ] || break
		# It is archived, and the oldest archive is removed.
		chmod 644 "$1/current"
	done
	[ "$(stat -c %i "$1/current")" = "$was" ]
}
killed d
if multilog_until d; then
	multilog s1000000 n100 ./d <second
	chmod 644 d/current
	cp d/current before
	rlog n100 ./d </dev/null 2>err
	cat d/@* d/current >got
	is "all lines of multilog are there" \
		"$(grep -c second got)" "$(grep -c second before)"
	is "all lines of rlog that do not count as written are there" \
		"$(grep -c first got)" 20
	is "a warning says that current is another file" \
		"$(cat err)" "rlog: warning: ./d/current is not the file\
 that was being written: left as it is, lines may be there twice"
	rlog n100 ./d </dev/null 2>err
	is "the next start: no warning" "$(cat err)" ""
else
	skip "this file system does not use an inode number again" 4
fi

# The number is the same, but somebody has put other bytes there.
killed e
cp second e/current
rlog n100 ./e </dev/null 2>err
cat e/@* e/current | sort >got
same "a current of the same inode with other bytes is not cut" got want
ok "a current of the same inode with other bytes: a warning" \
	grep -q 'is not the file' err

# Nothing was in between.
killed f
rlog n100 ./f </dev/null 2>err
is "the batch in rlog's own current is cut off and written again" \
	"$(cat err f/current)" "$(cat first)"
done_testing
