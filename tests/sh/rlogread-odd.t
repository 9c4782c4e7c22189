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
is 'equal labels' "$(read_all equal)" 'a1 a2 a3 a4 a5 b'
is 'a window of one label' \
	"$(read_all -S @400000006920000500000000 -U @400000006920000500000000 equal)" \
	'a1 a2 a3 a4 a5'

mkdir bare
printf 'one\ntwo\n' >"bare/$(name 16 s)"
printf 'three\nfour' >bare/current
rlogread bare >got
is 'no labels, and a partial last line' "$(cat got)" "one
two
three
four"
is 'which stays partial' "$(tail -c 4 got)" four
is 'its last line' "$(rlogread -n 1 bare)" four
is 'its last two' "$(rlogread -n 2 bare)" "three
four"
is 'no line' "$(rlogread -n 0 bare)" ''
is 'more than there are' "$(rlogread -n 9 bare | tr '\n' ' ')" 'one two three four'

mkdir joined
printf '@400000006920000100000000 be' >"joined/$(name 2 s)"
printf 'gun\n' >joined/current
is 'a line that a rotation has cut goes on' \
	"$(rlogread -o utc joined)" '2025-11-21 06:00:23.000000Z begun'
printf '@400000006920000100000000 half' >"joined/$(name 2 u)"
rm "joined/$(name 2 s)"
printf '@400000006920000300000000 whole\n' >joined/current
is 'one that a crash has cut does not' "$(rlogread joined | cut -d' ' -f2)" \
	"half
whole"
is 'nor when lines are merged' "$(rlogread joined joined | cut -d' ' -f2)" \
	"half
half
whole
whole"

mkdir bytes
perl -e 'print "@400000006920000100000000 ", "x" x 3_000_000, "\0\xff\n",
	"@400000006920000200000000 end\n"' >bytes/current
rlogread bytes >got
same 'a line of 3 MB, with a NUL' bytes/current got
rlogread -o tai64nlocal bytes | sed 's/^2025-11-21 06:00:23.0*/@400000006920000100000000/
	s/^2025-11-21 06:00:24.0*/@400000006920000200000000/' >got
same 'as lines, too' bytes/current got
is 'the last of them' "$(rlogread -n 1 bytes | cut -d' ' -f2)" end

mkdir moving
line "moving/$(name 2 s)" 1 a
line moving/previous 3 b
line moving/processed 3 B
line moving/current 5 c
is 'previous is read while it is processed' "$(read_all moving)" 'a b c'
rm moving/previous
is 'processed does not count while it is not complete' "$(read_all moving)" 'a c'
chmod u+x moving/processed
is 'and does when it is' "$(read_all moving)" 'a B c'
ln moving/processed "moving/$(name 4 s)"
is 'but not twice' "$(read_all moving)" 'a B c'
rm moving/processed
ln "moving/$(name 4 s)" moving/previous
is 'nor does previous' "$(read_all moving)" 'a B c'
cp "moving/$(name 4 s)" "moving/$(name 4 s).gz"
cp "moving/$(name 4 s)" "moving/$(name 4 t)"
echo no >moving/@4000
echo no >moving/state
echo no >moving/intake
echo no >"moving/$(name 9 s)~"
ln -s "$T/equal/current" "moving/$(name 8 s)" 2>/dev/null
rlogread moving >got 2>err
is 'what is derived, temporary, a link or no archive is left out' \
	"$(cut -d' ' -f2 got | tr '\n' ' ')" 'a B c '

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
is 'late lines of both' "$(read_all -S "$(at 570)" -U "$(at 605)" back)" 'a2 b2'
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
is 'by less than a minute within one' \
	"$(read_all -S "$(at 260)" -U "$(at 302)" within)" 'a2 b1'

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
is 'the last lines of both' "$(rlogread -n 3 two three | sed 's/^@[0-9a-f]* //')" \
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
same 'what is no label goes through unchanged' want got
rlogread -o raw <odd >got
same 'raw is as it is' odd got
printf '@400000006920000100000000' | rlogread -o unix >got
is 'a label and nothing else' "$(cat got)" 1763704823.000000000
done_testing
