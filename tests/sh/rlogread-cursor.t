#!/bin/sh
# The cursor: every line once over runs, whatever became of the files between
# them, and nothing remembered that was not written.
. "$(dirname "$0")/../lib.sh"

name() {
	printf '@4000000069200%03x00000000.%s' "$1" "$2"
}

line() {
	printf '@4000000069200%03x%08x %s\n' "$2" "${4:-0}" "$3" >>"$1"
}

# The texts that a run gives.
run() {
	rlogread -c cursor "$@" 2>err | cut -d' ' -f2- | tr '\n' ' ' | sed 's/ $//'
}

archive() {
	mv "$1/current" "$1/$(name "$2" s)"
}

mkdir d
line d/current 1 a
line d/current 1 b
is 'without a position all lines are printed' "$(run d)" 'a b'
is 'at the position of the last line nothing is printed' "$(run d)" ''
line d/current 1 c
is 'a new line with the label of the last one is printed' "$(run d)" c
line d/current 1 d
archive d 2
line d/current 3 e
is 'the position holds over a rotation' "$(run d)" 'd e'
line d/current 4 f
for n in 5 6 7; do
	archive d $n
	line d/current $n "g$n"
done
is 'the position holds over several rotations' "$(run d)" 'f g5 g6 g7'
line d/current 8 h
gzip "d/$(name 7 s)"
archive d 9
gzip "d/$(name 9 s)"
line d/current 10 i
is 'the position holds over an archive that is compressed' "$(run d)" 'h i'
line d/current 11 j
archive d 12
sed -i 's/ / processed /' "d/$(name 12 s)"
line d/current 13 k
is 'the position holds over an archive that a processor changes' \
	"$(run d)" 'processed j k'
is 'rotations cause no message' "$(cat err)" ''
line d/current 14 l
archive d 15
line d/current 16 m
archive d 17
line d/current 18 n
rm "d/$(name 15 s)"
is 'an archive removed unread: later lines are printed' "$(run d)" 'm n'
is 'an archive removed unread: a warning tells of missing lines' \
	"$(cat err)" "rlogread: warning: $T/d: lines between \
@400000006920000d00000000 and @400000006920001000000000 are missing: files \
were removed before they were read"

# The same inode number for another file: copies have the contents and not it.
line d/current 19 o
cp -R d copy
rm -r d
mv copy d
is 'the position holds in files with other inode numbers' "$(run d)" o
: >d/current
line d/current 20 p
is 'a file that was emptied, with the same inode number' "$(run d)" p

# A partial line.
printf '@400000006920001500000000 par' >>d/current
spawn rlogread -f -c cursor d >out 2>err
wait_for 10 test -e cursor
printf 'tial\n@400000006920001600000000 half' >>d/current
wait_for 10 grep -q partial out
kill -s TERM "$spawned"
wait "$spawned"
is 'TERM while following: exit 0' $? 0
is 'a partial line is held while following' "$(cut -d' ' -f2 out)" partial
is 'a partial line is printed without -f' "$(run d)" half
printf 'way\n' >>d/current
is 'the rest of a partial line is printed later' "$(rlogread -c cursor d)" way

# What was not written is not remembered.
line d/current 23 q
line d/current 24 r
rlogread -c cursor d >/dev/full 2>err
is 'a full disk: exit 111' $? 111
is 'a full disk: the message gives the reason' "$(cat err)" \
	'rlogread: fatal: unable to write to standard output: No space left on device'
is 'a full disk: lines not written are printed by the next run' "$(run d)" 'q r'
line d/current 25 s
perl -e 'pipe my $r, my $w or die; close $r; open STDOUT, ">&", $w or die;
	exec "rlogread", "-c", "cursor", "d"' 2>err
is 'a closed pipe: death by SIGPIPE' $? 141
is 'a closed pipe: no message' "$(cat err)" ''
is 'a closed pipe: lines not written are printed by the next run' "$(run d)" s
line d/current 26 t
is '-q: exit 0 if there is a new line' "$(rlogread -q -c cursor d; echo $?)" 0
is '-q: the position stays' "$(run d)" t
is '-q: exit 1 if there is no new line' "$(rlogread -q -c cursor d; echo $?)" 1

# A window: what lies behind it is not done with.
line d/current 30 u
line d/current 200 v
line d/current 201 w
is '-U: lines up to a time are printed' \
	"$(run -U @400000006920001f00000000 d)" u
