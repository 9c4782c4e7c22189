#!/usr/bin/perl
# Clients of tests/tools/session-server, 50 at once, each in one of ten ways:
#
#   session-clients.pl ADDRESS PORT FIRST COUNT
#
# Session N is FIRST .. FIRST + COUNT - 1, and whatever its client says holds
# "client-N". N % 10 is 0 to 5: sends a message and says QUIT; 6: goes away by a
# reset; 7: has the server killed; 8: closes its half without QUIT; 9: stalls
# until others of its worker are through, and says QUIT then.
use strict;
use warnings;
use IO::Socket::IP;
use Socket qw(SOL_SOCKET SO_LINGER);

my ($address, $port, $first, $count) = @ARGV;
die "usage: session-clients.pl ADDRESS PORT FIRST COUNT\n" unless $count;
my $workers = 50;
alarm 300;

sub ask {
	my ($s, $line) = @_;
	print $s "$line\r\n" or die "unable to write: $!\n";
	my $reply = <$s>;
	defined $reply or die "no reply to $line\n";
}

sub message {
	my ($s, $n) = @_;
	ask($s, "MAIL FROM:<a\@client-$n>");
	ask($s, "RCPT TO:<b\@client-$n>");
	ask($s, 'DATA');
	print $s "line $_ of client-$n\r\n" for 1 .. 20;
	ask($s, '.');
}

sub begin {
	my ($n) = @_;
	my $s = IO::Socket::IP->new(PeerHost => $address, PeerPort => $port,
		Type => SOCK_STREAM) or die "unable to connect: $@\n";
	$s->autoflush(1);
	defined scalar <$s> or die "no greeting\n";
	ask($s, "EHLO client-$n");
	return $s;
}

sub finish {
	my ($s, $n) = @_;
	my $way = $n % 10;
	message($s, $n) if $way < 6 || $way == 9;
	if ($way == 6) {
		setsockopt($s, SOL_SOCKET, SO_LINGER, pack('ii', 1, 0)) or die;
		close $s;
		return;
	}
	print $s "DIE client-$n\r\n" if $way == 7;
	print $s "NOOP client-$n\r\n" if $way == 8;
	print $s "QUIT\r\n" if $way < 6 || $way == 9;
	shutdown($s, 1) if $way == 8;
	1 while <$s>;
}

sub work {
	my ($worker) = @_;
	my @stalled;
	for (my $n = $first + $worker; $n < $first + $count; $n += $workers) {
		my $s = begin($n);
		if ($n % 10 == 9) {
			push @stalled, [$s, $n];
		} else {
			finish($s, $n);
		}
	}
	finish(@$_) for @stalled;
}

my @pids;
for my $worker (0 .. $workers - 1) {
	defined(my $pid = fork) or die "unable to fork: $!\n";
	if (!$pid) {
		work($worker);
		exit 0;
	}
	push @pids, $pid;
}
my $failed = 0;
for (@pids) {
	waitpid $_, 0;
	$failed++ if $?;
}
die "$failed workers failed\n" if $failed;
