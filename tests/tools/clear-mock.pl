#!/usr/bin/perl
# clear-mock.pl: a program below recio -L that only pretends to speak TLS. It
# answers on descriptors 0 and 1 with bytes that look like TLS, and writes to the
# channel of the companion what that would: so a test decides about each packet.
#
# It runs the lines of its arguments in order; TEXT may have the escapes of Perl:
#   say TEXT             sends it
#   tls                  sends a record of TLS
#   want REGEX           reads until the input has it, and forgets it
#   want tls             reads a record of TLS
#   random [HEX]         of the packets from now on; without HEX that of the
#                        hello that was read last
#   fd 0|1               whether TLS runs on the session's own descriptor
#   lost RECORDS BYTES   counts of the packets from now on
#   loaded               packets, by kind
#   begun
#   hello VERSION|CIPHER|NAME|SUBJECT
#   in TEXT
#   out TEXT
#   trouble TEXT
#   raw TEXT             a packet of these bytes
#   close                closes the channel
#   shut                 closes the output
#   eof                  reads until the end of the input
#   fifo FILE            waits for a writer of this FIFO
#
# clear-mock.pl -c STEPS -- PROGRAM...: the client of PROGRAM, which gets a
# socket; of the commands it has say, tls, hi (sends a hello of TLS), want, shut,
# eof, and
#   reset                closes the socket
use strict;
use warnings;
use Socket;

my ($random, $hello, $by_fd, $input) = ("\0" x 32, "\0" x 32, 1, '');
my @lost = (0, 0);
my ($channel, $from, $to) = (undef, \*STDIN, \*STDOUT);

# The variables were taken out of the environment, but not of this file.
sub open_channel {
	open my $env, '<', '/proc/self/environ' or die;
	my ($fd) = map { /^RECIO_COMPANION=.* L([0-9a-f]+),/ ? $1 : () }
		split /\0/, join '', <$env>;
	return unless defined $fd;
	open $channel, '+<&=', hex $fd or die "clear-mock.pl: channel: $!\n";
}

# Starts the program with one end of a socket.
sub start_program {
	socketpair my $own, my $end, AF_UNIX, SOCK_STREAM, 0 or die;
	$from = $to = $own;
	return if fork;
	open STDIN, '<&', $end;
	open STDOUT, '>&', $end;
	close $_ for $end, $own;
	exec { $_[0] } @_ or die "clear-mock.pl: $_[0]: $!\n";
}

sub text {
	my ($text) = @_;
	$text =~ s/\\(r|n|0|x([0-9a-f]{2})|\\)/
		defined $2 ? chr hex $2 :
		{ r => "\r", n => "\n", 0 => "\0", '\\' => '\\' }->{$1}/gex;
	return $text;
}

sub packet {
	my ($kind, $dir, $payload) = @_;
	my $head = pack 'CCCx5QQa32', $kind, $dir, $by_fd, @lost, $random;
	# If the relay has gone, the companion is silent.
	defined syswrite $channel, $head . $payload or $!{EPIPE} or
		$!{ECONNRESET} or
		die "clear-mock.pl: packet: $!\n";
}

sub want {
	my ($regex) = @_;
	while ($input !~ /($regex)/s) {
		sysread $from, $input, 65536, length $input or
			die "clear-mock.pl: no $regex\n";
	}
	$input =~ s/^.*?($regex)//s;
	my $found = $1;
	$hello = substr $found, 11, 32 if $found =~ /^\x16/;
}

my %command = (
	say => sub { syswrite $to, text($_[0]) },
	tls => sub { syswrite $to, "\x17\3\3\0\4\n\xff> " },
	hi => sub { syswrite $to, "\x16\3\1\0\x28\1\0\0\x24\3\3" . 'x' x 34 },
	want => sub { want($_[0] eq 'tls' ? qr/\x17\x03\x03\0\x04.{4}/s :
		qr/$_[0]/s) },
	random => sub { $random = length $_[0] ? pack 'H64', $_[0] : $hello },
	fd => sub { $by_fd = $_[0] },
	lost => sub { @lost = split ' ', $_[0] },
	loaded => sub { packet(0, 0, '') },
	hello => sub { packet(1, 0, join '', map { "$_\0" }
		(split /\|/, text($_[0]), -1)) },
	in => sub { packet(2, 0, text($_[0])) },
	out => sub { packet(2, 1, text($_[0])) },
	trouble => sub { packet(3, 0, text($_[0])) },
	begun => sub { packet(5, 0, '') },
	raw => sub { syswrite $channel, text($_[0]) },
	close => sub { close $channel },
	shut => sub { defined fileno $to and shutdown $to, 1 or close $to },
	fifo => sub { open my $fifo, '<', $_[0] },
	reset => sub { close $from },
	eof => sub { 1 while defined fileno $from and sysread $from, my $rest, 65536 },
);
$SIG{PIPE} = 'IGNORE';
my @steps = @ARGV;
if (@ARGV && $ARGV[0] eq '-c') {
	@steps = ();
	shift @ARGV;
	push @steps, shift @ARGV while $ARGV[0] ne '--';
	shift @ARGV;
	start_program(@ARGV);
} else {
	open_channel();
}
for (split /\n/, join "\n", @steps) {
	s/^\s+//;
	next unless /^(\w+) ?(.*)$/;
	($command{$1} || die "clear-mock.pl: $1?\n")->($2);
}
