#!/usr/bin/perl
# swaks-records.pl [-L [HOST]] <TRANSCRIPT: prints the records that recio -p smtp
# should have made of the session, without process IDs and CRs. -L: also inside of
# TLS, which the client has begun for HOST.
use strict;
use warnings;

my ($inside, $host) = @ARGV;
my $to = $inside ? qr/(?:-|~|\*|\*~)>/ : qr/(?:-|\*)>/;
my $from = $inside ? qr/<(?:- |--|\*\*|~ |~~|~\*)/ : qr/<(?:- |--|\*\*)/;
# The standard's name of a cipher, of which OpenSSL has its own.
sub standard_name {
	my ($cipher) = @_;
	my ($name) = map { /^(\S+) +- +\Q$cipher\E / }
		`openssl ciphers -stdname ALL:COMPLEMENTOFALL`;
	return $name // $cipher;
}

my ($asked, $message, $bytes, $lines);
while (<STDIN>) {
	s/\r?\n//;
	if (/^=== TLS started with cipher ([^:]+):([^:]+)/) {
		print ": TLS", $inside ? " $1 " . standard_name($2) : '',
			$host ? " $host" : '', "\n";
	} elsif (/^$from (.*)/) {
		my $line = $1;
		print "> $line\n";
		$asked = $line =~ /^334/;
		($message, $bytes, $lines) = (1, 0, 0) if $line =~ /^354/;
	} elsif (/^ $to (.*)/ && $message) {
		if ($1 eq '.') {
			print ": < $bytes bytes, $lines lines of message\n";
			$message = 0;
		}
		$bytes += length($1) + 2;
		$lines++;
	} elsif (/^ $to (.*)/) {
		my $line = $1;
		$line = '***' if $asked;
		$line =~ s/^(AUTH +\S+ +)\S.*/$1***/i;
		print "< $line\n";
	}
}
