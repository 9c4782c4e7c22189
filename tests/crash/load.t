#!/usr/bin/perl
# A logger that is killed again and again at random moments, while a producer
# never stops: every line exactly once. Other loggers go through the same, and
# what they lose is printed beside it. CRASH_LONG=1: 1,000 kills instead of 60;
# SEED: another series of moments.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Test::More;
use Crash;
use Time::HiRes ();

my $seed = $ENV{SEED} // 3;
my $times = long_form() ? 1000 : 60;
my $longest = 0.015;	# seconds that a logger is let live
work_in();

# Puts the archives that are not needed any more for a recovery through the
# count, so that the disk does not fill up.
sub consume {
	my ($count, $keep) = @_;
	my @archives = grep { /\@/ } files('a');
	for my $file (@archives[0 .. $#archives - $keep]) {
		print $count slurp($file);
		unlink $file;
	}
}

sub producer {
	pipe(my $out, my $in) or die;
	my $pid = fork // die;
	if (!$pid) {
		open STDOUT, '>&', $in;
		open STDERR, '>', 'last';
		close $in;
		close $out;
		exec tool('numbered'), 'write';
	}
	return ($out, $in, $pid);
}

# Interrupts loggers, which $command says of the how manieth life, and counts.
sub interrupt {
	my ($signal, $n, $command) = @_;
	my $early = 0;
	fresh('load');
	mkdir 'a';
	open my $config, '>', 'a/config' or die;
	print $config "s65536\nn0\n";
	close $config;
	my ($out, $in, $producer) = producer();
	close $in;
	# What it prints comes when the input ends.
	open my $count, '|-', tool('numbered') . ' count 1 >counted' or die;
	binmode $count;
	srand $seed;
	for my $life (1 .. $n) {
		my $pid = run($out, $command->($life));
		Time::HiRes::sleep(rand $longest);
		kill $signal, $pid;
		my $status = end_of($pid);
		$early++ if $status !~ /^(0|137|143)$/;
		consume($count, 3) if $life % 20 == 0;
	}
	kill 'TERM', $producer;
	my $pid = run($out, $command->(0));
	waitpid $producer, 0;
	my $status = end_of($pid);
	consume($count, 0);
	print $count slurp('a/current');
	close $count;
	my ($lines, $lost, $doubled, $torn) = slurp('counted') =~
		/(\d+) lost (\d+) doubled (\d+) torn (\d+)/ or die;
	my $last = 0 + slurp('last');
	# The lines before the last one that was found are counted already.
	my %got = (lines => $lines, lost => $lost, doubled => $doubled,
		torn => $torn, early => $early, status => $status,
		missing => $last - ($lines - $doubled - $torn) - $lost);
	$got{lost} += $got{missing};
	return \%got;
}

sub row {
	my ($name, $got) = @_;
	diag sprintf '%-22s %10d %8d %8d %8d %8d', $name,
		@$got{qw(lines lost doubled torn early)};
}

sub exactly_once {
	my ($name, $signal, $n, $command) = @_;
	my $got = interrupt($signal, $n, $command);
	row($name, $got);
	ok($got->{lines} > $n * 100 && !$got->{lost} && !$got->{doubled} &&
		!$got->{torn} && !$got->{early} && $got->{status} eq 0,
		"$name: every line exactly once, through $n times $signal");
	diag slurp('err') if $got->{early} || $got->{status};
}

sub script {
	my @script = @_;
	return sub { @script };
}

# Another size, and another directory, in every other life.
sub changing {
	my ($life) = @_;
	return $life % 2 ? ('rlog', 't', 's65536', 'n1000000', './a') :
		('rlog', 't', 's40000', 'n1000000', './a', 's70000', 'n3', './b');
}

my @many = ('s65536', 'n1000000');
diag sprintf '%-22s %10s %8s %8s %8s %8s', "$times x kill -9", 'lines', 'lost',
	'doubled', 'torn', 'died';
exactly_once('rlog', 'KILL', $times, script('rlog', @many, './a'));
exactly_once('rlog t', 'KILL', $times, script('rlog', 't', @many, './a'));
exactly_once('rlog, script changes', 'KILL', $times, \&changing);
exactly_once('rlog, TERM', 'TERM', $times, script('rlog', 't', @many, './a'));
exactly_once('rlog, TERM and changes', 'TERM', $times, \&changing);
my @others = (['multilog', 'multilog', @many, './a'],
	['s6-log -b', 's6-log', '-b', @many, './a'],
	['svlogd', 'svlogd', './a']);
for (@others) {
	my ($name, @script) = @$_;
	row($name, interrupt('KILL', $times, script(@script)));
}
done_testing();
