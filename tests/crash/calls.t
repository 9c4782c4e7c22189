#!/usr/bin/perl
# rlog, killed at every system call that it makes, before it and after it, and
# gone on with on the same pipe: every line is there exactly once. The short form
# takes a sample in which each call is; CRASH_LONG=1 takes all. SIGNAL=TERM, or
# another, instead of KILL; SCRIPT names one script.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Test::More;
use Crash;
use Scripts;
use POSIX ();

my $signal = $ENV{SIGNAL} // 'KILL';
my $number = POSIX->can("SIG$signal")->();
my %calls;
my $tried = 0;
work_in();

# The stops to try: all, or some of each kind; another one in each script where a
# kind is met often.
my $turn = 0;

sub chosen {
	my ($script, @stops) = @_;
	return @stops if long_form();
	return sample(25, @stops) if $script->{light};
	$turn++;
	my %kinds;
	push @{$kinds{"@$_[1,2]"}}, $_ for @stops;
	return map { $_->[0][1] =~ /^(read|write|writev|poll)$/ ? sample(4, @$_) :
		$_->[$turn * 7 % @$_] } map { $kinds{$_} } sort keys %kinds;
}

# It takes the signal well, once it has begun to work.
sub well {
	my ($said) = @_;
	my ($status) = $said =~ /^(?:ended|sent \S+ \S+) (\d+) / or return 0;
	return $status == 0 || $status == 128 + $number && !-e 'a';
}

# Interrupted at this stop, and the next life to the end: what is wrong then.
sub interrupted {
	my ($script, $stop) = @_;
	my @rlog = ('rlog', @{$script->{script}});
	fresh('run');
	my $in = filled_pipe(@{$script->{input}});
	my $status = end_of(run($in, tool('stop-at'), '-o', 'said', '-s', $number,
		$stop, @rlog));
	return 'it hangs' if $status eq 'hung';
	my $said = slurp('said');
	return "the tracer failed: $status" unless $said;
	return "it ended so: $said" unless $signal eq 'KILL' || well($said);
	$status = end_of(run($in, 'rlog', @{$script->{then} // $script->{script}}));
	return "the next one ends so: $status: " . slurp('err') if $status ne 0;
	return wrong($script);
}

# Every life is killed, each some calls later than the one before, until one ends.
sub lives {
	my ($script, $first, $step) = @_;
	my @rlog = ('rlog', @{$script->{script}});
	fresh('run');
	my $in = filled_pipe(@{$script->{input}});
	for (my $stop = $first;; $stop += $step) {
		unlink 'said';
		my $status = end_of(run($in, tool('stop-at'), '-o', 'said', '-s',
			$number, $stop, @rlog));
		return 'it hangs' if $status eq 'hung';
		last if slurp('said') =~ /^ended/;
		$tried++;
	}
	return wrong($script);
}

sub test_script {
	my ($script) = @_;
	my @stops = stops($script);
	my (@wrong, $answer);
	my @chosen = chosen($script, @stops);
	for my $stop (@chosen) {
		$calls{$stop->[1]}++;
		$answer = interrupted($script, $stop->[0]);
		push @wrong, "stop @$stop: $answer" if $answer;
	}
	$tried += @chosen;
	if ($signal eq 'KILL' && !$script->{then} &&
		(long_form() || !$script->{light})) {
		for my $stop (sample(long_form() ? 40 : 1, @stops)) {
			$answer = lives($script, $stop->[0], 1 + int(@stops / 20));
			push @wrong, "lives from stop @$stop: $answer" if $answer;
		}
	}
	ok(@chosen && !@wrong, "$script->{name}: $signal at " . @chosen . ' of ' .
		@stops . ' stops');
	diag($_) for sample(12, @wrong);
	diag('rlog ', join ' ', @{$script->{script}}, ': ', scalar @wrong, ' wrong')
		if @wrong;
}

for my $script (scripts()) {
	test_script($script)
		if !defined $ENV{SCRIPT} || $script->{name} =~ /$ENV{SCRIPT}/;
}
diag("$signal: ", $tried, ' interrupted runs, in ', scalar keys %calls,
	' different calls: ', join ' ', sort keys %calls);
done_testing();
