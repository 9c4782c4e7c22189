#!/bin/sh
# rlog finds its files damaged, foreign or replaced: it says so, or sets them
# aside; it never writes through a link, never waits for a FIFO, reads nothing
# that it can not write, and does not crash.
. "$(dirname "$0")/../lib.sh"

# refused WHAT NAME: the script ./d must be refused, by a message with NAME.
refused() {
	echo line >in
	rest=$( (
		timeout 300 rlog ./d 2>err
		echo $? >rc
		cat
	) <in)
	is "$1: exit 111" "$(cat rc)" 111
	is "$1: nothing is read" "$rest" line
	ok "$1: the message names the directory" \
		grep -q "^rlog: fatal: unable to .*./d.*$2" err ||
		sed 's/^/# /' err
}
fresh() {
	rm -rf d outside
	mkdir -m 700 d
	echo mine >outside
}

for file in current lock state; do
	fresh
	ln -s ../outside "d/$file"
	refused "$file is a link" "${file#lock}"
	is "$file is a link: nothing is written through it" "$(cat outside)" mine
	fresh
	ln -s ../nowhere "d/$file"
	refused "$file is a link to nothing" "${file#lock}"
	ok "$file is a link to nothing: nothing is made" test ! -e nowhere
	fresh
	mkdir "d/$file"
	refused "$file is a directory" "${file#lock}"
done
fresh
mkfifo d/current
refused "current is a FIFO" current
fresh
mkfifo d/state
refused "state is a FIFO" state
fresh
mkfifo d/lock
refused "lock is a FIFO" ''

# refused_intake WHAT NAME: nothing is written, and d/NAME stays.
refused_intake() {
	was=$(stat -c '%F %i %s' "d/$2")
	refused "$2 is $1" "$2"
	is "$2 is $1: nothing is written through it" "$(cat outside)" mine
	is "$2 is $1: it stays" "$(stat -c '%F %i %s' "d/$2")" "$was"
}
for file in intake intake.new; do
	fresh
	ln -s ../outside "d/$file"
	refused_intake "a link" "$file"
	fresh
	ln -s ../nowhere "d/$file"
	refused_intake "a link to nothing" "$file"
	ok "$file is a link to nothing: nothing is made" test ! -e nowhere
	fresh
	mkfifo "d/$file"
	refused_intake "a FIFO" "$file"
	fresh
	mkdir "d/$file"
	refused_intake "a directory" "$file"
done
for file in previous processed processing; do
	fresh
	echo old >d/current
	ln -s ../outside "d/$file"
	refused "$file is a link" "$file"
	is "$file is a link: nothing is written through it" "$(cat outside)" mine
	is "$file is a link: current stays" "$(cat d/current)" old
done
fresh
rm -r d
echo file >d
refused "the directory is a file" ""
is "the directory is a file: it stays" "$(cat d)" file
fresh
rm -r d
ln -s nowhere d
refused "the directory is a link to nothing" ""

