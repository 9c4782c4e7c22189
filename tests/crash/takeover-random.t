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
use Fcntl 'F_SETFD';
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

# Starts a logger: its pid. It and all its children have the writing end of a
# pipe, which ends when the last of them has ended.
sub start_logger {
	my ($dir, $out, @command) = @_;
	pipe(my $ended, my $alive) or die;
	fcntl($alive, F_SETFD, 0) or die;
	push @{$dir->{lives}}, $ended;
	return run($out, @command);
}

# Waits until nothing that a logger has started there runs any more.
sub let_orphans_end {
	my ($dir) = @_;
	while (my $ended = shift @{$dir->{lives}}) {
		vec(my $set = '', fileno $ended, 1) = 1;
		select($set, undef, undef, 300) or die 'a processor hangs';
	}
}

# Lets a logger live for a moment: its status if it ended by itself before. The
# end of its input, if that is given, ends a multilog that gets TERM right before
# it reads: it looks for the signal only when the read is over.
sub short_life {
	my ($dir, $out, $in, @command) = @_;
	my $pid = start_logger($dir, $out, @command);
	sleep rand $longest;
	kill rand() < 0.9 ? 'KILL' : 'TERM', $pid;
	close $in if $in;
	my $status = end_of($pid);
	$count{lives}++;
	$count{killed}++ if $status eq 137;
	$count{in_processor}++
		if grep { -s } 'processed', 'processing', glob '@*.t';
	return $status;
}

# A child of a killed logger may write to the files of another one that comes
# next, but not to those of rlog: that comes as soon as the lock is free.
sub other_life {
	my ($dir, $logger) = @_;
	let_orphans_end($dir);
	$logger->{prepare}->();
	pipe(my $out, my $in) or die;
	syswrite $in, join '', new_lines('other', 300);
	return short_life($dir, $out, $in, @{$logger->{command}});
}

sub rlog_life {
	my ($dir) = @_;
	my @new = new_lines('rlog', 100);
	$dir->{given}{$_} = 1 for @new;
	syswrite $dir->{in}, join '', @new;
	unlocked('.');
	return short_life($dir, $dir->{out}, undef, @{$dir->{rlog}});
}

# One life. $dir->{clean}: rlog was the last one, and had time to put in order
# what others have left; from then on nothing may be wrong. What rlog was given
# can be in its intake alone: an rlog that was killed in a write is followed by
# one that cuts these lines off, to write them again, and is killed before that.
# The last life looks for them.
sub one_life {
	my ($dir, $is_rlog) = @_;
	my $logger = $is_rlog ? { name => 'rlog' }
		: $dir->{loggers}[rand @{$dir->{loggers}}];
	my $before = look('.');
	$dir->{trail} .= " $logger->{name}";
	unlink 'err';
	my $status = $is_rlog ? rlog_life($dir) : other_life($dir, $logger);
	my $checked = $is_rlog || $dir->{clean};
	wrong("can't go on", $status !~ /^(0|137|143)$/,
		"$dir->{trail}: $status " . slurp('err')) if $checked;
	my $now = look('.');
	$dir->{clean} = $is_rlog && !%{$now->{unresolved}};
	return if !$checked;
	wrong('lost', scalar(grep { !$now->{lines}{$_} && !$dir->{given}{$_} }
		keys %{$before->{lines}}), $dir->{trail});
	wrong('doubled', $now->{doubled}, $dir->{trail})
		if !%{$now->{unresolved}};
}

sub last_rlog {
	my ($dir) = @_;
	unlink 'err';
	unlocked('.');
	my $status = end_of(start_logger($dir, $dir->{out}, @{$dir->{rlog}}));
	$count{lives}++;
	wrong("can't go on", $status ne 0, "$dir->{trail}: $status " . slurp('err'));
}

# The last rlog but one finds children of killed loggers; the last one removes
# what these have made beside it.
sub last_lives {
	my ($dir) = @_;
	my $before = look('.');
	close $dir->{in};
	last_rlog($dir);
	let_orphans_end($dir);
	my $now = look('.');
	my %want = (%{$before->{lines}}, %{$dir->{given}});
	my $trail = "$dir->{trail} rlog: " . signature('.');
	wrong('lost', scalar(grep { !$now->{lines}{$_} } keys %want), $trail);
	wrong('doubled', $now->{doubled}, $trail);
	wrong('doubled', scalar(grep { $_->[1] > 1 } map { lines_in($_) }
		files('.')), "processed twice: $trail");
	wrong('left over', scalar(keys %{$now->{unresolved}}),
		join(' ', values %{$now->{unresolved}}) . ": $trail");
	last_rlog($dir);
	wrong('left over', leftovers('.') ne '', leftovers('.') . ": $trail");
}

sub one_directory {
	my ($number) = @_;
	my $processor = rand() < 0.7;
	my %dir = (rlog => ['rlog', @{rlog_script($processor)}], given => {},
		loggers => [grep { installed($_) } loggers($processor)],
		lives => [], trail => "directory $number, processor $processor:", clean => 0);
	pipe($dir{out}, $dir{in}) or die;
	fresh('random');
	$count{directories}++;
	one_life(\%dir, 0);
	one_life(\%dir, rand() < 0.6) for 1 .. 2 + int rand 4;
	last_lives(\%dir);
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