is '-U: lines behind the time are printed by the next run' "$(run d)" 'v w'

# The file can't take the second write; the log is another file then, so that
# the label of the last written line alone tells where to go on.
mkdir limited
perl -e 'printf "\@4000000069200030%08x %04d %s\n", $_, $_, "x" x 40
	for 1 .. 2000' >limited/current
(
	trap '' XFSZ
	ulimit -f 128
	rlogread -o utc -c limited.cursor limited >out 2>err
)
written=$(wc -l <out)
tail -n "+$((written + 1))" limited/current >rest
mv rest limited/current
is 'the first line not written, in another file' \
	"$(rlogread -c limited.cursor limited | head -n 1 | cut -d' ' -f2)" \
	"$(printf %04d $((written + 1)))"

# Two directories, merged.
mkdir x y
line x/current 1 x1
line x/current 3 x3
line y/current 2 y2
rm cursor
is 'two directories are merged' "$(run x y)" 'x1 y2 x3'
line x/current 4 x4
line y/current 5 y5
is 'two directories have a position each' "$(run x y)" 'x4 y5'
mkdir "z
z"
line "z
z/current" 1 z1
is 'a directory with a strange name is read' "$(run "z
z")" z1
is 'a directory with a strange name has its position' "$(run "z
z")" ''

# Without labels.
mkdir bare
printf 'one\ntwo\n' >bare/current
rm cursor
is 'lines without labels have a position' "$(run bare)" 'one two'
printf 'one\n' >>bare/current
archive bare 1
printf 'one\ntwo\nthree\n' >bare/current
is 'the position in one of two files that begin alike' \
	"$(run bare)" 'one one two three'
