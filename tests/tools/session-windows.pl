#!/usr/bin/perl
# Compares random windows over a random log with filtering all sessions, or all
# messages, by their times:
#   session-windows.pl COUNT [SEED]
# Makes a log directory `random` with archives, and prints each window that
# differs, then "COUNT windows, N differ, some".
use strict;
use warnings;
use JSON::PP;

my ($count, $seed) = @ARGV;
$seed //= 1;
srand $seed;
my ($from, $length) = (1795000000, 20000);

# Events by time in seconds, and in the order of this list.
my @events;
sub at { push @events, [$_[0], $_[1]] }

# A session of some lines, with pauses; perhaps without its start or its end.
sub make_session {
	my $pid = 2 + int rand 40;
	my $time = rand $length;
	at($time, "tcpserver: pid $pid from 192.0.2.$pid") if rand() < 0.95;
	for (0 .. rand 6) {
		$time += rand() < 0.1 ? rand 3000 : rand 20;
		at($time, "$pid " . (rand() < 0.5 ? '<' : '>') . " line $time ");
	}
	return if rand() < 0.05;
	at($time + 1, "$pid > [EOF]");
	at($time + 1 + rand 3, "tcpserver: end $pid status 0");
}

# A message with retries; deliveries have numbers of their own.
sub make_message {
	my $number = 2 + int rand 30;
	my $time = rand $length;
	if (rand() < 0.95) {
		at($time, "new msg $number");
		at($time, "info msg $number: bytes 9 from <s$number\@b.c> qp 1 uid 2");
	}
	for (0 .. rand 4) {
		my $delivery = 1 + int rand 20;
		$time += rand() < 0.3 ? rand 6000 : rand 20;
		at($time, "starting delivery $delivery: msg $number to local x");
		$time += rand 30;
		at($time, "delivery $delivery: deferral: later/") if rand() < 0.95;
	}
	at($time + 1, "end msg $number") if rand() < 0.9;
}

sub label {
	my ($time) = @_;
	return sprintf '@%016x%08x', (1 << 62) + 10 + $from + int $time,
		1e9 * ($time - int $time);
}

sub write_log {
	mkdir 'random';
	unlink glob 'random/*';
	my @lines = map { label($_->[0]) . " $_->[1]\n" }
		sort { $a->[0] <=> $b->[0] } @events;
	while (@lines) {
		my @some = splice @lines, 0, 1 + int rand 400;
		my $name = @lines ? substr($some[-1], 0, 25) . '.s' : 'current';
		open my $out, '>', "random/$name" or die;
		print $out @some;
	}
}

# All groups that rlogsess shows, as decoded JSON, in order.
sub groups {
	open my $in, '-|', 'rlogsess', '-L', 'djb', '-o', 'json', @_, 'random'
		or die;
	my @groups = map { decode_json($_) } <$in>;
	close $in or die "rlogsess failed\n";
	delete $_->{session} for @groups;
	return @groups;
}

sub labels {
	return map { substr $_, 0, 25 } @{$_[0]->{lines}};
}

my %is_in = (
	sessions => sub {
		my ($group, $since, $until) = @_;
		my @labels = labels($group);
		return $labels[0] le $until && $labels[-1] ge $since;
	},
	messages => sub {
		my ($group, $since, $until) = @_;
		return grep { $_ ge $since && $_ le $until } labels($group);
	},
);

my $json = JSON::PP->new->canonical;
my ($differ, $shown) = (0, 0);
for my $kind (qw(sessions messages)) {
	@events = ();
	$kind eq 'sessions' ? make_session() : make_message() for 1 .. 1500;
	write_log();
	my @options = $kind eq 'messages' ? '-M' : ('-t', 10 * $length);
	my @all = groups(@options);
	for (1 .. $count / 2) {
		my $time = rand() * $length;
		my ($since, $until) = (label($time),
			label($time + (rand() < 0.3 ? 0 : rand 600)));
		my $want = join "\n", map { $json->encode($_) }
			grep { $is_in{$kind}->($_, $since, $until) } @all;
		my $got = join "\n", map { $json->encode($_) }
			groups(@options, '-S', $since, '-U', $until);
		$shown += length $got;
		next if $got eq $want;
		$differ++;
		print "$kind differ: -S $since -U $until, seed $seed\n";
	}
}
printf "%d windows, %d differ, %s\n", $count, $differ,
	$shown ? 'some' : 'none';
