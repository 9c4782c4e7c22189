#!/usr/bin/perl
# dialogue.pl PORT <STEPS: a client that says what it is told, on a connection of
# its own, or with 6/7 as PORT on the one that tcpclient gives it. A step is a line:
#   send TEXT    sends TEXT and a CRLF; \r \n \0 \\ are understood
#   raw TEXT     sends TEXT alone
#   file NAME    sends the file
#   want REGEX   reads lines until one matches
#   take N       reads N bytes
#   end          reads to the end, after which nothing more is to be there
#   shut         sends no more
#   bytes        from here on each byte is sent alone
#   whole        from here on they are sent at once again
#   tls          starts TLS, without a look at the certificate
#   keep NAME    from here on what is sent is kept in NAME.sent, what is read in
#                NAME.got
# Prints what it reads. Ends with 1, and says at which step, if the server ends
# or says nothing more.
use strict;
use warnings;
use IO::Socket::INET;
use Socket qw(IPPROTO_TCP TCP_NODELAY);

my ($port) = @ARGV;
die "usage: dialogue.pl PORT|6/7\n" unless defined $port;

sub connected {
	return IO::Socket->new_from_fd(7, 'r+') if $port eq '6/7';
	return IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port);
}
my $server = connected() or die "connect: $!\n";
setsockopt $server, IPPROTO_TCP, TCP_NODELAY, 1;
$SIG{PIPE} = 'IGNORE';
$SIG{ALRM} = sub { die "dialogue.pl: nothing more came\n" };
alarm 300;
binmode STDOUT;
$| = 1;
my ($buffer, $at_once, $sent, $got) = ('', 65536);

sub slurp {
	my ($name) = @_;
	open my $file, '<:raw', $name or die "$name: $!\n";
	local $/;
	return <$file> // '';
}

sub create {
	my ($name) = @_;
	open my $file, '>:raw', $name or die "$name: $!\n";
	$file->autoflush;
	return $file;
}

sub unescape {
	my ($text) = @_;
	my %is = (r => "\r", n => "\n", 0 => "\0", '\\' => '\\');
	$text =~ s/\\([rn0\\])/$is{$1}/g;
	return $text;
}

sub put {
	my ($bytes) = @_;
	print $sent $bytes if $sent;
	while (length $bytes) {
		my $n = syswrite $server, $bytes, $at_once;
		die "write: $!\n" unless defined $n;
		substr $bytes, 0, $n, '';
	}
}

sub more {
	my $n = sysread $server, $buffer, 65536, length $buffer;
	return $n;
}

sub consume {
	my ($n) = @_;
	my $bytes = substr $buffer, 0, $n, '';
	print $bytes;
	print $got $bytes if $got;
	return $bytes;
}

sub want {
	my ($regex) = @_;
	while (1) {
		while ((my $end = index $buffer, "\n") >= 0) {
			my $line = consume($end + 1);
			return if $line =~ /$regex/;
		}
		more() or die "the server has ended\n";
	}
}

while (my $step = <STDIN>) {
	chomp $step;
	next if $step =~ /^(#|$)/;
	my ($verb, $text) = $step =~ /^\s*(\w+)(?: (.*))?$/
		or die "what is $step?\n";
	eval {
		if ($verb eq 'send') { put(unescape($text // '') . "\r\n") }
		elsif ($verb eq 'raw') { put(unescape($text)) }
		elsif ($verb eq 'file') { put(slurp($text)) }
		elsif ($verb eq 'want') { want($text) }
		elsif ($verb eq 'take') {
			while (length $buffer < $text) {
				more() or die "the server has ended\n";
			}
			consume($text);
		}
		elsif ($verb eq 'end') {
			1 while more();
			consume(length $buffer);
		}
		elsif ($verb eq 'shut') { shutdown $server, 1 }
		elsif ($verb eq 'bytes') { $at_once = 1 }
		elsif ($verb eq 'whole') { $at_once = 65536 }
		elsif ($verb eq 'tls') {
			require IO::Socket::SSL;
			IO::Socket::SSL->start_SSL($server, SSL_verify_mode => 0)
				or die "there is no TLS\n";
		}
		elsif ($verb eq 'keep') {
			$sent = create("$text.sent");
			$got = create("$text.got");
		}
		else { die "there is no such step\n" }
		1;
	} or do {
		print "\ndialogue.pl: at step '$step': $@";
		exit 1;
	};
}
