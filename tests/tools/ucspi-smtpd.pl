#!/usr/bin/perl
# A server of SMTP, or of POP3 or IMAP as far as tests need them, that asks its
# own server for TLS as UCSPI-TLS programs do.
# usage: ucspi-smtpd.pl TRANSCRIPT [WORD...]
#   y       asks by "y", so that there is no answer to wait for; else by "Y"
#   dup     moves the clear descriptors to 0 and 1; else uses their own numbers
#   first   asks before it says anything
#   early   asks before it agrees by its reply to STARTTLS
#   never   closes SSLCTLFD at the start, and refuses STARTTLS
#   agree   agrees, and speaks on in plain without asking
#   client  is the client, on descriptors 6 and 7
#   keep    leaves a child with all its descriptors, until "release" exists
#   pop3, imap, sieve
# The transcript has the bytes that it read and wrote, and "dropped N" for those
# that a client sent after STARTTLS in the same packet.
use strict;
use warnings;
use IO::Handle;
use IO::Select;

my $transcript = shift;
my %is = map { $_ => 1 } @ARGV;
my ($in, $out) = $is{client} ? (6, 7) : (0, 1);
my $buffer = '';
open my $log, '>', $transcript or die "$transcript: $!\n";
$log->autoflush;

# Keeps a handle of each descriptor, so that none is closed by itself.
my %handle;

# The program knows its client before TLS.
{
	open my $socket, '<&', $in or die "$in: $!\n";
	my $peer = getpeername $socket;
	print $log 'peer ', join('.', unpack 'x4 C4', $peer), "\n"
		if $peer && length $peer == 16;
}

sub handle {
	my ($fd, $mode) = @_;
	return $handle{"$mode$fd"} //= do {
		open my $handle, "$mode&=", $fd or die "$fd: $!\n";
		$handle;
	};
}

sub say_line {
	my ($line) = @_;
	print $log "> $line\n";
	my $data = "$line\r\n";
	while (length $data) {
		my $n = syswrite handle($out, '>'), $data;
		exit 1 unless $n;
		substr($data, 0, $n) = '';
	}
}

sub read_line {
	while ($buffer !~ /\n/) {
		my $n = sysread handle($in, '<'), $buffer, 8192, length $buffer;
		# The server of TLS makes the client's socket non-blocking.
		next if !defined $n && ($!{EINTR} || $!{EAGAIN}
			&& IO::Select->new(handle($in, '<'))->can_read);
		if (!$n) {
			print $log "< [EOF]\n";
			exit 0;
		}
	}
	$buffer =~ s/^(.*?)\r?\n//;
	my $line = $1;
	print $log "< $line\n";
	return $line;
}

sub move_clear {
	my ($from, $to) = @_;
	if ($is{dup}) {
		require POSIX;
		defined POSIX::dup2($from, $to) or die "dup2: $!\n";
		return $to;
	}
	return $from;
}

sub ask_for_tls {
	print $log 'dropped ', length $buffer, "\n" if length $buffer;
	$buffer = '';
	syswrite(handle($ENV{SSLCTLFD}, '+<'), $is{y} ? 'y' : 'Y')
		or die "SSLCTLFD: $!\n";
}

# Returns true if TLS has begun, as far as can be known.
sub change_to_tls {
	my $answer = '';
	until ($is{y} || $answer =~ /\0\0\z/) {
		my $n = sysread handle($ENV{SSLCTLFD}, '+<'), $answer, 8192,
			length $answer;
		return 0 unless $n;
	}
	print $log "answer $_\n" for split /\0/, $answer;
	$in = move_clear($ENV{SSLREADFD}, $in);
	$out = move_clear($ENV{SSLWRITEFD}, $out);
	print $log "TLS\n";
	return 1;
}

sub start_tls {
	my ($agreed, $failed) = @_;
	return say_line($failed) if $is{never};
	ask_for_tls() if $is{early};
	say_line($agreed);
	return say_line('250 I have changed my mind') if $is{agree};
	ask_for_tls() unless $is{early};
	change_to_tls() or say_line($failed);
}

# The server of TLS, which is the only child, is killed; the program goes on.
sub lose_server {
	open my $children, '<', "/proc/$$/task/$$/children" or die "$!\n";
	kill KILL => split ' ', <$children>;
	select undef, undef, undef, 0.02 until -e 'released';
	exit;
}

sub serve_smtp {
	say_line('220 smtp');
	while (1) {
		my $line = read_line();
		if ($line =~ /^EHLO/i) {
			say_line($_) for '250-smtp', '250-AUTH PLAIN LOGIN',
				'250 STARTTLS';
		} elsif ($line =~ /^STARTTLS/i) {
			start_tls('220 go ahead', '454 no TLS');
		} elsif ($line =~ /^AUTH/i) {
			say_line('235 welcome');
		} elsif ($line =~ /^DATA/i) {
			say_line('354 go ahead');
			1 until read_line() eq '.';
			say_line('250 taken');
		} elsif ($line =~ /^QUIT/i) {
			return say_line('221 bye');
		} elsif ($line =~ /^LONELY/i) {
			lose_server();
		} else {
			say_line('250 ok');
		}
	}
}

sub serve_pop3 {
	say_line('+OK pop3');
	while (1) {
		my $line = read_line();
		if ($line =~ /^STLS/i) {
			start_tls('+OK go ahead', '-ERR no TLS');
		} elsif ($line =~ /^RETR/i) {
			say_line($_) for '+OK', 'Subject: hidden', '', 'body', '.';
		} else {
			say_line('+OK');
			return if $line =~ /^QUIT/i;
		}
	}
}

sub serve_imap {
	say_line('* OK imap');
	while (1) {
		my ($tag, $command) = read_line() =~ /^(\S+) (\S+)/ or next;
		if (uc $command eq 'STARTTLS') {
			start_tls("$tag OK go ahead", "$tag NO TLS");
		} else {
			say_line("$tag OK done");
			return if uc $command eq 'LOGOUT';
		}
	}
}

sub be_client {
	read_line();
	say_line('EHLO client');
	1 until read_line() =~ /^250 /;
	say_line('STARTTLS');
	if (read_line() =~ /^220/) {
		ask_for_tls();
		change_to_tls() or exit 1;
	}
	for ('EHLO client', 'MAIL FROM:<a@example.org>', 'QUIT') {
		say_line($_);
		1 until read_line() =~ /^... /;
	}
}

if ($is{keep}) {
	my $child = fork;
	if (!$child) {
		select undef, undef, undef, 0.02 until -e 'release';
		exit;
	}
}
if ($is{never}) {
	require POSIX;
	POSIX::close($ENV{$_}) for qw(SSLCTLFD SSLREADFD SSLWRITEFD);
}
if ($is{first}) {
	ask_for_tls();
	change_to_tls() or exit 1;
}
$is{client} ? be_client()
	: $is{pop3} ? serve_pop3()
	: $is{imap} ? serve_imap()
	:             serve_smtp();
