#!/usr/bin/perl
# A program that puts marked bytes into the ring, killed at every instruction:
# the mark that the next process finds is the one of the last byte. The short
# form takes a sample of the instructions.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Test::More;
use Crash;

my $lines = 7;
my $most = long_form() ? 1e9 : 400;
open my $nothing, '<', '/dev/null' or die;
work_in();

sub put { return (tool('marked-ring'), 'put', 'ring', 'out', $lines) }

# All stops of one run, with the instructions after each up to the next call.
fresh('run');
end_of(run($nothing, tool('stop-at'), '-l', '-i', 200_000, '-n', 1, '-o', 'list',
	put()));
my $n = 0;
my @stops = map { [++$n, split] } split /\n/, slurp('list');
# The ring is there when it has its name.
my ($made) = map { $_->[0] } grep { $_->[1] =~ /^renameat/ &&
	$_->[2] eq 'after' } @stops;
my @places = map { my $stop = $_; map { [$stop->[0], $_] } 0 .. $stop->[3] - 1 }
	grep { $_->[0] > $made } @stops;
SKIP: {
	skip_counted('no way to count instructions here', 2) unless @places > 1000;
	my $all = @places;
	@places = sample($most, @places);
	my @wrong;
	for my $place (@places) {
		fresh('run');
		end_of(run($nothing, tool('stop-at'), '-o', 'said', '-i',
			$place->[1], $place->[0], put()));
		my $status = end_of(run($nothing, tool('marked-ring'), 'check',
			'ring', 'out'));
		push @wrong, "@$place: $status" if $status ne 0;
	}
	diag(scalar(@places) . " of $all places");
	is("@wrong", '', 'killed at any instruction: bytes and mark agree');
	ok(@places > 100, 'places were tried');
}
done_testing();
