#!/usr/bin/perl
# swaks-records.pl [-L] <TRANSCRIPT: prints the records that recio -p smtp should
# have made of the session, without process IDs and CRs. -L: also inside of TLS.
use strict;
use warnings;

my $inside = @ARGV && $ARGV[0] eq '-L';
my $to = $inside ? qr/(?:-|~|\*|\*~)>/ : qr/(?:-|\*)>/;
my $from = $inside ? qr/<(?:- |--|\*\*|~ |~~|~\*)/ : qr/<(?:- |--|\*\*)/;
my ($asked, $message, $bytes, $lines);
while (<STDIN>) {
	s/\r?\n//;
	if (/^=== TLS started/) {
		print ": TLS\n";
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
