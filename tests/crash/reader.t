#!/usr/bin/perl
# rlogread, stopped before each of its system calls in turn while rlog, multilog,
# s6-log or svlogd rotates the log once, twice or several times: each line comes
# once, and none that was there when rlogread began is missing. The short form
# takes a sample; CRASH_LONG=1 takes all. Then the log is rotated before every
# one of its calls, until it is reading. WRITER names one writer.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Test::More;
use Time::HiRes qw(sleep time);
use POSIX ();
use Crash;

use constant {
	LONG => 3000,
	PATIENCE => 300,
	READS => 10,		# it has looked at the directory then
};

# Each rotates after every long line. The directory is `log`.
my @writers = (
	['rlog', qw(rlog s4096 n9999 ./log)],
	['rlog with a processor', qw(rlog s4096 n9999 !cat ./log)],
	['multilog', qw(multilog s4096 n9999 ./log)],
	['multilog with a processor', qw(multilog s4096 n9999 !cat ./log)],
	['s6-log', qw(s6-log -b s4096 l2000 n9999 ./log)],
	['s6-log with a processor', qw(s6-log -b s4096 l2000 n9999 ?cat ./log)],
	['svlogd', qw(svlogd -l 3500 -b 4096 ./log), "s4096\nn9999\n"],
	['svlogd with a processor', qw(svlogd -l 3500 -b 4096 ./log),
		"s4096\nn9999\n!cat\n"],
);

my ($writer, $feed, $go, $line, $archives);

sub has_program {
	return grep { -x "$_/$_[0]" } split /:/, $ENV{PATH};
}

# Waits for an event; false if it does not come.
sub await {
	my ($happened) = @_;
	my $end = time + PATIENCE;
	until ($happened->()) {
		return 0 if time > $end;
		sleep 0.001;
	}
	return 1;
}

# Nothing is left to do of the rotation, and current has this.
sub is_quiet {
	my ($current) = @_;
	my @names = map { substr $_, 4 } glob 'log/*';
	return 0 if grep { /^(processing|nextstate)$|[.]u$/ } @names;
	return $archives == grep({ /[.]s$/ } @names) &&
		slurp('log/current') eq $current;
}

# A long line ends the file, a short one is the first of the next.
sub rotate {
	my ($times) = @_;
	for (1 .. $times) {
		syswrite $feed, sprintf "line %d %s\n", ++$line,
			'x' x LONG;
		$archives++;
		await(sub { is_quiet('') }) or die "no rotation by $writer->[0]";
		my $short = sprintf "line %d\n", ++$line;
		syswrite $feed, $short;
		await(sub { is_quiet($short) }) or die "no line by $writer->[0]";
	}
}

sub start_writer {
	my ($name, @command) = @$writer;
	my $config = $command[-1] =~ /\n/ ? pop @command : '';
	mkdir 'log';
	if ($config) {
		open my $f, '>', 'log/config' or die;
		print $f $config;
		close $f;
	}
	pipe(my $out, $feed) or die;
	($line, $archives) = (0, 0);
	my $pid = run($out, @command);
	rotate(2);
	return $pid;
}

# rlogread below stop-at, its output in `got`; $in is the standard input.
sub start_reader {
	my ($in, @command) = @_;
	my $pid = fork // die;
	return $pid if $pid;
	close $_ for grep { $_ } $feed, $go;
	open STDIN, '<&', $in or POSIX::_exit(111) if $in;
	open STDOUT, '>', 'got' or POSIX::_exit(111);
	open STDERR, '>>', 'told' or POSIX::_exit(111);
	{ no warnings; exec { $command[0] } @command; }
	POSIX::_exit(127);
}

sub child_of {
	my ($pid) = @_;
	return slurp("/proc/$pid/task/$pid/children") =~ /(\d+)/ ? $1 : 0;
}

sub is_stopped {
	my ($pid) = @_;
	my $child = child_of($pid);
	return $child && slurp("/proc/$child/status") =~ /^State:\tT /m;
}

sub numbers {
	return slurp('got') =~ /^line (\d+)/mg;
}

# What is wrong with what was read: lines up to $least must be there.
sub fault {
	my ($least) = @_;
	my @got = numbers();
	return "it says: " . slurp('told') if -s 'told';
	for my $i (0 .. $#got) {
		return 'line ' . ($i + 1) . " is $got[$i] of " . @got
			if $got[$i] != $i + 1;
	}
	return @got < $least ? 'it ends with line ' . @got : '';
}

