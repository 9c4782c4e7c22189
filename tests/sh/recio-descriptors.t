#!/bin/sh
# The program's descriptors are of the kind that it would have without recio.
. "$(dirname "$0")/../lib.sh"
peer() {
	perl "$top/tests/tools/peer.pl" "$@"
}

cat >kinds.pl <<'S'
use Fcntl ':mode';
print join ' ', map {
	my @s = stat $_;
	!@s ? 'closed' : S_ISSOCK($s[2]) ? "socket:$s[1]" :
	S_ISFIFO($s[2]) ? "pipe" : 'other' } *STDIN, *STDOUT, *STDERR;
print "\n";
S
peer 'end' recio perl kinds.pl 2>log | sed 's/<eof>//' >kinds
is "one socket: one socket" \
	"$(sed -E 's/^socket:([0-9]+) socket:\1 other$/same/;q' kinds)" same
peer 'pipes end' recio perl kinds.pl 2>log >kinds
is "two pipes: two pipes" "$(head -n 1 kinds)" "pipe pipe other"
is "a file in, a pipe out: two pipes" \
	"$(recio perl kinds.pl </dev/null 2>log)" "pipe pipe other"
cat >which.sh <<'S'
open=
for fd in 0 1 2; do
	[ ! -e /proc/$$/fd/$fd ] || open="$open $fd"
done
echo "$open" >which
S
recio sh which.sh <&- 2>log
is "0 closed: 0 closed" "$(cat which)" " 1 2"
recio sh which.sh </dev/null >&- 2>log
is "1 closed: 1 closed" "$(cat which)" " 0 2"
recio sh which.sh </dev/null >&- 2>&-
is "1 and 2 closed: both closed" "$(cat which)" " 0"
is "2 closed: the session goes on" "$(recio sh -c 'echo said' 2>&-)" said

# Prints how the client's socket sends, as the parent of the program sees it.
cat >delay.pl <<'S'
use IO::Socket::INET;
use Socket qw(IPPROTO_TCP TCP_NODELAY);
my $listener = IO::Socket::INET->new(Listen => 1, LocalAddr => '127.0.0.1')
	or die "unable to listen: $!\n";
my $client = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
	PeerPort => $listener->sockport) or die "unable to connect: $!\n";
my $server = $listener->accept or die "unable to accept: $!\n";
my $pid = fork // die "unable to fork: $!\n";
if (!$pid) {
	open STDIN, '<&', $server;
	open STDOUT, '>&', $server;
	exec @ARGV;
}
alarm 60;
sysread $client, my $greeting, 100;
print getsockopt($server, IPPROTO_TCP, TCP_NODELAY) eq pack('i', 0)
	? 'delay' : 'no delay', "\n";
shutdown $client, 1;
waitpid $pid, 0;
S
mkdir raw
for program in recio 'rawio -d raw'; do
	# shellcheck disable=SC2086 # its words
	is "$program: TCP sends what the program writes at once" \
		"$(perl delay.pl $program sh -c 'echo 220; cat' 2>log-delay)" \
		'no delay'
done

is "a program can write to 0 and read from 1" \
	"$(peer 'send:hello\n end' recio perl -e \
		'open my $w, ">&=0"; open my $r, "<&=1"; $_ = <$r>;
		syswrite $w, "got $_"' 2>log)" \
	"$(printf 'got hello\n<eof>')"
is "getpeername answers, as on a socket" \
	"$(peer end recio perl -e 'print getpeername(STDIN) ? "yes" : "no $!"' \
		2>log)" 'yes<eof>'
cat >nonblock.pl <<'S'
use Fcntl;
fcntl STDIN, F_SETFL, fcntl(STDIN, F_GETFL, 0) | O_NONBLOCK;
my $n = sysread STDIN, my $b, 1;
syswrite STDOUT, (defined $n ? "read $n" : $!{EAGAIN} ? 'again' : $!) . "\n";
vec(my $r = '', 0, 1) = 1;
select $r, undef, undef, undef;
sysread STDIN, $b, 100;
syswrite STDOUT, $b;
S
is "O_NONBLOCK set by the program is its own" \
	"$(peer 'line send:more\n end' recio perl nonblock.pl 2>log)" \
	"$(printf 'again\nmore\n<eof>')"

# Nothing that the program has open is held open by the relay.
mkfifo up held
spawn sh -c 'exec recio sh -c "exec 7>&-; cat >/dev/null" <up 7>held 2>log'
exec 9>up
is "other descriptors are not held by the relay" \
	"$(timeout 300 cat held && echo ended)" ended
exec 9>&-

needs_linux "the portable forms call neither"
for fault in close_range:error=ENOSYS pwritev2:error=EOPNOTSUPP; do
	if strace -o /dev/null true 2>/dev/null; then
		# shellcheck disable=SC3045 # so that closing them all is quick
		(ulimit -n 256
		printf 'a\nb\n' | strace -f -o trace -e inject="$fault" \
			recio cat 2>log | cat >out)
		is "without ${fault%%:*} it works too" "$(cat out)" \
			"$(printf 'a\nb')"
		ok "without ${fault%%:*}: strace saw the call fail" \
			grep -q INJECTED trace
	else
		skip "strace cannot trace here" 2
	fi
done
done_testing
