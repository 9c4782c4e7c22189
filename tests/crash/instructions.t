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
my $take_over = 3000;	# instructions up to the end of a ring's take-over
my $step = long_form() ? 10 : 150;
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

# The life that was killed after it had read bytes which no state counts yet.
sub killed_in_a_read {
	my ($script, $read) = @_;
	fresh('run');
	my $in = filled_pipe(@{$script->{input}});
	end_of(run($in, tool('stop-at'), '-o', 'said', $read, 'rlog',
		@{$script->{script}}));
	return $in;
}

# The next life takes the ring over between the last mapping of it and the next
# call: the longest way without a call. It is killed there, and a third one goes
# on.
sub test_take_over {
	my ($script) = @_;
	my @rlog = ('rlog', @{$script->{script}});
	my @stops = stops($script);
	my ($poll) = map { $_->[0] } grep { $_->[1] =~ /poll/ } @stops;
	my (undef, $read) = map { $_->[0] } grep { $_->[0] > $poll &&
		$_->[1] eq 'read' && $_->[2] eq 'after' } @stops;
	my $in = killed_in_a_read($script, $read);
	end_of(run($in, tool('stop-at'), '-l', '-n', 1, '-i', 200_000, '-o', 'list',
		@rlog));
	my $n = 0;
	my ($mapped) = sort { $b->[3] <=> $a->[3] } grep { $_->[1] eq 'mmap' }
		map { [++$n, split] } split /\n/, slurp('list');
	my $from = ($mapped ? $mapped->[3] : 0) - $take_over;
	return skip_counted('no way to count instructions here', 1) if $from < 0;
	my @wrong;
	for (my $at = $from; $at < $mapped->[3]; $at += $step) {
		$in = killed_in_a_read($script, $read);
		end_of(run($in, tool('stop-at'), '-i', $at, '-o', 'said',
			$mapped->[0], @rlog));
		my $status = end_of(run($in, @rlog));
		my $answer = $status ne 0 ? "the last one ends so: $status" :
			wrong($script);
		push @wrong, "instruction $at: $answer" if $answer;
		$tried++;
	}
	ok(!@wrong, "$script->{name}: killed in a read and in the next take-over");
	diag($_) for sample(12, @wrong);
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
	test_take_over($script) if $script->{name} =~ /^t,/;
}
diag("$tried places between instructions");
done_testing();