# As somebody who may not.
cp "$(command -v rlog)" rlog
as_nobody() {
	if [ "$(id -u)" = 0 ]; then
		setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
	else
		"$@"
	fi
}
mine() {
	fresh
	chmod 711 .
	[ "$(id -u)" != 0 ] || chown -R 65534:65534 d
}
forbidden() {
	echo line >in
	as_nobody timeout 300 ./rlog ./d <in 2>err
	is "$1: exit 111" $? 111
	ok "$1: the message names the directory" \
		grep -q "^rlog: fatal: unable to .*./d" err || sed 's/^/# /' err
}
for what in 'd 555' 'd 000' 'd/current 000' 'd/lock 000'; do
	mine
	name=${what% *}
	case $name in
	d/*)
		: >"$name"
		[ "$(id -u)" != 0 ] || chown 65534:65534 "$name"
		;;
	esac
	chmod "${what#* }" "$name"
	forbidden "$name has mode ${what#* }"
	chmod 700 d
done
mine
: >d/intake
chmod 000 d/intake
[ "$(id -u)" != 0 ] || chown 65534:65534 d/intake
echo line | as_nobody timeout 300 ./rlog ./d 2>err
is "d/intake has mode 000: the line is written" "$(cat d/current)" line
ok "d/intake has mode 000: a warning is printed" \
	grep -q "^rlog: warning: .*./d/intake" err

# Damaged rings. A whole one first: with a part of a line in it.
kill_with_rest() {
	rm -rf d
	mkfifo pipe
	exec 3<>pipe
	spawn sh -c 'exec rlog t ./d <pipe 3>&-'
	printf 'one\ntwo\nthr' >&3
	wait_for 10 grep -q two d/current
	drained() {
		perl -e 'require "sys/ioctl.ph"; my $n = pack "L", 0;
			ioctl STDIN, &FIONREAD, $n or die; exit unpack "L", $n' <&3
	}
	wait_for 10 drained
	kill -s KILL "$spawned"
	wait_for 10 gone "$spawned"
	exec 3>&-
	rm pipe
}
lines() {
	cat d/@* d/current 2>/dev/null | cut -d ' ' -f 2-
}
printf '%s\n' one two thr four >want

kill_with_rest
cp d/intake good
echo four | rlog t ./d 2>err
lines >got
same "a whole ring: its rest is written as a line" got want
is "a whole ring: no warning is printed" "$(cat err)" ""

# What is no ring is not touched.
size=$(wc -c <good)
for what in empty zeros noise; do
	kill_with_rest
	case $what in
	empty) : >d/intake ;;
	zeros) head -c "$size" /dev/zero >d/intake ;;
	noise) perl -e 'srand 7; print pack "C*", map { rand 256 } 1 .. $ARGV[0]' \
		"$size" >d/intake ;;
	esac
	refused_intake "$what" intake
done

# set_aside WHAT: d/intake is no good.
printf '%s\n' one two four >want
set_aside() {
	cp d/intake bad
	echo four | timeout 300 rlog t ./d 2>err
	is "$1: exit 0" $? 0
	ok "$1: a warning is printed" grep -q "^rlog: warning: .*./d/intake" err
	lines >got
	same "$1: all other lines are there" got want
	ok "$1: the ring is kept under another name" \
		sh -c 'for f in d/intake?*; do
		! cmp -s bad "$f" || exit 0; done; exit 1'
	echo five | rlog t ./d 2>err
	is "$1: the next rlog prints no warning" "$(cat err)" ""
}
for what in cut longer 'another format'; do
	kill_with_rest
	case $what in
	cut) head -c $((size / 2)) good >d/intake ;;
	longer) cat good good >d/intake ;;
	another*) (printf 'rlog intake 0' && tail -c +14 good) >d/intake ;;
	esac
	set_aside "$what"
done

# Each word of the header made wrong, in several ways: no crash, no hang, and what
# comes in is there once.  The files that the ring is of stay, so that none of
# these gets their inodes: then a ring that says "a batch is begun" is believed.
kill_with_rest
cp d/intake good
mv d kept
wrong=
for at in $(seq 16 8 240); do
	for value in 0 1 255 65535 4294967295 9223372036854775807 \
		18446744073709551615; do
		rm -rf d
		mkdir d
		cp good d/intake
		echo old >d/current
		chmod 744 d/current
		perl -e 'open my $f, "+<", "d/intake"; seek $f, $ARGV[0], 0;
			print $f pack "Q", $ARGV[1]' "$at" "$value"
		echo four | timeout 300 rlog t ./d 2>err && [ "$(grep -c ' four$' d/current)" = 1 ] &&
			grep -qx old d/* || wrong="$wrong $at:$value"
	done
done
is "a header with any word wrong is found damaged" "$wrong" ""

# While it runs: what it has open is its own.
rm -rf d moved
mkfifo pipe
exec 3<>pipe
spawn sh -c 'exec rlog s4096 n100 ./d <pipe 3>&-'
seq 10000 10200 >&3
wait_for 10 grep -q 10200 d/current
mv d moved
echo file >d
seq 10201 11000 >&3
exec 3>&-
ok "a directory that is moved away: rlog ends with its input" wait_for 10 gone "$spawned"
cat moved/@* moved/current >got
seq 10000 11000 >want
same "a directory that is moved away has all lines" got want
is "a file in the place of a directory moved away is unchanged" "$(cat d)" file
done_testing
