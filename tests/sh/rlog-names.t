#!/bin/sh
# rlog: names and labels only grow, also when the clock is set back; what can't
# be removed is in nobody's way.
. "$(dirname "$0")/../lib.sh"

future=@4fffffffffffffff00000000
mkdir -m 700 d
echo old >d/$future.s
seq 10000 19999 | rlog s4096 n4 ./d
is "n4: three archives are kept" "$(find d -name '@*' | wc -l)" 3
ok "the oldest is gone though its name says it is new" \
	test ! -e d/$future.s
is "names go on after it" "$(find d -name '@4fffffffffffffff*.s' | wc -l)" 3
cat d/@* d/current >out
seq 10000 19999 | tail -n "$(wc -l <out)" >want
same "the newest lines are kept, in the order of the names" out want

mkdir -m 700 e e/@000000000000000000000000.s
seq 10000 19999 | rlog s4096 n3 ./e 2>err
is "an archive that can't be removed is warned of once" "$(wc -l <err)" 1
ok "the warning names the archive that can't be removed" grep -q \
	'warning: unable to remove ./e/@000.*\.s: Is a directory' err
is "an archive that can't be removed does not count" \
	"$(find e -type f -name '@*' | wc -l)" 2
is "an archive that can't be removed: no line is lost" \
	"$(tail -n 1 e/current)" 19999

seq 100000 | rlog t s10m ./f
cut -c 1-25 f/current >labels
sort -u labels >sorted
same "labels are unique and increasing" labels sorted

# Labels are those of daemontools, both with a clock that stands.
when='2026-02-03 04:05:06'
if command -v faketime >/dev/null; then
	echo x | TZ=UTC faketime -f "$when" rlog t ./g
	echo x | TZ=UTC faketime -f "$when" tai64n >theirs
	is "the seconds are tai64n's" "$(cut -c 1-17 g/current)" \
		"$(cut -c 1-17 theirs)"
	is "tai64nlocal reads the time back" \
		"$(TZ=UTC tai64nlocal <g/current | sed 's/\.[0-9]\{9\} / /')" \
		"$when x"
else
	skip 'there is no faketime' 2
fi
done_testing
