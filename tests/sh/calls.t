#!/bin/sh
# How the bytes are read and written: in large pieces, and records in writes
# that a pipe keeps whole. Seen from outside, by strace.
. "$(dirname "$0")/../lib.sh"

if ! strace -o /dev/null true 2>/dev/null; then
	skip "strace cannot trace here" 5
	done_testing
fi
seq 1 200000 >lines

# The largest that a call, here "write(2, ...) = N" or its like, gave.
largest() {
	sed -n "s/^[0-9]* *$1.* = \([0-9]*\)\$/\1/p" trace | sort -n | tail -n 1
}
calls() {
	grep -c "^[0-9]* *$1" trace
}

strace -f -s 0 -e trace=read,write -o trace \
	recio -f in sh -c 'exec cat >/dev/null' <lines 2>log
wait_for 20 grep -q '< .EOF.$' log
is "recio reads 64 KiB at once" "$(largest 'read(0, ""..., 65536)')" 65536
ok "recio writes records in at most 4096 bytes" \
	[ "$(largest 'write(2, ')" -le 4096 ]
ok "recio writes records in nearly full writes" [ "$(calls 'write(2, ')" -lt \
	$(($(stat -c %s log) / 3500)) ]

seq 1 200000 | ASAN_OPTIONS=detect_leaks=0 \
	strace -f -s 0 -e trace=read,write,writev -o trace rlog t s100m ./d
ok "rlog asks for 64 KiB and more" grep -Eq \
	'read\(0, ""\.\.\., (6553[6-9]|[1-9][0-9]{5,})\)' trace
# 200,000 lines: one write a batch, and a batch is up to 256 KiB of output.
ok "rlog writes once a batch" [ "$(calls 'write')" -le \
	$(($(calls 'read(0, ') + $(stat -c %s d/current) / 200000)) ]
done_testing
