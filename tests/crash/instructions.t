#!/usr/bin/perl
# rlog, killed between any two instructions: after each system call it is led on
# instruction by instruction, and killed. The short form takes a few places after
# each call, CRASH_LONG=1 many; SCRIPT names one script.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Test::More;
use Crash;
use Scripts;

my $most = long_form() ? 100 : 3;	# places after one call,
my $longest = long_form() ? 20000 : 1000;	# so many instructions after it at most,
my $places = long_form() ? 1e9 : 100;	# and in one script
my $tried = 0;
work_in();

# [stop, instructions after it] of the places to try.
sub places {
	my ($script) = @_;
	my ($first) = stops($script);
	my @places;
	for my $stop (stops($script, $first->[0], $longest)) {
		my ($number, $call, $when, $steps) = @$stop;
		# Nothing is there yet that could be lost.
		next if !@places && $call ne 'poll';
		push @places, map { [$number, $_] } sample($most, 1 .. $steps - 1);
	}
	return sample($places, @places);
}

sub killed {
	my ($script, $place) = @_;
	my ($stop, $steps) = @$place;
	my @rlog = ('rlog', @{$script->{script}});
	fresh('run');
	my $in = filled_pipe(@{$script->{input}});
	my $status = end_of(run($in, tool('stop-at'), '-o', 'said', '-i', $steps,
		$stop, @rlog));
	return "the tracer failed: $status" unless slurp('said');
	$status = end_of(run($in, @rlog));
	return "the next one ends so: $status: " . slurp('err') if $status ne 0;
	return wrong($script);
}

my @tested = grep { $_->{steps} } scripts();
for my $script (@tested) {
	next if defined $ENV{SCRIPT} && $script->{name} !~ /$ENV{SCRIPT}/;
	my @places = places($script);
	if (!@places) {
		skip_counted('no way to count instructions here', 1);
		next;
	}
	my @wrong;
	for my $place (@places) {
		my $answer = killed($script, $place);
		push @wrong, "stop $place->[0] + $place->[1]: $answer" if $answer;
	}
	$tried += @places;
	ok(!@wrong, "$script->{name}: killed at " . @places . ' places');
	diag($_) for sample(12, @wrong);
}
diag("$tried places between instructions");
done_testing();
