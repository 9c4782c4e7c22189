#!/bin/sh
# Beside Dovecot's rawlog: the same session gives the same files, byte for byte,
# but for the time; and what rawlog spoils is not spoilt.
. "$(dirname "$0")/../lib.sh"

rawlog=/usr/lib/dovecot/rawlog
if [ ! -x $rawlog ] || ! setpriv --reuid nobody true 2>/dev/null; then
	skip "no rawlog, or not root, for whom it does not run" 15
	done_testing
fi
# rawlog's relay refuses root; its program finds its descriptors non-blocking.
chmod 755 .
mkdir home home/dovecot.rawlog
chown -R nobody home
as_nobody() {
	HOME=$T/home setpriv --reuid nobody --clear-groups "$@"
}
# Files of program $1 with options $2, in directory $3, times made alike. The
# client waits for each answer, so that each packet stands alone.
files_of() {
	rm -f home/dovecot.rawlog/*
	# shellcheck disable=SC2086 # one option a word
	as_nobody perl "$top/tests/tools/peer.pl" \
		'send:hello\nwor line send:ld\nx\n line send:\n\n end' \
		"$1" $2 -- /usr/bin/perl "$T/stop.pl" >"$3.got" 2>"$3.err"
	wait_for 10 complete
	mv ins "$3.in"
	mv outs "$3.out"
}
# What went in has come out: it is an echo.
times_alike() {
	sed -E 's/^[0-9]{10}\.[0-9]{6} /TIME /' "home/dovecot.rawlog/"*".$1"
}
complete() {
	times_alike in >ins
	times_alike out >outs
	[ -s ins ] && cmp ins outs
}
# Ends by itself when the client's last packet is answered.
cat >stop.pl <<'S'
use Fcntl;
fcntl STDIN, F_SETFL, fcntl(STDIN, F_GETFL, 0) & ~O_NONBLOCK;
while (sysread STDIN, $b, 8192) {
	syswrite STDOUT, $b;
	last if $b eq "\n\n";
}
S
rawio=$(command -v rawio)
for options in '' -t -b '-b -t'; do
	files_of $rawlog "$options" theirs
	files_of "$rawio" "$options" ours
	same "rawlog $options: the same .in" ours.in theirs.in
	same "rawlog $options: the same .out" ours.out theirs.out
	ok "rawlog $options: the .in file is not empty" test -s theirs.in
done
as_nobody "$rawio" -I /bin/true
ok "rawlog and rawio give files the same kind of name" \
	[ -n "$(find home/dovecot.rawlog -name \
	'????????-??????-[0-9]*.in')" ]

# What a program that knows nothing of O_NONBLOCK finds.
is "under rawlog cat fails" "$(as_nobody perl "$top/tests/tools/peer.pl" \
	'gone' $rawlog /bin/cat 2>&1 | tail -n 1)" '<status 1>'
is "under rawio cat works" "$(as_nobody perl "$top/tests/tools/peer.pl" \
	'send:x\n line shut end gone' "$rawio" /bin/cat 2>&1 | xargs)" \
	"x <eof> <status 0>"
done_testing
