#!/usr/bin/perl
# Clients of an echoing service on 127.0.0.1, all connected at the same time.
# Each sends numbered lines that no other sends, in two halves: the second when
# every client has the first back and, if GATE is given, somebody has written
# to that fifo. Then each shuts its side down and reads to the end.
# Prints the records that must be in the log, "< LINE" and "> LINE", if every
# client got back what it sent; otherwise says what is wrong and exits 1.
# usage: echo-clients.pl PORT TAG CLIENTS LINES LONGEST [GATE]
use strict;
use warnings;
use IO::Poll qw(POLLIN POLLOUT POLLERR POLLHUP);
use IO::Socket::INET;

@ARGV >= 5 or die "usage: echo-clients.pl PORT TAG CLIENTS LINES LONGEST [GATE]\n";
my ($port, $tag, $clients, $lines, $longest, $gate) = @ARGV;
my $silence = 60;    # seconds without any event after which we give up

# Of different lengths, and such that a mix of two lines is neither of them.
sub line {
	my ($client, $n) = @_;
	my $mark = "$tag-$client-$n ";
	my $want = 20 + ($client * 61 + $n * 37) % ($longest - 19);
	my $text = $mark x (1 + int($want / length $mark));
	return substr($text, 0, $want - 1) . "\$";
}

my (%of, @all);
my $poll = IO::Poll->new;
for my $client (1 .. $clients) {
	my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
		PeerPort => $port, Timeout => $silence)
		or die "client $client: unable to connect: $@\n";
	$socket->blocking(0);
	my @lines = map { line($client, $_) } 1 .. $lines;
	my $half = int((@lines + 1) / 2);
	my $c = { name => $client, socket => $socket, lines => \@lines,
		first => join('', map { "$_\n" } @lines[0 .. $half - 1]),
		rest => join('', map { "$_\n" } @lines[$half .. $#lines]),
		got => '' };
	$c->{send} = $c->{first};
	$of{fileno $socket} = $c;
	push @all, $c;
	$poll->mask($socket => POLLIN | POLLOUT);
}

my ($open, $second) = (scalar @all, 0);
while ($open) {
	if (!$second && !grep { $_->{got} ne $_->{first} } @all) {
		$second = 1;
		if (defined $gate) {
			open my $fh, '<', $gate or die "$gate: $!\n";
			readline $fh;
		}
		for my $c (@all) {
			$c->{send} = $c->{rest};
			$poll->mask($c->{socket} => POLLIN | POLLOUT);
		}
	}
	$poll->poll($silence) or die "nothing came for $silence seconds\n";
	for my $socket ($poll->handles(POLLOUT)) {
		my $c = $of{fileno $socket};
		if (length $c->{send}) {
			my $n = syswrite $socket, $c->{send};
			defined $n or $!{EAGAIN} or
				die "client $c->{name}: unable to write: $!\n";
			substr($c->{send}, 0, $n // 0, '');
		}
		next if length $c->{send};
		shutdown $socket, 1 if $second;
		$poll->mask($socket => POLLIN);
	}
	for my $socket ($poll->handles(POLLIN | POLLHUP | POLLERR)) {
		my $c = $of{fileno $socket};
		my $n = sysread $socket, $c->{got}, 65536, length $c->{got};
		next if !defined $n && $!{EAGAIN};
		defined $n or die "client $c->{name}: unable to read: $!\n";
		next if $n;
		$poll->remove($socket);
		$open--;
		$c->{got} eq $c->{first} . $c->{rest} or
			die "client $c->{name}: got back other bytes than sent\n";
	}
}
for my $c (@all) {
	print "< $_\n> $_\n" for @{ $c->{lines} };
}
