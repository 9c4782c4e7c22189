#!/usr/bin/perl
# Compares random windows of a log directory with filtering all of it by label:
#   windows.pl DIR COUNT [SEED] [OPTION...]
# Prints each window that differs, then "COUNT windows, N differ, M lines".
use strict;
use warnings;

my ($dir, $count, $seed, @options) = @ARGV;
$seed //= 1;
srand $seed;

# What is compressed is read by its own program.
sub lines {
	my ($file) = @_;
	my $cat = $file =~ /\.gz$/ ? 'gzip -dc' : $file =~ /\.zst$/ ? 'zstd -dc'
		: $file =~ /\.xz$/ ? 'xz -dc' : 'cat';
	open my $in, '-|', "$cat <'$file'" or die;
	return <$in>;
}

my @all = map { lines($_) } sort(glob "$dir/@*"), grep { -e } "$dir/current";
my @labels = sort map { /^(\@[0-9a-f]{24})/ ? $1 : () } @all;
die "no labels in $dir\n" unless @labels;

# A label of a line, one beside it, or a second from the whole span.
sub bound {
	my $label = $labels[rand @labels];
	my $kind = int rand 3;
	return ($label, $label) if $kind == 0;
	my ($sec, $nano) = (hex substr($label, 9, 8), hex substr($label, 17));
	if ($kind == 1) {
		$nano += rand() < 0.5 ? -1 : 1;
		$nano = 0 if $nano < 0;
		$nano = 999999999 if $nano > 999999999;
		$label = substr($label, 0, 9) . sprintf '%08x%08x', $sec, $nano;
		return ($label, $label);
	}
	$label = substr($label, 0, 9) . sprintf '%08x%08x', $sec, 0;
	# @4000000000000000 is 1970, ten seconds before djb's labels begin.
	return ($label, '@' . ($sec - 10));
}

sub expected {
	my ($since, $until) = @_;
	my ($inside, @lines) = (0);
	for (@all) {
		$inside = $1 ge $since && $1 le $until if /^(\@[0-9a-f]{24})/;
		push @lines, $_ if $inside;
	}
	return join '', @lines;
}

my ($differ, $total) = (0, 0);
for (1 .. $count) {
	my @bounds = sort { $a->[0] cmp $b->[0] } [bound()], [bound()];
	my ($since, $until) = @bounds;
	my $want = expected($since->[0], $until->[0]);
	open my $got, '-|', 'rlogread', '-L', 'djb', @options, '-S', $since->[1],
		'-U', $until->[1], $dir or die;
	my $lines = do { local $/; <$got> } // '';
	close $got or die "rlogread failed\n";
	$total += $want =~ tr/\n//;
	next if $lines eq $want;
	$differ++;
	print "differs: -S $since->[1] -U $until->[1]\n";
}
printf "%d windows, %d differ, %s lines\n", $count, $differ,
	$total ? 'some' : 'no';
