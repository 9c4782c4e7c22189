#!/usr/bin/perl
# The log of many SMTP sessions, interleaved, for measurements and for tests:
#
#   sessions.pl LINES OPEN [NANOSECONDS]
#
# writes LINES lines, so far apart, of OPEN sessions at a time. Each has a client
# name of its own, so that sessions that were mixed show: all lines of session N
# have the process ID 1000 + N % 30000, and hold "client-N" where the client
# speaks.
use strict;
use warnings;

my ($lines, $open, $step) = @ARGV;
$step //= 100_003;
die "usage: sessions.pl LINES OPEN [NANOSECONDS]\n" unless $open;
my @steps = (
	sub { "tcpserver: pid $_[1] from 192.0.2." . $_[0] % 250 },
	sub { "tcpserver: ok $_[1] mx:192.0.2.25:25 :192.0.2."
		. $_[0] % 250 . '::' . (1024 + $_[0] % 60000) },
	sub { "$_[1] > 220 mx.example.net ESMTP\r " },
	sub { "$_[1] < EHLO client-$_[0]\r " },
	sub { "$_[1] > 250-mx.example.net\r " },
	sub { "$_[1] > 250 8BITMIME\r " },
	sub { "$_[1] < MAIL FROM:<alice\@client-$_[0]>\r " },
	sub { "$_[1] > 250 ok\r " },
	sub { "$_[1] < RCPT TO:<bob\@example.net>\r " },
	sub { "$_[1] > 250 ok\r " },
	sub { "$_[1] < DATA\r " },
	sub { "$_[1] > 354 go ahead\r " },
	sub { "$_[1] < Subject: test of client-$_[0]\r " },
	sub { "$_[1] < \r " },
	(sub { "$_[1] < and a line of text of client-$_[0] that goes on\r " }) x 8,
	sub { "$_[1] < .\r " },
	sub { "$_[1] > 250 ok 1795212001 qp 4720\r " },
	sub { "$_[1] < QUIT\r " },
	sub { "$_[1] > 221 mx.example.net\r " },
	sub { "tcpserver: end $_[1] status 0" },
	sub { "$_[1] > [EOF]" },
	sub { "$_[1] < [EOF]" },
);
my ($next, $written, $second, $nano) = (0, 0, 0x6b00c2ea, 0);
my @session = map { [$next++, 0] } 1 .. $open;
$_->[1] = $_->[0] % @steps for @session;	# not all in step
my $at = 0;
while ($written < $lines) {
	my $s = $session[$at = ($at * 7 + 3 + $written) % $open];
	$nano += $step;
	if ($nano >= 1_000_000_000) {
		$nano -= 1_000_000_000;
		$second++;
	}
	printf "\@40000000%08x%08x %s\n", $second, $nano,
		$steps[$s->[1]]->($s->[0], 1000 + $s->[0] % 30000);
	$written++;
	if (++$s->[1] == @steps) {
		@$s = ($next++, 0);
	}
}
