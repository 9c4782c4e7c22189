#!/usr/bin/perl
# Stands in for a tcpserver that knows IPv6, where the system has none:
#
#   tcpserver6.pl ADDRESS PORT PROG...
#
# serves TCP connections as tcpserver -vHRl0 does, and says the same.
use strict;
use warnings;
use IO::Select;
use IO::Socket::IP;
use POSIX ':sys_wait_h';

my ($address, $port, @program) = @ARGV;
die "usage: tcpserver6.pl ADDRESS PORT PROG...\n" unless @program;
my $listener = IO::Socket::IP->new(LocalHost => $address, LocalPort => $port,
	Listen => 128, ReuseAddr => 1) or die "unable to bind: $@\n";
my $select = IO::Select->new($listener);
my $running = 0;

sub say_line { syswrite STDERR, "tcpserver: $_[0]\n" }

sub reap {
	while ((my $pid = waitpid -1, WNOHANG) > 0) {
		$running--;
		say_line("end $pid status $?");
	}
}

$SIG{CHLD} = sub { };
say_line('status: 0/200');
for (;;) {
	# A signal may come between the two: so not for ever.
	my $ready = $select->can_read(0.2);
	reap();
	my $s = $ready ? $listener->accept : undef;
	next unless $s;
	$running++;
	say_line("status: $running/200");
	defined(my $pid = fork) or die "unable to fork: $!\n";
	if ($pid) {
		close $s;
		next;
	}
	my ($ip, $peer_port) = ($s->peerhost, $s->peerport);
	$SIG{CHLD} = 'DEFAULT';
	@ENV{qw(PROTO TCPREMOTEIP TCPREMOTEPORT TCPLOCALIP TCPLOCALPORT)} =
		('TCP', $ip, $peer_port, $address, $port);
	say_line("pid $$ from $ip");
	say_line("ok $$ 0:$address:$port :$ip\::$peer_port");
	open STDIN, '<&', $s or die;
	open STDOUT, '>&', $s or die;
	close $s;
	exec @program or exit 127;
}