sub arguments {
	my ($follow) = @_;
	return ('rlogread', $follow ? ('-f', '-n', 'all') : (), './log');
}

sub end_reader {
	my ($pid, $follow) = @_;
	if ($follow) {
		await(sub { my @got = numbers(); @got && $got[-1] >= $line });
		kill 'TERM', child_of($pid);
	}
	await(sub { has_ended($pid) }) or kill 'KILL', $pid;
	waitpid $pid, 0;
}

# The number of the stop before its first own call, and those of the stops before
# each call, from when it looks at the directory.
sub reader_stops {
	my ($follow) = @_;
	fresh('run');
	my $pid = start_writer();
	my $reader = start_reader(undef, tool('stop-at'), '-l', '-o', 'list',
		arguments($follow));
	end_reader($reader, $follow);
	close $feed;
	end_of($pid);
	my @stops = split /\n/, slurp('list');
	my ($first) = grep { $stops[$_] =~ /^getdents64/ } 0 .. $#stops;
	# The loader ends with mprotect.
	my ($begin) = grep { $stops[$_] =~ /^mprotect after/ }
		reverse 0 .. $first;
	return $begin + 2,
		map { $_ + 1 } grep { $stops[$_] =~ /before/ } $first .. $#stops;
}

sub stopped_at {
	my ($stop, $rotations, $follow) = @_;
	fresh('run');
	my $pid = start_writer();
	my $least = $line;
	my $reader = start_reader(undef, tool('stop-at'), '-o', 'said', '-s',
		POSIX::SIGSTOP(), $stop, arguments($follow));
	await(sub { is_stopped($reader) || has_ended($reader) });
	my $stopped = is_stopped($reader);
	rotate($rotations);
	kill 'CONT', child_of($reader) if $stopped;
	end_reader($reader, $follow);
	close $feed;
	end_of($pid);
	return fault($follow ? $line : $least);
}

# Rotates before each call from the first on.
sub rotated_at_each {
	my ($first, $follow) = @_;
	my ($rotations, $reads) = (0, 0);
	fresh('run');
	my $pid = start_writer();
	my $least = $line;
	POSIX::mkfifo('calls', 0600) or die;
	pipe(my $in, $go) or die;
	my $reader = start_reader($in, tool('stop-at'), '-e', '-n', $first,
		'-o', 'calls', arguments($follow));
	close $in;
	open my $calls, '<', 'calls' or die;
	while (<$calls>) {
		last if /^pread64/ && ++$reads > READS;
		rotate(1);
		$rotations++;
		syswrite $go, "\n";
	}
	close $go;
	end_reader($reader, $follow);
	close $feed;
	end_of($pid);
	return ($rotations, fault($follow ? $line : $least));
}

sub test_each {
	my ($first, $follow) = @_;
	my ($rotations, $fault) = rotated_at_each($first, $follow);
	ok($rotations > 20 && !$fault, "$writer->[0], " .
		($follow ? 'followed' : 'read') .
		": rotated $rotations times, before each of its calls");
	diag($fault) if $fault;
}

sub test_writer {
	my ($follow) = @_;
	my ($begin, @stops) = reader_stops($follow);
	my @chosen = long_form() ? @stops : sample(12, @stops);
	my ($tried, @wrong) = (0);
	for my $i (0 .. $#chosen) {
		for my $n (long_form() ? (1, 2, 5) : (1, 2, 5)[$i % 3]) {
			my $fault = stopped_at($chosen[$i], $n, $follow);
			push @wrong, "stop $chosen[$i], $n rotations: $fault"
				if $fault;
			$tried++;
		}
	}
	ok(@chosen > 10 && !@wrong, "$writer->[0], " .
		($follow ? 'followed' : 'read') . ": stopped $tried times at " .
		@chosen . ' of ' . @stops . ' calls');
	diag($_) for sample(8, @wrong);
	diag(scalar @wrong, ' wrong') if @wrong;
	test_each($begin, $follow);
}

work_in();
$SIG{PIPE} = 'IGNORE';
for my $one (@writers) {
	$writer = $one;
	next if defined $ENV{WRITER} && $one->[0] !~ /$ENV{WRITER}/;
	if (!has_program($one->[1])) {
		skip_counted("no $one->[1]", 4);
		next;
	}
	test_writer(0);
	test_writer(1);
}
done_testing();
