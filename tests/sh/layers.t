#!/bin/sh
# The folders of src include headers of one another only as the Makefile's
# uses_FOLDER says, from src on, and no folder uses itself through others.  The
# tests that a file says it is tested by are there.
. "$(dirname "$0")/../lib.sh"

# "FOLDER USED" for each folder and each one that it uses.
awk '/^uses_[a-z]+ = / {
	sub(/^uses_/, "", $1)
	for (i = 3; i <= NF; i++) print $1, $i
}' "$top/Makefile" | sort >allowed
# The same for the headers that are included, with the file that does it.
(cd "$top/src" && grep -rn '^#include "' ./*/) | awk -F '[:"]' '{
	split($1, from, "/"); split($4, to, "/")
	if (from[2] != to[1]) print from[2], to[1], $1 ": " $4
}' | sort >included

ok "the Makefile says what each program uses" \
	test "$(cut -d' ' -f1 allowed | sort -u | grep -cxE \
	'recio|rawio|rlog|rlogfetch|rlogread|rlogsess|rlogship')" -eq 7
ok "headers of other folders are included" test -s included
is "no header is included but from a folder that the Makefile allows" \
	"$(awk 'NR == FNR { may[$1 " " $2] = 1; next }
		!(($1 " " $2) in may)' allowed included)" ""
is "each use that the Makefile allows is made" \
	"$(cut -d' ' -f1,2 included | sort -u | comm -13 - allowed)" ""
ok "no folder uses itself through others" sh -c "tsort allowed >sorted"

# The paths of tests in comments, each with its file; a * stands for any name.
(cd "$top/src" && grep -rno 'tests/[a-z0-9/_*.-]*[a-z*]' ./*/) >named
ok "files of src say what they are tested by" test "$(wc -l <named)" -gt 100
is "each test that they name is there" "$(while IFS=: read -r file line name; do
	# shellcheck disable=SC2086 # a pattern
	ls -d "$top"/$name >found 2>&1 || echo "$file:$line: $name"
done <named)" ""
done_testing
