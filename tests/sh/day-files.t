#!/bin/sh
# doc/examples/day-files: each line of a log goes to the file of its day, once;
# archives are removed when their lines are in these files, and not before.
. "$(dirname "$0")/../lib.sh"

day_files=$top/doc/examples/day-files
TZ=CET-1CEST,M3.5.0,M10.5.0/3
export TZ
# A log of three days of local time: 23:00 UTC is midnight.
mkdir log days
# archive UNIX_TIME: the time of its end.
archive() {
	name=log/@40000000$(printf %08x $(($1 + 10)))00000000.s
	cat >"$name"
	chmod 744 "$name"
}
archive 1763679600 <<'E'
2025-11-20T12:00:00.000000000Z 1
2025-11-20T22:59:59.999999999Z 2
E
{
	echo '2025-11-20T23:00:00.000000000Z 3'
	echo 'no stamp: 3'
	printf '2025-11-21T12:00:00.000000000Z \377 4\n'
} | gzip | archive 1763766000
echo '2025-11-21T23:00:00.000000000Z 5' >log/current
chmod 744 log/current
texts() {
	sed 's/^20[^ ]* [^ ]* //' "$1" | tr '\n' ' '
}

ok "a log becomes files of days" "$day_files" log days/x
is "there is a file for each day, and the position" \
	"$(cd days && echo *)" 'x.2025-11-20 x.2025-11-21 x.2025-11-22 x.position'
is "the first day: times are local" "$(cat days/x.2025-11-20)" \
	'2025-11-20 13:00:00.000000000 1
2025-11-20 23:59:59.999999999 2'
is "the second day: a compressed archive, and a line without a stamp" \
	"$(texts days/x.2025-11-21)" "3 no stamp: 3 $(printf '\377') 4 "
is "the third day: current" "$(texts days/x.2025-11-22)" '5 '
is "archives are removed, and current is not" "$(cd log && echo *)" current
ok "again, with nothing new" "$day_files" log days/x
is "no line is twice" "$(cat days/x.2* | wc -l)" 6

# rlog goes on with the log, and rotates it between two runs.
seq 100 120 | rlog T s4096 n1000 ./log
ok "with new lines" "$day_files" log days/x
seq 121 500 | rlog T s4096 n1000 ./log
ok "with archives that have old and new lines" "$day_files" log days/x
cat days/x.2* | sed -n 's/.* \([0-9]\{3\}\)$/\1/p' >got
seq 100 500 >want
same "each line is in the files once, in order" got want
is "archives are removed again" "$(cd log && echo *)" 'current intake lock'

# Trouble: an archive that can't be read, a full disk, and a kill.
seq 501 900 | rlog T s4096 n1000 ./log
for archive in log/@*; do
	:
done
mv "$archive" whole
printf '\037\213\010broken' >"$archive"
cp -R days before
count=$(find log -name '@*' | wc -l)
ok "a damaged archive: the run fails" \
	sh -c '! "$1" log days/x 2>err' sh "$day_files"
is "a damaged archive: none is removed" "$(find log -name '@*' | wc -l)" \
	"$count"
ok "a damaged archive: the files stay as they are" sh -c \
	'for f in before/*; do cmp "$f" "days/${f#before/}" || exit; done'
mv whole "$archive"
mkdir bin
printf '#!/bin/sh\nexit 1\n' >bin/sync
chmod +x bin/sync
ok "an interrupted run: it fails" \
	sh -c '! PATH=$PWD/bin:$PATH "$1" log days/x' sh "$day_files"
is "an interrupted run: no archive is removed" \
	"$(find log -name '@*' | wc -l)" "$count"
ok "the next run" "$day_files" log days/x
cat days/x.2* | sed -n 's/.* \([0-9]\{3\}\)$/\1/p' | sort -u >got
seq 100 900 >want
same "the next run: no line is lost" got want
is "the next run: archives are removed" "$(cd log && echo *)" \
	'current intake lock'
done_testing
