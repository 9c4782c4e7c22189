#!/bin/sh
# Odd logs: equal labels, no labels, long lines, NULs, a partial last line, .u
# files, what is being rotated, a clock that was set back, files that are no
# archives, and lines that look like labels.
. "$(dirname "$0")/../lib.sh"

TZ=UTC0
export TZ

# line DIR/FILE SECOND TEXT: a line with a label, seconds as three hex digits.
line() {
	printf '@400000006920%04x%08x %s\n' "$2" "${4:-0}" "$3" >>"$1"
}

name() {
	printf '@400000006920%04x00000000.%s' "$1" "$2"
}

read_all() {
	rlogread "$@" | cut -d' ' -f2- | tr '\n' ' ' | sed 's/ $//'
}

mkdir equal
for n in 1 2 3; do line "equal/$(name 10 s)" 5 "a$n"; done
for n in 4 5; do line equal/current 5 "a$n"; done
line equal/current 6 b
is 'lines with equal labels stay in order' \
	"$(read_all equal)" 'a1 a2 a3 a4 a5 b'
is 'a window of one label has all its lines' \
	"$(read_all -S @400000006920000500000000 -U @400000006920000500000000 equal)" \
	'a1 a2 a3 a4 a5'

mkdir bare
printf 'one\ntwo\n' >"bare/$(name 16 s)"
printf 'three\nfour' >bare/current
rlogread bare >got
is 'lines without labels, and a partial last line, are printed' \
	"$(cat got)" "one
two
three
four"
is 'a partial last line gets no newline' "$(tail -c 4 got)" four
is '-n 1 of a log with a partial last line' "$(rlogread -n 1 bare)" four
is '-n 2 of a log with a partial last line' "$(rlogread -n 2 bare)" "three
four"
is '-n 0 prints no line' "$(rlogread -n 0 bare)" ''
is '-n with more lines than there are prints all' \
	"$(rlogread -n 9 bare | tr '\n' ' ')" 'one two three four'

mkdir joined
printf '@400000006920000100000000 be' >"joined/$(name 2 s)"
printf 'gun\n' >joined/current
is 'a line cut by a rotation is joined' \
	"$(rlogread -o utc joined)" '2025-11-21 06:00:23.000000Z begun'
printf '@400000006920000100000000 half' >"joined/$(name 2 u)"
rm "joined/$(name 2 s)"
printf '@400000006920000300000000 whole\n' >joined/current
is 'a line cut by a crash is not joined' "$(rlogread joined | cut -d' ' -f2)" \
	"half
whole"
is 'a line cut by a crash is not joined in a merge' \
	"$(rlogread joined joined | cut -d' ' -f2)" \
	"half
half
whole
whole"

mkdir bytes
perl -e 'print "@400000006920000100000000 ", "x" x 3_000_000, "\0\xff\n",
	"@400000006920000200000000 end\n"' >bytes/current
rlogread bytes >got
same 'a line of 3 MB with a NUL is printed whole' bytes/current got
rlogread -o tai64nlocal bytes | sed 's/^2025-11-21 06:00:23.0*/@400000006920000100000000/
	s/^2025-11-21 06:00:24.0*/@400000006920000200000000/' >got
same 'a line of 3 MB is printed whole when lines are merged' bytes/current got
is '-n 1 prints a last line of 3 MB' \
	"$(rlogread -n 1 bytes | cut -d' ' -f2)" end

mkdir magic
printf '\037\213 is how gzip begins\nnext\n' >magic/current
rlogread magic >got 2>err
same 'current is read as it is, also if it begins as a compressed file' \
	magic/current got
is '-n 1 of a current that begins as a compressed file' \
	"$(rlogread -n 1 magic 2>&1)" next

mkdir moving
line "moving/$(name 2 s)" 1 a
line moving/previous 3 b
line moving/processed 3 B
line moving/current 5 c
is 'previous is read while it is processed' "$(read_all moving)" 'a b c'
rm moving/previous
is 'processed does not count while it is not complete' "$(read_all moving)" 'a c'
chmod u+x moving/processed
is 'processed is read when it is complete' "$(read_all moving)" 'a B c'
ln moving/processed "moving/$(name 4 s)"
is 'processed and its archive are not both read' "$(read_all moving)" 'a B c'
rm moving/processed
ln "moving/$(name 4 s)" moving/previous
is 'previous and its archive are not both read' "$(read_all moving)" 'a B c'
cp "moving/$(name 4 s)" "moving/$(name 4 s).gz"
cp "moving/$(name 4 s)" "moving/$(name 4 t)"
echo no >moving/@4000
echo no >moving/state
echo no >moving/intake
echo no >"moving/$(name 9 s)~"
ln -s "$T/equal/current" "moving/$(name 8 s)" 2>/dev/null
rlogread moving >got 2>err
is 'derived and temporary files, links and no archives are left out' \
	"$(cut -d' ' -f2 got | tr '\n' ' ')" 'a B c '

