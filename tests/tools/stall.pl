#!/usr/bin/perl
# A slow reader: copies descriptor 0 to a file, and reads nothing for a second
# after every so many bytes. Ends when it has seen a line that matches.
#   stall.pl FILE BYTES PATTERN
use strict;
use warnings;

my ($file, $every, $pattern) = @ARGV;
open my $out, '>>', $file or die;
my ($tail, $left) = ('', $every);
while (sysread STDIN, my $buf, 65536) {
	syswrite $out, $buf;
	$left -= length $buf;
	if ($left <= 0) {
		select undef, undef, undef, 1;
		$left = $every;
	}
	$tail = substr $tail . $buf, -200;
	exit if $tail =~ /$pattern/;
}
