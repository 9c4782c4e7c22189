#!/usr/bin/perl
# Numbered lines in bursts, so that the log grows for some seconds: numbers.pl
# COUNT [BURST] writes "line 1" to "line COUNT", BURST (2000) at a time, 20
# bursts a second.
use strict;
use warnings;

my ($count, $burst) = (@ARGV, 2000);
for (my $n = 1; $n <= $count; $n += $burst) {
	my $last = $n + $burst - 1 < $count ? $n + $burst - 1 : $count;
	syswrite STDOUT, join '', map { "line $_\n" } $n .. $last;
	select undef, undef, undef, 0.05;
}
