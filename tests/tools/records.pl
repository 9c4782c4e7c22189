#!/usr/bin/perl
# Reads a service's log (tcpserver's lines and recio's records, stamped or not)
# and prints, in the form of echo-clients.pl, the lines that the records stand
# for: records of one process and direction are put together again. tcpserver's
# own lines are printed as they are with -a, and left out without it.
# Every line must be whole: one that is neither is printed with MALFORMED in
# front, and the exit status is then 1.
# usage: cat DIR/@*.[su] DIR/current | records.pl [-a]
use strict;
use warnings;

my $all = @ARGV && $ARGV[0] eq '-a';
my $tcpserver = qr/^tcpserver:\ (?:
	status:\ \d+\/\d+
	| pid\ \d+\ from\ [\d.]+
	| ok\ \d+\ \S*:[\d.]+:\d+\ \S*:[\d.]+:\S*:\d+
	| end\ \d+\ status\ \d+ )$/x;
my (%part, $malformed);
while (my $line = <STDIN>) {
	chomp $line or $malformed = print "MALFORMED (no newline) ";
	my $text = $line;
	$text =~ s/^\@[0-9a-f]{24} //;
	if ($text =~ $tcpserver) {
		print "$text\n" if $all;
	} elsif ($text =~ /^\d+ [<>] \[EOF\]$/) {
		next;
	} elsif ($text =~ /^(\d+ ([<>])) (.*)([ +])$/) {
		my ($key, $direction, $bytes, $end) = ($1, $2, $3, $4);
		$part{$key} .= $bytes;
		print "$direction ", delete $part{$key}, "\n" if $end eq ' ';
	} else {
		$malformed = print "MALFORMED $line\n";
	}
}
for my $key (sort keys %part) {
	$malformed = print "MALFORMED unfinished $key $part{$key}\n"
		if length $part{$key};
}
exit($malformed ? 1 : 0);
