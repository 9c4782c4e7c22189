#!/usr/bin/perl
# Directories in which multilog, s6-log, svlogd and rlog follow each other, each
# killed at a random moment, also in the middle of a processor: no line that was
# on the disk is lost by rlog or twice after it, each logger starts after rlog,
# and after a last rlog all that rlog was given is there once.
# CRASH_LONG=1: 400 directories instead of 30; SEED: others.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Test::More;
use Time::HiRes 'sleep';
use Crash;
use Takeover;

my $seed = $ENV{SEED} // 7;
my $directories = long_form() ? 400 : 30;
my $longest = 0.02;	# seconds that a logger is let live
my $line = 0;
my %count = map { $_ => 0 } qw(directories lives killed in_processor doubled
	lost), 'left over', "can't go on";
my @wrong;
work_in();

# So many lines, none like another, in less than a pipe holds.
sub new_lines {
	my ($who, $n) = @_;
	return map { sprintf "%s %06d %s.\n", $who, ++$line, 'y' x rand 90 } 1 .. $n;
}

sub wrong {
	my ($what, $n, $where) = @_;
	return if !$n;
	$count{$what} += $n;
	push @wrong, "$what $n: $where";
}

# Lets a logger live for a moment: its status if it ended by itself before. The
# end of its input, if that is given, ends a multilog that gets TERM right before
# it reads: it looks for the signal only when the read is over.
sub short_life {
	my ($out, $in, @command) = @_;
	my $pid = run($out, @command);
	sleep rand $longest;
	kill rand() < 0.9 ? 'KILL' : 'TERM', $pid;
	close $in if $in;
	my $status = end_of($pid);
	$count{lives}++;
	$count{killed}++ if $status eq 137;
	$count{in_processor}++ if grep { -s } 'processed', glob '@*.t';
	return $status;
}

sub other_life {
	my ($logger) = @_;
	$logger->{prepare}->();
	pipe(my $out, my $in) or die;
	syswrite $in, join '', new_lines('other', 300);
	return short_life($out, $in, @{$logger->{command}});
}

# Lines that readers see twice.
sub doubled {
	my %seen;
	$seen{$_->[0]}++ for map { lines_in($_) } files('.');
	return grep { $_ > 1 } values %seen;
}

# One life. $dir->{clean}: rlog was the last one, and had time to put in order
# what others have left; from then on nothing may be wrong.
sub one_life {
	my ($dir, $is_rlog) = @_;
	my $logger = $is_rlog ? { name => 'rlog', command => $dir->{rlog} }
		: $dir->{loggers}[rand @{$dir->{loggers}}];
	my $before = on_disk('.');
	my $unresolved = unresolved('.');
	my $status;
	$dir->{trail} .= " $logger->{name}";
	unlink 'err';
	if ($is_rlog) {
		my @new = new_lines('rlog', 100);
		push @{$dir->{given}}, @new;
		syswrite $dir->{in}, join '', @new;
		$status = short_life($dir->{out}, undef, @{$dir->{rlog}});
	} else {
		unlocked('.');
		$status = other_life($logger);
	}
	wrong("can't go on", $status !~ /^(0|137|143)$/,
		"$dir->{trail}: $status " . slurp('err'))
		if $is_rlog || $dir->{clean};
	my $now = unresolved('.');
	my $left = grep { $now->{$_} } keys %$unresolved;
	my $checked = $is_rlog || $dir->{clean};
	$dir->{clean} = $is_rlog && !$left;
	return if !$checked;
	my $then = on_disk('.');
	wrong('lost', scalar(grep { !$then->{$_} } keys %$before), $dir->{trail});
	wrong('doubled', scalar(doubled()), $dir->{trail}) if !%$now;
}

sub last_life {
	my ($dir) = @_;
	my $before = on_disk('.');
	close $dir->{in};
	unlink 'err';
	my $status = end_of(run($dir->{out}, @{$dir->{rlog}}));
	$count{lives}++;
	wrong("can't go on", $status ne 0, "$dir->{trail}: $status " . slurp('err'));
	my $then = on_disk('.');
	my %want = (%$before, map { $_ => 1 } @{$dir->{given}});
	my $trail = "$dir->{trail} rlog: " . signature('.');
	wrong('lost', scalar(grep { !$then->{$_} } keys %want), $trail);
	wrong('doubled', scalar(doubled()), $trail);
	wrong('doubled', scalar(grep { $_->[1] > 1 } map { lines_in($_) }
		files('.')), "processed twice: $trail");
	wrong('left over', leftovers('.') ne '', leftovers('.') . ": $trail");
}

sub one_directory {
	my ($number) = @_;
	my $processor = rand() < 0.7;
	my %dir = (rlog => ['rlog', @{rlog_script($processor)}], given => [],
		loggers => [grep { installed($_) } loggers($processor)],
		trail => "directory $number, processor $processor:", clean => 0);
	pipe($dir{out}, $dir{in}) or die;
	fresh('random');
	$count{directories}++;
	one_life(\%dir, 0);
	one_life(\%dir, rand() < 0.6) for 1 .. 2 + int rand 4;
	last_life(\%dir);
}

my $missing = grep { !installed($_) } loggers(0);
if ($missing == 3) {
	skip_counted('there is no other logger', 5);
	done_testing();
	exit;
}
srand $seed;
one_directory($_) for 1 .. $directories;
diag join ', ', map { "$_: $count{$_}" } sort keys %count;
ok($count{in_processor}, 'some were killed while a processor ran');
is($count{$_}, 0, "$_ in $count{directories} directories")
	for 'lost', 'doubled', 'left over', "can't go on";
diag $_ for sample(12, @wrong);
done_testing();
