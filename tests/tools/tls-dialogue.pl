#!/usr/bin/perl
# A client that may begin TLS at any place of a dialogue. Prints the lines that
# it receives.
# usage: tls-dialogue.pl PORT ACTION...
#   say:TEXT    sends a line
#   raw:TEXT    sends bytes, where \r, \n and \xHH are escapes
#   until:TEXT  receives lines up to one that begins with this
#   tls, tls1.2 begins TLS
#   half        ends its half of the connection
#   end         receives lines up to the end, and prints "end" or "reset"
use strict;
use warnings;
use IO::Socket::INET;
use IO::Socket::SSL;

$| = 1;
my $port = shift;
my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port)
	or die "unable to connect: $!\n";
my $buffer = '';
$SIG{PIPE} = 'IGNORE';

sub send_bytes {
	my ($data) = @_;
	while (length $data) {
		my $n = syswrite $socket, $data;
		return print "unable to send\n" unless $n;
		substr($data, 0, $n) = '';
	}
}

# Returns a line, or nothing at the end.
sub receive {
	while ($buffer !~ /\n/) {
		my $n = sysread $socket, $buffer, 8192, length $buffer;
		return if !$n;
	}
	$buffer =~ s/^(.*?)\r?\n//;
	my $line = $1;
	print "$line\n";
	return $line;
}

for (@ARGV) {
	my ($action, $text) = split /:/, $_, 2;
	if ($action eq 'say') {
		send_bytes("$text\r\n");
	} elsif ($action eq 'raw') {
		$text =~ s/\\r/\r/g;
		$text =~ s/\\n/\n/g;
		$text =~ s/\\x([0-9a-f]{2})/chr hex $1/ge;
		send_bytes($text);
	} elsif ($action eq 'until') {
		my $line;
		do {
			$line = receive();
			defined $line or die "end before: $text\n";
		} until index($line, $text) == 0;
	} elsif ($action =~ /^tls(1\.2)?$/) {
		IO::Socket::SSL->start_SSL($socket,
			SSL_verify_mode => SSL_VERIFY_NONE,
			SSL_hostname => 'mx.example.org',
			$1 ? (SSL_version => 'TLSv1_2') : ())
			or print "no TLS\n";
	} elsif ($action eq 'half') {
		if ($socket->isa('IO::Socket::SSL')) {
			Net::SSLeay::shutdown($socket->_get_ssl_object);
		}
		shutdown $socket, 1;
	} elsif ($action eq 'end') {
		$! = 0;
		1 while defined receive();
		print $!{ECONNRESET} ? "reset\n" : "end\n";
	} else {
		die "unknown action: $_\n";
	}
}
