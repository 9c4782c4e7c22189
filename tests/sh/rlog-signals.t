#!/bin/sh
# rlog: the end of input, TERM, ALRM, and an input left non-blocking.
. "$(dirname "$0")/../lib.sh"
needs_linux "without a boot id no line goes on"
mkfifo pipe
start() {
	spawn sh -c 'exec rlog "$@" <pipe' sh "$@"
	exec 3<>pipe
}
has() { grep -qx "$2" "$1" 2>/dev/null; }

start ./a
echo one >&3
wait_for 10 has a/current one
kill -TERM "$spawned"
ok "TERM ends an idle rlog at once" wait_for 10 gone "$spawned"
wait "$spawned"
is "TERM when idle: exit 0" $? 0
is "TERM when idle: current is clean" "$(stat -c %a a/current)" 744

for sig in HUP INT; do
	start ./a
	echo $sig >&3
	wait_for 10 has a/current $sig
	kill -$sig "$spawned"
	ok "$sig ends an idle rlog at once" wait_for 10 gone "$spawned"
	wait "$spawned"
	is "$sig: exit 0" $? 0
done

# In the middle of a line: at once, and the next rlog goes on there.
start ./b
printf 'one\ntw' >&3
wait_for 10 has b/current one
kill -TERM "$spawned"
ok "TERM in the middle of a line ends rlog at once" wait_for 10 gone "$spawned"
wait "$spawned"
is "TERM in the middle of a line: exit 0" $? 0
is "TERM in the middle of a line: none of the line is written" \
	"$(cat b/current)" one
start ./b
printf 'o\nthree\n' >&3
ok "on the same pipe the line goes on" wait_for 10 has b/current three
is "on the same pipe the line is whole" \
	"$(cat b/current)" "$(printf 'one\ntwo\nthree')"
printf 'four\nfi' >&3
wait_for 10 has b/current four
kill -TERM "$spawned"
wait_for 10 gone "$spawned"
exec 3>&-
# While there are both, they have different inodes.
mkfifo another
mv another pipe
start ./b
printf 'six\nse' >&3
wait_for 10 has b/current six
is "on another pipe a newline ends the partial line" "$(tail -n 2 b/current)" \
	"$(printf 'fi\nsix')"
kill -TERM "$spawned"
wait_for 10 gone "$spawned"
start ./b
printf 'ven\n' >&3
ok "the line goes on after a restart on that other pipe" \
	wait_for 10 has b/current seven
kill -TERM "$spawned"
wait_for 10 gone "$spawned"
exec 3>&-

# Many restarts on a busy pipe.
rm pipe
mkfifo pipe
exec 3<>pipe
spawn perl -e 'open P, ">", "pipe"; P->autoflush;
	print P "$_\n" for 100000 .. 199999, "end"'
terms=0
until has d/current end; do
	n=$(cat d/@* d/current 2>/dev/null | wc -l)
	spawn sh -c 'exec rlog s16384 n10000 ./d <pipe'
	more() { [ "$(cat d/@* d/current 2>/dev/null | wc -l)" -gt "$n" ]; }
	wait_for 10 more || break
	kill -TERM "$spawned"
	wait_for 10 gone "$spawned"
	terms=$((terms + 1))
done
echo "# $terms TERMs"
(seq 100000 199999 && echo end) >want
cat d/@* d/current >out
same "TERMs on a busy pipe: every line once" out want
is "TERMs on a busy pipe: every end was clean" \
	"$(find d -name '@*.u' | wc -l)" 0
exec 3>&-

start ./e ./f =st '-*' ./g
echo one >&3
wait_for 10 has f/current one
count_open() { find "/proc/$spawned/fd" -type l | wc -l; }
as_before() { [ "$(count_open)" = "$open" ]; }
wait_for 10 has st one
# Nothing is being done, so that nothing is open for a moment.
wait_for 10 asleep "$spawned"
open=$(count_open)
kill -ALRM "$spawned"
rotated() { [ "$(find "$1" -name '@*.s' | wc -l)" = "$2" ]; }
ok "ALRM rotates the first directory" wait_for 10 rotated e 1
ok "ALRM rotates the second directory" wait_for 10 rotated f 1
echo two >&3
wait_for 10 has e/current two
is "ALRM does not rotate an empty directory" "$(find g -name '@*' | wc -l)" 0
ok "after ALRM no descriptor is left open" wait_for 10 as_before
kill -TERM "$spawned"
wait_for 10 gone "$spawned"
exec 3>&-

# A pipe that another program has left non-blocking is not at its end.
perl -e 'use Fcntl; use IO::Handle;
	pipe(my $r, my $w); $w->autoflush;
	fcntl($r, F_SETFL, O_NONBLOCK);
	my $pid = fork // die;
	if (!$pid) { close $w; open STDIN, "<&", $r; exec "rlog", "./h" }
	close $r;
	my $there = sub { for (1 .. 15_000) {
		if (open my $f, "<", "h/current") {
			local $/; return 1 if (<$f> // "") =~ /$_[0]/ }
		select undef, undef, undef, 0.02 } 0 };
	print $w "one\n"; $there->("one") or die;
	print $w "two\n"; $there->("two") or die;
	close $w; waitpid $pid, 0; exit $? >> 8'
is "a non-blocking input is read up to its end" \
	"$? $(tr '\n' ' ' <h/current)" "0 one two "
# Nor where another process has been quicker.
if strace -o /dev/null true 2>/dev/null; then
	spawn sh -c 'printf "one\ntwo\n" >pipe'
	ASAN_OPTIONS=detect_leaks=0 strace -o trace -P "$T/pipe" -e trace=read \
		-e inject=read:error=EAGAIN:when=1 rlog ./again <pipe 2>err
	is "EAGAIN is not the end of the input" \
		"$? $(tr '\n' ' ' <again/current)$(cat err)" \
		"0 one two "
	ok "strace saw EAGAIN" grep -q 'EAGAIN.*INJECTED' trace
	spawn sh -c 'printf "one\ntw" >pipe'
	ASAN_OPTIONS=detect_leaks=0 strace -o trace -P "$T/pipe" -e trace=read \
		-e inject=read:error=EIO:when=2 rlog ./error <pipe 2>err
	is "an error of the input: exit 111, with a message" \
		"$? $(cat error/current err)" "111 one
rlog: fatal: unable to read standard input: Input/output error"
	echo o | rlog ./error
	is "after an error of the input the next rlog ends the line" \
		"$(tail -n 2 error/current | xargs)" \
		"tw o"
	rlog ./close </dev/null
	chmod 644 close/current
	printf 'one\n' | ASAN_OPTIONS=detect_leaks=0 strace -o trace \
		-e trace=fsync -e inject=fsync:error=EIO rlog ./close 2>err
	is "a current that can't be synced at the end: exit 111" \
		"$? $(cat err)" "111 \
rlog: warning: unable to sync ./close/current: Input/output error"
	is "a current that can't be synced is not marked as clean" \
		"$(stat -c %a close/current)" 644
else
	skip "strace cannot trace here" 6
fi

rlog ./i </dev/null
is "the end of input: exit 0" $? 0
is "the end of input leaves a clean current" "$(stat -c %a i/current)" 744
done_testing