rm bare/*
printf 'other\n' >bare/current
is 'a position that is gone: all lines are printed' "$(run bare)" other
is 'a position that is gone: a warning is printed' \
	"$(cat err)" "rlogread: warning: $T/bare: the place in the \
cursor is not there; beginning with the oldest line"

echo 'something that was mine' >cursor
rlogread -c cursor d >out 2>err
is 'a file that is not a cursor file: exit 111' $? 111
is 'a file that is not a cursor file: the message gives advice' "$(cat err)" \
	'rlogread: fatal: cursor is not a cursor file; give -c the name of a new file'
is 'a file that is not a cursor file is unchanged' \
	"$(cat cursor)" 'something that was mine'
rlogread -c none/cursor x >out 2>err
is 'a cursor file that cannot be written: exit 111' $? 111
ok 'a cursor file that cannot be written: the message names it' \
	grep -q 'unable to write none/cursor' err

# A reader that goes away when it has seen enough: the next one goes on behind
# that, not where the position was saved the last time, which is at first.
mkdir long
seq 100000 >long/current
{
	rlogread -c cur3 long
	echo $? >status
} | head -n 5000 >out
is 'a reader that goes away: death by SIGPIPE' "$(cat status)" 141
rlogread -c cur3 long >out
ok 'a reader that goes away: the position is behind lines written' \
	test "$(head -n 1 out)" -gt 5000
is 'a reader that goes away: the next run prints all later lines' \
	"$(wc -l <out)" \
	$((100001 - $(head -n 1 out)))

# A pipe that is open and not read; in_pipe prints the number of bytes in it.
mkfifo pipe
exec 6<>pipe
in_pipe() {
	perl -e 'require "sys/ioctl.ph" or die; my $n = pack "i", 0;
		ioctl STDIN, FIONREAD(), $n or die; print unpack "i", $n' <&6
}
holds() {
	[ "$(in_pipe)" -ge "$1" ]
}
# Prints those bytes and removes them.
drain() {
	dd bs=1 count="$(in_pipe)" 2>/dev/null <&6
}

# A signal arrives while rlogread waits for room in the pipe.
spawn sh -c 'trap : TERM; rlogread -c cur4 long >pipe 2>err; echo $? >status'
ok 'a full pipe: rlogread waits for room' wait_for 20 holds 61440
kill -s TERM -- "-$spawned"
ok 'a full pipe: TERM ends rlogread while it waits' wait_for 20 gone "$spawned"
is 'a full pipe: exit 0 after TERM' "$(cat status)" 0
is 'a full pipe: no message after TERM' "$(cat err)" ''
drain >out
rlogread -c cur4 long >>out
ok 'a full pipe: the position is behind the lines in the pipe' \
	cmp -s out long/current

# A kill tears a long line: the position stays before it.
mkdir torn
{
	echo first
	perl -e 'print "x" x 200000, "\n"'
	echo last
} >torn/current
spawn sh -c 'exec rlogread -o utc -c cur5 torn >pipe'
ok 'a long line fills the pipe' wait_for 20 holds 61440
kill -s KILL -- "-$spawned"
ok 'a long line in a full pipe: KILL ends rlogread' wait_for 20 gone "$spawned"
is 'a long line torn by KILL: the line before it is written' \
	"$(drain | head -n 1)" first
rlogread -o utc -c cur5 torn >out
tail -n +2 torn/current >want
same 'a long line torn by KILL: the position stays before it' want out

# One of two merged logs always has a line that was read and is not written.
mkdir even odd
perl -e 'for (1 .. 4000) {
	open my $log, ">>", ($_ % 2 ? "odd" : "even") . "/current" or die;
	printf $log "\@40000000692%05x00000000 line %d\n", $_, $_;
}'
rlogread even odd >want
drain >left
spawn sh -c 'exec rlogread -c cur6 even odd >pipe'
ok 'merged logs fill the pipe' wait_for 20 holds 61440
kill -s TERM -- "-$spawned"
ok 'merged logs: TERM ends rlogread' wait_for 20 gone "$spawned"
drain >out
rlogread -c cur6 even odd >>out
same 'merged logs: the positions are behind the lines in the pipe' want out
exec 6>&-

mkdir ro
ASAN_OPTIONS=detect_leaks=0 strace -o trace -f -e trace=fsync,rename,renameat,renameat2,write rlogread -c cur2 x >out
ok 'the cursor file is written, synced and renamed, in this order' \
	sh -c "grep -n -e fsync -e rename trace |
	head -n 2 | tr -d '\n' | grep -q 'fsync.*rename'"

# A block of raw lines can begin within a line, with text that looks like a label.
mkdir block
perl -e '$l = "\@4000000069200"; print "${l}00100000000 ",
	"x" x (65536 - 26), "${l}00900000000 ends\n"' >block/current
rlogread -o raw -c place block >got
same 'a line longer than a block' block/current got
is 'text within a line is no label of a position' \
	"$(sed 1d place | cut -d' ' -f4)" @400000006920000100000000

# The last stamp tells the position where lines without one follow it.
mkdir tail
line tail/current 1 a
echo ' more of a' >>tail/current
rlogread -c place tail >/dev/null
rm tail/current
line tail/current 1 a
line tail/current 2 b
is 'a position after a line without a stamp, whose file is gone' \
	"$(rlogread -c place tail | cut -d' ' -f2)" b

# A line without a stamp goes with the line before it, which a run before read.
mkdir piece
line piece/current 1 a
line piece/current 5 b
for window in '-S @400000006920000400000000' '-U @400000006920000900000000'; do
	rm -f place
	# shellcheck disable=SC2086 # words
	rlogread $window -c place piece >/dev/null
	echo ' more of b' >>piece/current
	# shellcheck disable=SC2086
	is "$window: a line without a stamp after the position" \
		"$(rlogread $window -c place piece)" ' more of b'
done
rm place
rlogread -c place piece >/dev/null
echo ' more' >>piece/current
is '-S after the line at the position: lines that go with it are left out' \
	"$(rlogread -S @400000006920000900000000 -c place piece)" ''

rm place
rlogread -n 1 -c place piece >/dev/null
echo ' and more' >>piece/current
is '-n 1 at a line without a stamp, and one after the position' \
	"$(rlogread -S @400000006920000400000000 -c place piece)" ' and more'
for end in '' ' and no newline'; do
	rm place
	printf '%s' "$end" >>piece/current
	is "-n 0 after '$end'" "$(rlogread -n 0 -c place piece)" ''
	printf '%s\n' "$end" ' and more' >>piece/current
	is "-n 0 after '$end', and a line without a stamp" \
		"$(rlogread -S @400000006920000400000000 -c place piece)" \
		"$end
 and more"
done

# Lines without a stamp at the beginning of what is left may be unread.
for tool in true gzip; do
	mkdir "left.$tool"
	line "left.$tool/current" 1 a
	rm place
	rlogread -c place "left.$tool" >/dev/null
	rm "left.$tool/current"
	file="left.$tool/$(name 3 s)"
	echo ' more' >"$file"
	line "$file" 1 a
	echo ' more of a' >>"$file"
	line "$file" 2 b
	$tool "$file"
	: >"left.$tool/current"
	is "$tool: lines before any stamp, when the file of the position is gone" \
		"$(rlogread -c place "left.$tool" | tr '\n' ' ')" \
		' more @400000006920000200000000 b '
done

mkdir lost
line lost/current 1 a
rm place
rlogread -c place lost >/dev/null
printf '%s\n' ' more' "@400000006920000200000000 b" >lost/current
rlogread -c place lost >out 2>err
is 'lines before the first stamp that is left: a warning tells of a gap' \
	"$(cut -d: -f2,4 err)" " warning: lines between \
@400000006920000100000000 and @400000006920000200000000 are missing"

# The hour that daylight saving repeats: the position tells which one it is.
mkdir hour
printf '%s\n' '2026-10-25 02:40:00 a' '2026-10-25 02:10:00 b' >hour/current
touch -d '2026-10-25 01:10:00Z' hour/current
rm place
TZ=Europe/Berlin rlogread -c place hour >/dev/null
printf '%s\n' '2026-10-25 02:20:00 c' >>hour/current
is 'the hour after a position is that of the line before it' \
	"$(TZ=Europe/Berlin rlogread -o utc -c place hour)" \
	'2026-10-25 01:20:00.000000Z c'
printf '%s\n' '2026-10-25 02:30:00 d' '2026-10-25 02:50:00 e' >hour/current
is 'the same when its file is gone' \
	"$(TZ=Europe/Berlin rlogread -o utc -c place hour | cut -c12-19)" \
	'01:30:00
01:50:00'

printf '2026-10-25 02:%s:00 a\n' 10 50 20 >hour/current
rm place
TZ=Europe/Berlin rlogread -c place hour >/dev/null
echo '2026-10-25 02:30:00 b' >>hour/current
is 'the same when only a line within the block tells it' \
	"$(TZ=Europe/Berlin rlogread -o utc -c place hour)" \
	'2026-10-25 01:30:00.000000Z b'

# The archives that a window leaves out are before the position, too.
mkdir gap
line "gap/$(name 3 s)" 1 a
: >gap/current
echo ' more of a' >gap/current
rm place
rlogread -S @400000006920020000000000 -c place gap >/dev/null
echo ' and more' >>gap/current
is 'a line without a stamp, after archives that a window left out' \
	"$(rlogread -U @400000006920000000000000 -c place gap)" ''

echo bare >"gap/$(name 3 s)"
rm place
rlogread -S @400000006920020000000000 -c place gap >/dev/null 2>&1
echo ' and more' >>gap/current
is 'the same where no line has a stamp: none is printed, and exit 1' \
	"$(rlogread -S @400000006920000000000000 -c place gap 2>err; echo $?)" 1
ok 'and a sentence says so' grep -q 'no line begins with a time' err

# Of an incomplete line the zone of its stamp can still be missing.
mkdir torn
line="2026-11-20T14:05:33.123456+11:00 one" n=1
printf '%s\n' "$line" 2026-11-20T14:05:34.123456+11:00 >lines
wrong=
while [ $n -le ${#line} ]; do
	rm -rf torn/* place
	head -c $n lines >torn/current
	rlogread -c place torn >got
	rm torn/current
	gzip -c lines >torn/@400000006affb90900000000.s
	: >torn/current
	rlogread -c place torn >>got
	cmp -s got lines || wrong="$wrong $n"
	n=$((n + 1))
done
is 'a stamp that is read before its end loses no line' "$wrong" ''

mkdir fresh
line "fresh/$(name 2 s)" 1 a
: >fresh/current
spawn sh -c 'exec rlogread -f -o utc -c begun fresh >got'
ok 'a follower that has a new current open' wait_for 10 grep -q a got
ok 'it has it open' wait_for 10 eval \
	'ls -l "/proc/$spawned/fd" | grep -q fresh/current'
kill -s TERM "$spawned"
wait_for 10 gone "$spawned"
is 'the position before the first line of a file is that after the file before' \
	"$(rlogread -c begun fresh)" ''
done_testing
