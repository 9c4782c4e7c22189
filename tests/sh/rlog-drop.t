#!/bin/sh
# rlog D: input that nobody takes is dropped, line by line, counted, and told in
# the log where it is missing.
. "$(dirname "$0")/../lib.sh"
mkfifo pipe gate

# A processor that waits for the gate holds the second rotation up.
start() {
	spawn sh -c 'exec rlog "$@" <pipe 2>err 3>&-' sh D100ms s4096 n100000 \
		'!cat; read x <../gate' "$@"
	exec 3<>pipe
}
open_gate() {
	spawn sh -c 'exec yes 1<>gate 3>&-'
}
finish() {
	exec 3>&-
	ok "$1: it ends" wait_for 20 gone "$rlog"
	cat d/@* d/current | sed 's/^@[0-9a-f]\{24\} //' >out
}
all() {
	perl -e 'my ($total, $bytes) = (shift, 0); my ($next, $gap) = (1, 0);
		while (<>) {
			if (/^rlog: dropped (\d+) lines, (\d+) bytes, from (\@[0-9a-f]{24}) to (\@[0-9a-f]{24})$/) {
				die "labels\n" if $3 gt $4;
				$gap = $1; $bytes = $2; $notes++; next }
			/^(\d+)$/ or die "torn: $_";
			if ($gap) { $bytes -= 8 * $gap; $next += $gap; $gap = 0 }
			$1 == 999999 + $next or die "found $1, not $next\n";
			$next++ }
		$next += $gap; $bytes -= 8 * $gap;
		die "$next of $total\n" if $next != $total + 1;
		die "$bytes bytes\n" if $bytes;
		print "$notes\n"' "$@"
}

start ./d
rlog=$spawned
ok "D: the service does not wait" timeout 300 sh -c 'seq 1000000 1199999 >&3'
ok "D: a warning says that input is dropped" \
	wait_for 10 grep -q 'input is dropped' err
open_gate
ok "D: a warning says that input is no longer dropped" \
	wait_for 20 grep -q 'no longer dropped' err
seq 1200000 1200009 >&3
finish "dropping"
is "D: a note counts the missing lines at their place" "$(all 200010 out)" 1

# Killed while it drops, and again: the count is kept.
kill -KILL "$spawned"
rm -rf d
start ./d
seq 1000000 1199999 >&3
wait_for 10 grep -q 'input is dropped' err
empty() {
	perl -e 'ioctl(STDIN, 0x541b, my $n = "    ") or die;
		exit unpack("i", $n) != 0' <&3
}
wait_for 10 empty
kill -KILL "$spawned"
wait_for 10 gone "$spawned"
start ./d
rlog=$spawned
open_gate
wait_for 20 grep -q 'no longer dropped' err
seq 1200000 1200009 >&3
finish "killed while dropping"
is "killed while dropping: the next rlog counts the missing lines" \
	"$(all 200010 out)" 1
kill -KILL "$spawned"

# The next one has no D: it tells what was dropped, and drops nothing more.
rm -rf d
start ./d
seq 1000000 1199999 >&3
wait_for 10 grep -q 'input is dropped' err
wait_for 10 empty
kill -KILL "$spawned"
wait_for 10 gone "$spawned"
: >err
spawn sh -c 'exec rlog s4096 n100000 "!cat; read x <../gate" ./d <pipe 2>err 3>&-'
rlog=$spawned
spawn sh -c 'exec seq 1200000 1259999 >pipe 3>&-'
writer=$spawned
ok "without D the input has to wait again" wait_for 20 \
	grep -q 'the input has to wait' err
ok "without D the writer waits" kill -s 0 "$writer"
open_gate
ok "without D the writer ends when all is written" wait_for 60 gone "$writer"
finish "restarted without D"
is "restarted without D: lines dropped before are counted" "$(all 260000 out)" 1
is "restarted without D: no more lines are dropped" \
	"$(grep -c '^12[0-9]*$' out)" 60000
kill -KILL "$spawned"

# The beginning of a line is dropped, and more of it can come.
drop_in_a_line() {
	rm -rf d
	: >err
	start ./d
	rlog=$spawned
	seq 1000000 1199999 >&3
	wait_for 10 grep -q 'input is dropped' err
	printf 120 >&3
	wait_for 10 empty
}

