#!/usr/bin/perl
# A relay of TCP connections that cuts one of them.
#
# usage: cut-relay.pl PORT HOST:PORT
#
# It listens on PORT of 127.0.0.1 and passes each connection on to HOST:PORT. The
# files are in its directory:
#
#   next  "to N" or "from N": the next connection is cut when N bytes have been
#         passed to the server or from it; then both sides are closed, and no
#         further byte is passed. The file is removed when the connection begins.
#   log   a line "connect" for each connection when it begins, and a line
#         "TO FROM end", or "TO FROM cut", when it ends: the bytes each way.
use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;

@ARGV == 2 or die "usage: cut-relay.pl PORT HOST:PORT\n";
my ($port, $server) = @ARGV;
my $listener = IO::Socket::INET->new(LocalAddr => '127.0.0.1',
	LocalPort => $port, Listen => 64, ReuseAddr => 1)
	or die "unable to listen on $port: $!\n";
my $select = IO::Select->new($listener);
my %ends;	# the end of a connection, by its socket
$SIG{PIPE} = 'IGNORE';
open my $log, '>>', 'log' or die "log: $!\n";
$log->autoflush;

sub read_cut {
	open my $file, '<', 'next' or return (to => -1);
	my ($way, $n) = <$file> =~ /^(to|from) (\d+)$/ or die "next: to|from N\n";
	unlink 'next';
	return ($way => $n);
}

sub begin_connection {
	my $client = $listener->accept or return;
	my %cut = read_cut();
	print $log "connect\n";
	my $peer = IO::Socket::INET->new(PeerAddr => $server) or return;
	my $connection = { to => 0, from => 0, cut => \%cut,
		sockets => [$client, $peer] };
	$ends{$client} = { way => 'to', target => $peer, of => $connection };
	$ends{$peer} = { way => 'from', target => $client, of => $connection };
	$select->add($client, $peer);
	end_connection($connection, 'cut') if grep { $_ == 0 } values %cut;
}

sub end_connection {
	my ($connection, $how) = @_;
	for my $socket (@{$connection->{sockets}}) {
		$select->remove($socket);
		delete $ends{$socket};
		close $socket;
	}
	print $log "$connection->{to} $connection->{from} $how\n";
}

# Passes bytes on, up to the cut.
sub pass_bytes {
	my ($socket) = @_;
	my $end = $ends{$socket} or return;
	my ($way, $connection) = @$end{qw(way of)};
	my $cut = $connection->{cut}{$way} // -1;
	my $most = $cut < 0 ? 65536 : $cut - $connection->{$way};
	my $n = sysread $socket, my ($bytes), $most;
	return end_connection($connection, 'end') unless $n;
	for (my $done = 0; $done < $n;) {
		my $w = syswrite $end->{target}, $bytes, $n - $done, $done;
		return end_connection($connection, 'end') unless $w;
		$done += $w;
	}
	$connection->{$way} += $n;
	end_connection($connection, 'cut') if $connection->{$way} == $cut;
}

while (1) {
	for my $socket ($select->can_read) {
		$socket == $listener ? begin_connection() : pass_bytes($socket);
	}
}
