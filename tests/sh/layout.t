#!/bin/sh
# The format of a log directory has one owner, src/logdir: no other folder
# writes its names, rlogdir.5 describes them, and rlog and rlogread take the
# same files for archives.
. "$(dirname "$0")/../lib.sh"

# "NAME" of each file, as layout.h has it.
sed -n 's/^#define LAYOUT_[A-Z]* \("[a-z]*"\).*/\1/p' \
	"$top/src/logdir/layout.h" >names
is "layout.h names the files" "$(wc -l <names)" 9
is "no other folder has a string with one of the names" \
	"$(grep -rnFf names "$top/src" | grep -v "^$top/src/logdir/layout.h:")" ""
tr -d '"' <names | while read -r name; do
	grep -q "^\.\(It \)\{0,1\}Pa $name\( \|\$\)" "$top/doc/rlogdir.5" ||
		echo "$name"
done >undescribed
is "rlogdir.5 has each of the names" "$(cat undescribed)" ""

# The archives of a log, each with its own name as its line.
mkdir -m 700 d
cat >archives <<'END'
@400000006920000100000001.s
@400000006920000100000002.s.gz
@400000006920000100000003.u
@400000006920000100000004.u.old-1_a
END
while read -r name; do
	echo "$name" >"d/$name"
done <archives
# Files that are no archives, older and younger than these.
for end in '' .t .S .x .sx .s~ .s.gz~ '.s. ' ".s.$(printf %036d 0)" ..s; do
	echo "other$end" >"d/@400000006920000000000001$end"
	echo "other$end" >"d/@400000006920000200000001$end"
done
for name in 4000 4000000069200001000000ZZ.s 4000000069200001000000AB.s \
	800000006920000100000000.s 40000000692000013b9aca00.s \
	40000000692000010000000011.s; do
	echo other >"d/@$name"
done
grep -rl other d | sort >others
is "the directory has 26 files that are no archives" "$(wc -l <others)" 26

there() {
	while read -r name; do
		test -e "d/$name" && echo "$name"
	done <archives
	grep -rl other d | sort | comm -3 - others
}
is "rlogread reads all archives, and no other file" "$(rlogread d)" \
	"$(cat archives)"
echo line | rlog n5 ./d
is "rlog counts no other file" "$(there)" "$(cat archives)"
rlog n3 ./d </dev/null
is "rlog removes the oldest archives, and no other file" "$(there)" \
	"$(tail -n 2 archives)"
done_testing
