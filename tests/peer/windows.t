#!/bin/sh
# Windows of time over logs that multilog, s6-log, svlogd and rlog have written,
# with a clock that runs 3,600 times as fast: equal to filtering all lines by
# label, also with compressed archives, and read without reading all.
. "$(dirname "$0")/../lib.sh"

# faketime and strace stand between.
ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0
export ASAN_OPTIONS
numbers=$top/tests/tools/numbers.pl
windows=$top/tests/tools/windows.pl

# The log of an hour, by the command.
log() {
	ok "$1 writes a log" sh -c \
		"'$numbers' 20000 1000 | faketime -f '@2026-11-20 10:00:00 x3600' $2"
}

windows_are_right() {
	is "$1: 60 windows" "$("$windows" "$1" 60)" \
		"60 windows, 0 differ, some lines"
}

if ! command -v faketime >/dev/null; then
	skip 'there is no faketime' 13
	done_testing
fi
mkdir svlogd s6-log
printf 's16384\nn1000\n' >svlogd/config
log multilog 'multilog t s16384 n1000 ./multilog'
log s6-log 's6-log -b t s16384 n1000 ./s6-log'
log svlogd 'svlogd -t ./svlogd'
log rlog 'rlog t s16384 n1000 ./rlog'
for dir in multilog s6-log svlogd rlog; do
	windows_are_right $dir
done

# Every other archive compressed, in turn by each program, and one crashed.
cp -R rlog packed
n=0
for file in packed/@*; do
	n=$((n + 1))
	case $((n % 6)) in
	0) gzip "$file" ;;
	2) zstd -q --rm "$file" ;;
	4) xz "$file" ;;
	5) mv "$file" "${file%.s}.u" ;;
	esac
done
ok 'the log has compressed archives' \
	test "$(find packed -name '*.xz' | wc -l)" -gt 3
windows_are_right packed
cat rlog/@* rlog/current >all
rlogread packed >got
same 'rlogread reads all lines of compressed archives' all got

# Bytes that were read, for ten minutes out of an hour.
bytes_read() {
	strace -f -e trace=read,pread64 -o trace "$@" >/dev/null
	sed -n 's/.*pread64([0-9]*, .* = \([0-9]*\)$/\1/p' trace |
		awk '{ n += $1 } END { print n + 0 }'
}
whole=$(bytes_read rlogread rlog)
TZ=UTC0
export TZ
set -- -S '2026-11-20 10:20' -U '2026-11-20 10:26'
part=$(bytes_read rlogread "$@" rlog)
ok 'the window has lines' test "$(rlogread "$@" rlog | wc -l)" -gt 500
echo "# $part bytes read for 6 minutes, $whole for all of the hour"
ok 'a window reads less than a third of the log' test $((part * 3)) -lt "$whole"
done_testing
