#!/usr/bin/perl
# peer.pl SCRIPT COMMAND [ARG...]: runs a command on a TCP socket, as tcpserver
# would, and plays its client. SCRIPT is a list of steps, separated by spaces:
#   send:TEXT  send; \r \n \0 are understood; send*N:TEXT sends it N times
#   line       wait for a line and print it
#   end        wait for the end; print what came, then <eof> or <reset>
#   shut       half-close     close      close for good
#   reset      close with a reset
#   file:NAME  wait until the file exists
#   gone       wait until the command has ended; print <status N>
# As the first step, what is there instead of a TCP socket: pipes, two pipes;
# small, one with small buffers; slow, with a small one of the client alone, so
# that the system takes from the command what the client does not take yet;
# inet6, one of IPv6; unix, a local one, whose client is bound to ./client and
# whose server to ./server.
use strict;
use warnings;
use Socket qw(:DEFAULT IN6ADDR_LOOPBACK pack_sockaddr_in6);
use IO::Select;
my @steps = split ' ', shift;
my ($to, $from, $pid);
$SIG{PIPE} = 'IGNORE';
alarm 300;

my %family = (unix => [PF_UNIX, sub { pack_sockaddr_un('server') }],
	inet6 => [PF_INET6, sub { pack_sockaddr_in6(0, IN6ADDR_LOOPBACK) }],
	inet => [PF_INET, sub { sockaddr_in(0, INADDR_LOOPBACK) }]);

sub socket_pair {
	my $kind = shift;
	my ($family, $address) = @{$family{$kind} // $family{inet}};
	socket my $listener, $family, SOCK_STREAM, 0 or die;
	socket my $client, $family, SOCK_STREAM, 0 or die;
	unlink 'server', 'client' if $kind eq 'unix';
	bind $client, pack_sockaddr_un('client') or die if $kind eq 'unix';
	my @small = $kind eq 'small' ? ($listener, $client) :
		$kind eq 'slow' ? $client : ();
	for my $socket (@small) {
		setsockopt $socket, SOL_SOCKET, SO_SNDBUF, 4096;
		setsockopt $socket, SOL_SOCKET, SO_RCVBUF, 4096;
	}
	bind $listener, $address->() or die;
	listen $listener, 1 or die;
	connect $client, getsockname $listener or die;
	accept my $server, $listener or die;
	return ($client, $server);
}

my $kind = $steps[0] =~ /^(pipes|small|slow|inet6|unix)$/ ? shift @steps : '';
my ($in, $out);
if ($kind eq 'pipes') {
	pipe $in, $to or die;
	pipe $from, $out or die;
} else {
	($to, $in) = socket_pair($kind);
	($from, $out) = ($to, $in);
}
$pid = fork // die;
if (!$pid) {
	$SIG{PIPE} = 'DEFAULT';
	alarm 0;
	open STDIN, '<&', $in or die;
	open STDOUT, '>&', $out or die;
	close $_ for $in, $out, $to, $from;
	exec { $ARGV[0] } @ARGV or exit 127;
}
close $in;
close $out;
$| = 1;
my $buffer = '';

sub more {
	my $n = sysread $from, $buffer, 65536, length $buffer;
	return defined $n ? $n ? '' : '<eof>' : '<reset>';
}

for (@steps) {
	if (/^send(?:\*(\d+))?:(.*)$/s) {
		my ($times, $text) = ($1 // 1, $2);
		$text =~ s/\\([rn0])/$1 eq 'r' ? "\r" : $1 eq 'n' ? "\n" : "\0"/ge;
		$text = $text x $times;
		while (length $text) {
			my $n = syswrite $to, $text or last;
			substr $text, 0, $n, '';
		}
	} elsif ($_ eq 'line') {
		my $end = '';
		$end ||= more() until $end || $buffer =~ /\n/;
		print $end ? "$buffer$end\n" : $buffer =~ s/^(.*\n)// && $1;
	} elsif ($_ eq 'end') {
		my $end = '';
		$end = more() until $end;
		print length $buffer > 1000 ? length($buffer) . ' bytes' :
			$buffer, "$end\n";
	} elsif ($_ eq 'shut') {
		$kind eq 'pipes' ? close $to : shutdown $to, 1;
	} elsif ($_ eq 'reset') {
		setsockopt $to, SOL_SOCKET, SO_LINGER, pack 'ii', 1, 0;
		close $to;
	} elsif ($_ eq 'close') {
		close $to;
		close $from;
	} elsif (/^file:(.*)/) {
		select undef, undef, undef, 0.01 until -e $1;
	} elsif ($_ eq 'gone') {
		waitpid $pid, 0;
		print '<status ', $? & 127 ? 'signal ' . ($? & 127) : $? >> 8,
			">\n";
	} else {
		die "peer.pl: what is $_?\n";
	}
}
