#!/bin/sh
# rlog: input of which a read that is too short throws the rest away. A pipe may
# hold packets: none is cut, also when the ring is full, when lines are dropped,
# and at the end. A socket of messages is refused.
. "$(dirname "$0")/../lib.sh"
mkfifo gate

# packets SIZE FIRST LAST: a line of a number is a packet of this size, written
# to descriptor 1. O_DIRECT is set on the writer's end alone.
cat >packets.pl <<'EOF2'
use Fcntl;
my ($size, $first, $last) = @ARGV;
fcntl STDOUT, F_SETFL, O_WRONLY | 040000 or die "O_DIRECT: $!";
for my $n ($first .. $last) {
	my $line = sprintf "%07d %s\n", $n, "x" x ($size - 9);
	syswrite(STDOUT, $line) == $size or die "write: $!";
}
EOF2
# numbers FIRST LAST FILE...: the lines must be these.
numbers() {
	seq -f %07.0f "$1" "$2" >want
	shift 2
	cut -d ' ' -f 1 "$@" >got
}

# The second rotation waits for a processor, and the ring fills up meanwhile.
mkfifo pipe
spawn sh -c 'exec rlog s40000 n1000 "!cat; read x <../gate" ./a <pipe 2>err'
rlog=$spawned
exec 3>pipe
spawn sh -c 'exec perl packets.pl 3000 1 600 >pipe 3>&-'
writer=$spawned
ok "the ring is full" wait_for 20 grep -q 'the input has to wait' err
spawn sh -c 'exec yes 1<>gate 3>&-'
wait_for 30 gone "$writer"
exec 3>&-
ok "packets that had to wait: it ends" wait_for 30 gone "$rlog"
ok "packets that had to wait: a warning has the time" grep -Eqx \
	'rlog: warning: the input had to wait for [1-9][0-9]* seconds' err
numbers 1 600 -s a/@* a/current
same "packets that had to wait: none is cut" got want
kill -KILL "$spawned"

# The same while lines are dropped, with a pipe that both ends know of.
cat >direct.pl <<'EOF2'
use Fcntl;
pipe my $out, my $in or die;
fcntl $_, F_SETFL, fcntl($_, F_GETFL, 0) | 040000 or die "O_DIRECT: $!"
	for $out, $in;
open STDERR, ">", "err";
if (!fork) {
	open STDIN, "<&", $out or die;
	close $in;
	exec @ARGV;
}
sub put { syswrite $in, $_[0] or die }
open my $gate, "+<", "gate" or die;
put sprintf "%07d\n", $_ for 1 .. 120000;
put "begins a line that is dropped,";
until (0 == do { ioctl($in, 0x541b, my $n = pack "i", 0); unpack "i", $n }) {
	select undef, undef, undef, 0.01
}
syswrite $gate, "go\n" x 8000;
# Until only the end of the line is waited for; then it comes with others.
select undef, undef, undef, 0.01 until -s "d/current" < 2096 &&
	!-e "d/processing" && !grep { /\.u$/ } glob "d/*";
put "and ends\n0200001\n0200002\nand a part,";
put "its end\n0200003\n";
close $in;
wait;
exit $? >> 8;
EOF2
spawn sh -c 'exec perl direct.pl rlog D100ms s4096 n100000 \
	"!cat; read x <../gate" ./d 2>perl.err'
ok "packets while lines are dropped: it ends" wait_for 60 gone "$spawned"
cat d/@* d/current >out
is "packets while lines are dropped: all bytes are there or told" "$(awk '
	/^rlog: dropped/ { sub(",", "", $5); told += $5; next }
	{ told += length($0) + 1 }
	END { print told }' out)" $((120000 * 8 + 30 + 9 + 16 + 11 + 8 + 8))

# TERM, without a ring.
cat >term.pl <<'EOF2'
use Fcntl;
pipe my $out, my $in or die;
fcntl $_, F_SETFL, fcntl($_, F_GETFL, 0) | 040000 or die "O_DIRECT: $!"
	for $out, $in;
my $pid = fork;
if (!$pid) {
	open STDIN, "<&", $out or die;
	close $in;
	exec @ARGV;
}
syswrite $in, "one\ntwo, its beginn" or die;
select undef, undef, undef, 0.01 until -s "t/current";
kill TERM => $pid;
select undef, undef, undef, 0.01 until
	`cat /proc/$pid/status` =~ /^ShdPnd:\s*0+$/m;
syswrite $in, "ing and end\nthree\n" or die;
waitpid $pid, 0;
exit $? >> 8;
EOF2
perl term.pl rlog J ./t
is "packets at the end, without a ring: exit 0" $? 0
is "packets at the end, without a ring: the end of the line is written" \
	"$(tr '\n' / <t/current)" "one/two, its beginning and end/three/"

# Sockets.
cat >socket.pl <<'EOF2'
use Socket;
my $type = { DGRAM => SOCK_DGRAM, SEQPACKET => SOCK_SEQPACKET,
	STREAM => SOCK_STREAM }->{shift @ARGV};
socketpair my $out, my $in, AF_UNIX, $type, 0 or die;
syswrite $in, "line\n";
if (!fork) {
	open STDIN, "<&", $out or die;
	close $in;
	exec @ARGV;
}
close $in;
wait;
exit $? >> 8;
EOF2
for type in DGRAM SEQPACKET; do
	perl socket.pl $type timeout 300 rlog ./s 2>err
	is "a $type socket: exit 111" $? 111
	is "a $type socket: the message gives the reason" \
		"$(cat err)" "rlog: fatal: unable to read \
standard input: it is a socket of messages, which are lost when they are long"
	ok "a $type socket: no directory is made" test ! -e s
done
perl socket.pl STREAM timeout 300 rlog ./s
is "a STREAM socket: exit 0" $? 0
is "a STREAM socket: the line is there" "$(cat s/current)" line
done_testing