# A current that is no file of its own is told, not passed over in silence.
for kind in link fifo directory; do
	mkdir "$kind"
	line "$kind/$(name 4 s)" 4 a
done
ln -s ../moving/current link/current
mkfifo fifo/current
mkdir directory/current
for kind in link fifo directory; do
	rlogread "$kind" >got 2>err
	is "current is a $kind: exit code and message" "$? $(cat err)" \
		"111 rlogread: warning: unable to use $T/$kind/current: it is not a regular file"
	is "current is a $kind: archives are read" "$(cut -d' ' -f2 got)" a
done
is 'rlogsess tells it too' "$(rlogsess link 2>&1 >/dev/null | head -n 1)" \
	"rlogsess: warning: unable to use $T/link/current: it is not a regular file"

mkdir back
line "back/$(name 600 s)" 100 a1
line "back/$(name 600 s)" 590 a2
line "back/$(name 601 s)" 110 b1
line "back/$(name 601 s)" 580 b2
line "back/$(name 900 s)" 610 c1
line back/current 950 d1
at() {
	printf '@40000000692%05x00000000' "$1"
}
is 'the clock was set back between archives' \
	"$(read_all -S "$(at 90)" -U "$(at 200)" back)" 'a1 b1'
is '-n of archives when the clock was set back' \
	"$(read_all -S "$(at 570)" -U "$(at 605)" back)" 'a2 b2'
mkdir earlier
line "earlier/$(name 300 s)" 590 x1
line "earlier/$(name 300 s)" 110 x2
line earlier/current 310 y
is 'an archive that ends before it begins' \
	"$(read_all -S "$(at 90)" -U "$(at 200)" earlier)" x2
mkdir within
line "within/$(name 310 s)" 100 a1
line "within/$(name 310 s)" 300 a2
line "within/$(name 310 s)" 270 b1
line "within/$(name 310 s)" 305 b2
line within/current 400 c
is 'labels set back by less than a minute within an archive' \
	"$(read_all -S "$(at 260)" -U "$(at 302)" within)" 'a2 b1'

# Its lines may be as old as the name of the archive two before it.
mkdir packed
line "packed/$(name 100 s)" 90 a
line "packed/$(name 300 s)" 200 b
line "packed/$(name 500 s)" 220 c
gzip -c "packed/$(name 500 s)" >gz
mv gz "packed/$(name 500 s)"
line packed/current 600 d
is 'a compressed archive that begins before the one before it ended' \
	"$(read_all -S "$(at 210)" -U "$(at 225)" packed)" c

mkdir two three
line two/current 1 a1
printf ' goes with a1\n' >>two/current
line two/current 3 a2
line three/current 1 b1
line three/current 2 b2
line three/current 3 b3
is 'two logs are merged by label, stably' "$(rlogread two three |
	sed 's/^@[0-9a-f]* //')" "a1
 goes with a1
b1
b2
a2
b3"
mkdir late early
line late/current 1 late 2
line early/current 1 early 1
is 'two logs are merged by nanoseconds' "$(read_all late early)" 'early late'
is 'the last lines of two merged logs' \
	"$(rlogread -n 3 two three | sed 's/^@[0-9a-f]* //')" \
	"b2
a2
b3"
is 'a line without a label is in the window of the one before' \
	"$(rlogread -U @400000006920000100000000 two | tail -n 1)" ' goes with a1'

cat >odd <<'END'
@
@4000
@user said hi
@400000006920000100000000
@400000006920000100000000extra
@400000006920000100000000 x
@400000006920000100000000f
@40000000692000010000000g
@4000000069200001ffffffff
@ffffffffffffffffffffffff
@0000000000000000ffffffff
END
rlogread -o tai64nlocal <odd >got
sed 's/^@400000006920000100000000$/2025-11-21 06:00:23.000000000/
	s/^@400000006920000100000000 /2025-11-21 06:00:23.000000000 /' odd >want
same 'bytes that are no label are printed unchanged' want got
rlogread -o raw <odd >got
same '-o raw prints labels that are none unchanged' odd got
printf '@400000006920000100000000' | rlogread -o unix >got
is 'a line of a label and nothing else is printed' \
	"$(cat got)" 1763704823.000000000
done_testing