# What follows the line that was being dropped is not dropped any more.
drop_in_a_line
open_gate
# As the ring says, all is written; then nothing is due, and no rotation goes on.
all_is_written() {
	perl -e 'open my $f, "<", "d/intake"; read $f, my $header, 2048;
		my $slot = substr $header,
			1024 + (unpack("x24 Q", $header) >> 16) % 2 * 512, 512;
		my ($head, $tail, $busy) = unpack "x16 Q2 x94 C", $slot;
		exit !(!$busy && $head == $tail)' &&
		[ "$(stat -c %s d/current)" -lt 2096 ] &&
		[ ! -e d/previous ] && [ ! -e d/processing ] &&
		asleep "$rlog"
}
wait_for 20 all_is_written
reads() {
	sed -n 's/^syscr: //p' "/proc/$rlog/io"
}
before=$(reads)
(head -c 100000 /dev/zero | tr '\0' 0 && printf '\n1200001\n') >&3
wait_for 20 grep -q 'no longer dropped' err
ok "the long rest of a dropped line is not read byte by byte" \
	test $(($(reads) - before)) -lt 1000
finish "in the middle of a line, which goes on"
is "the line after a dropped one is written" "$(tail -n 1 out)" 1200001
kill -KILL "$spawned"

# The input ends in the middle of a line that is dropped.
drop_in_a_line
exec 3>&-
open_gate
finish "in the middle of a line"
is "a line dropped at the end of the input is counted" \
	"$(sed -n 's/^rlog: dropped \([0-9]*\) .*/\1/p' out)" \
	$((200001 - $(grep -c '^1[0-9]*$' out)))
kill -KILL "$spawned"

# The input ends while the rest of a line is dropped that the log has begun.
rm -rf d
: >err
start l0 ./d
rlog=$spawned
(printf 'long ' && head -c 300000 /dev/zero | tr '\0' x) >&3
wait_for 10 grep -q 'input is dropped' err
printf xxx >&3
wait_for 10 empty
exec 3>&-
open_gate
finish "in the middle of a long line"
is "a line dropped after its beginning is counted, no line is empty" \
	"$(cut -d ' ' -f 1-4 out |
	sed 's/xx*/x/')" "$(printf 'long x\nrlog: dropped 1 lines,')"
kill -KILL "$spawned"

# A signal in the middle of a line that is dropped, without a ring.
rm -rf d
: >err
start J ./d
rlog=$spawned
seq 1000000 1199999 >&3
wait_for 10 grep -q 'input is dropped' err
printf 120 >&3
wait_for 10 empty
open_gate
kill -s TERM "$rlog"
ok "TERM, without a ring, in the middle of a line: it ends" \
	wait_for 20 gone "$rlog"
exec 3>&-
kill -KILL "$spawned"

# A line is dropped of which the writer has seen more bytes, none of them a
# newline, than the note has.
rm -rf d
: >err
spawn sh -c 'exec rlog D100ms n100 "!cat; read x <../gate" ./d <pipe 2>err 3>&-'
rlog=$spawned
exec 3<>pipe
echo one >&3
wait_for 10 grep -q one d/current
kill -s ALRM "$rlog"
wait_for 10 test ! -s d/current
perl -e 'syswrite STDOUT, "two\n" . "x" x 1000' >&3
wait_for 10 grep -q two d/current
kill -s ALRM "$rlog"
perl -e 'print "x" x 300000' >&3
wait_for 10 grep -q 'input is dropped' err
echo >&3
wait_for 10 empty
open_gate
wait_for 10 grep -q 'no longer dropped' err
finish "a long line that was scanned"
is "a line dropped after it was scanned is counted, and nothing else written" \
	"$(cut -c 1-100 out | cut -d ' ' -f 1-5)" \
	"$(printf 'one\ntwo\nrlog: dropped 1 lines, 301001')"
kill -KILL "$spawned"

# The note is for everyone, whatever they have selected.
rm -rf d
start '-*' ./e '+*9' ./d
rlog=$spawned
seq 1000000 1999999 >&3
wait_for 10 grep -q 'input is dropped' err
open_gate
finish "with patterns"
sed -n 's/.*dropped \([0-9]*\) .*/# \1 dropped/p' out
is "the note is in each directory" \
	"$(grep -c dropped out) $(grep -c dropped e/current)" "1 1"
is "a directory that selects no line has the note only" "$(wc -l <e/current)" 1
done_testing
