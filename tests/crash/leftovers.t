#!/usr/bin/perl
# What killed lives have left as @*.u, older than other archives, is processed
# while rlog is killed at every system call: the lines stay in their order, each
# there once. The short form takes a sample; CRASH_LONG=1 takes all.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Test::More;
use Crash;
use POSIX ();

my @rlog = ('rlog', 't', 's4096', 'n100', '!cat', './a');
my @old = map { sprintf '@40000000%08x%08x ', 0x60000000 + $_, 0 } 1 .. 6;
my @names = map { substr $_, 0, 25 } @old;
my @lines = map { "$old[$_]line $_\n" } 0 .. $#old;
work_in();

sub file {
	my ($name, $mode, @content) = @_;
	open my $f, '>', "a/$name" or die "$name: $!";
	print $f @content;
	close $f;
	chmod $mode, "a/$name";
}

# Two lives were killed, each followed by one that ended well.
sub leave {
	fresh('run');
	mkdir 'a', 0700;
	file("$names[1].u", 0644, @lines[0, 1]);
	file("$names[2].s", 0744, $lines[2]);
	file("$names[3].u", 0644, $lines[3]);
	file("$names[4].s", 0744, $lines[4]);
	file('current', 0744, $lines[5]);
}

sub interrupted {
	my ($stop) = @_;
	leave();
	end_of(run(filled_pipe(), tool('stop-at'), '-o', 'said', $stop, @rlog));
	my $ended = slurp('said') =~ /^ended/;
	for (1 .. 3) {
		my $status = end_of(run(filled_pipe(), @rlog));
		return ("the next one ends so: $status", $ended) if $status ne 0;
	}
	my $got = lines_of('a');
	return ($got eq join('', @lines) ? '' : "the lines are\n$got", $ended);
}

my (@wrong, $tried);
for (my $stop = 1;; $stop += long_form() ? 1 : 3) {
	my ($wrong, $ended) = interrupted($stop);
	push @wrong, "stop $stop: $wrong" if $wrong;
	last if $ended;
	$tried++;
}
cmp_ok($tried, '>', 50, 'rlog is killed at many stops');
is(scalar @wrong, 0, 'the lines stay in their order');
diag($_) for @wrong[0 .. ($#wrong < 3 ? $#wrong : 3)];
done_testing();
