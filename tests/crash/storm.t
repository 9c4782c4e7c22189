#!/usr/bin/perl
# Storms: rlog lives again and again on one input, with scripts made at random,
# and is ended by signals at random and in chosen moments; where it has ended in
# order the machine may be started again. Then every directory must hold what the
# scripts of its time select, each line once, in order. The short form has the
# same few storms every time; CRASH_LONG=1 goes on for an hour, STORM_SECONDS=n
# for so long. Each storm is planned from a number, though what meets what is a
# matter of time: STORM=n is that one, or the first, and STORM_KEEP=DIR keeps
# what a bad one has left.
use strict;
use warnings;
use Cwd 'getcwd';
use FindBin;
use lib $FindBin::Bin;
use File::Path qw(make_path remove_tree);
use Test::More;
use Crash;
use StormPlan 'plan_storm';
use StormRun 'carry_out';
use StormModel 'faults';

# A small disk of its own needs a place to mount it.
my $unshare = $> ? 'unshare -rm' : 'unshare -m';
if (!$ENV{STORM_MOUNTS} && system("$unshare true 2>/dev/null") == 0) {
	$ENV{STORM_MOUNTS} = 1;
	exec split(/ /, $unshare), $^X, $0, @ARGV;
}
my $seconds = $ENV{STORM_SECONDS} // (long_form() ? 3600 : 0);
my $first = $ENV{STORM} // time;
# Most of what was broken on purpose is found by these.
my @few = $ENV{STORM} // (1 .. 12, 29);
my (%total, %signals, $top);

sub storm {
	my ($seed) = @_;
	fresh('storm');
	my $plan = plan_storm($seed, $ENV{STORM_MOUNTS});
	my $run = carry_out($plan, "$top/storm");
	my @bad = faults($run);
	$total{storms}++;
	$total{lives} += $run->{n};
	$total{lines} += grep { defined $_->{since} } @{$run->{lines}};
	$total{fills} += $run->{fills} // 0;
	$total{bad}++ if @bad;
	$signals{$_} += $run->{signals}{$_} for keys %{$run->{signals}};
	report($run, @bad) if @bad;
	chdir $top;
	system('umount', "$top/storm/log") if $plan->{disk};
	return !@bad;
}

sub report {
	my ($run, @bad) = @_;
	diag("STORM=$run->{storm}{seed}: $_") for @bad;
	my $keep = $ENV{STORM_KEEP} or return;
	my ($n, $lives) = (0, '');
	for my $life (@{$run->{storm}{lives}}) {
		my @argv = map { /[^\w.\/]/ ? "'$_'" : $_ }
			@{$life->{script}{argv}};
		$lives .= sprintf "life %d, %s: rlog %s\n", $n++,
			$life->{end}{kind}, join ' ', @argv;
	}
	open my $f, '>', "$top/storm/lives" or die;
	print $f $lives;
	close $f;
	make_path($keep);
	remove_tree("$keep/$run->{storm}{seed}");
	system('cp', '-a', "$top/storm", "$keep/$run->{storm}{seed}");
}

work_in();
$top = getcwd();
my $until = time + $seconds;
if ($seconds) {
	for (my $seed = $first; time < $until; $seed++) {
		storm($seed);
	}
	ok(!$total{bad}, "storms for $seconds seconds, from number $first on");
} else {
	ok(storm($_), "storm $_") for @few;
}
skip_counted('no right to mount: no disk is filled', 1) if !$ENV{STORM_MOUNTS};
diag("storms $total{storms}, lives $total{lives}, lines $total{lines}, ",
	"disks filled $total{fills}, bad ", $total{bad} // 0);
diag('signals: ', join ', ', map { "$_ $signals{$_}" } sort keys %signals);
done_testing();
