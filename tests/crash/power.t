#!/usr/bin/perl
# rlog on a disk that loses its power, at any flush and between, with any part
# of what was not flushed written: after the next boot no line is there that
# nobody wrote, none is cut in its middle, none that had counted as written
# (F) is missing, and lines are twice only if that is said. Any of these file
# systems may leave holes in what was not synced: rlogdir(5). On ext2 with a
# processor it is only looked whether rlog starts there. The short form takes a
# sample of ext4; CRASH_LONG=1 more states, and all file systems.
# KIND names one, SCENARIO a scenario, SEED the random numbers.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Test::More;
use Crash;
use Disk;
use Time::HiRes 'sleep';

require 'sys/ioctl.ph';
my $seed = $ENV{SEED} // 1;
my $scenario = $ENV{SCENARIO} // '';
my $states = $ENV{STATES} // (long_form() ? 400 : 40);
my @lines = map { sprintf "%06d kind%d %s\n", $_, $_ % 5,
	chr(ord('a') + $_ % 26) x ($_ * 37 % 61) } 1 .. 700;
my @begun;	# first parts of lines that stay in the ring from life to life
my $letters = '!tr 0-9 A-J';

# synced: what rlog has written counts; lives: with TERM between them
my @scenarios = (
	{ name => 'nothing synced', script => ['s4096', 'n10000', './a'] },
	{ name => 'synced', synced => 1, script => ['F', 's4096', 'n10000', './a'] },
	{ name => 'synced, with a processor', synced => 1,
		script => ['F', 's4096', 'n10000', $letters, './a'] },
	{ name => 'lives', lives => 5, script => ['s4096', 'n10000', './a'] },
	{ name => 'synced lives with a processor', lives => 5, synced => 1,
		script => ['F', 's4096', 'n10000', $letters, './a'] },
	{ name => 'one file, held up', script => ['s1m', './a'], burst => 1 },
);

sub unread {
	my ($pipe) = @_;
	my $n = pack 'L', 0;
	ioctl $pipe, FIONREAD(), $n or die "FIONREAD: $!";
	return unpack 'L', $n;
}

# It has taken all in, done what it can, and waits.
sub settled {
	my ($pid, $pipe) = @_;
	for (1 .. 100_000) {
		return 1 if !unread($pipe) && slurp("/proc/$pid/wchan") =~ /poll/ &&
			!unread($pipe);
		return 0 if waitpid($pid, 1) > 0;
		sleep 0.003;
	}
	return 0;
}

sub start_rlog {
	my ($in, $script) = @_;
	my $pid = fork // die;
	return $pid if $pid;
	chdir 'fs' or POSIX::_exit(111);
	open STDIN, '<&', $in or POSIX::_exit(111);
	open STDERR, '>>', '../err' or POSIX::_exit(111);
	exec 'rlog', @{$script->{script}} or POSIX::_exit(127);
}

# Feeds all lines, some at a time; marks how many count as written.
sub feed {
	my ($disk, $script) = @_;
	my @rest = @lines;
	@begun = ();
	my $lives = $script->{lives} // 1;
	my ($done, @syncs) = (0);
	pipe(my $out, my $in) or die;
	$in->autoflush(1);
	for my $life (1 .. $lives) {
		my $pid = start_rlog($out, $script);
		my $n = int @rest / ($lives - $life + 1);
		settled($pid, $out) or die 'rlog does not run: ' . slurp('err');
		while ($n > 0) {
			my $now = 1 + int rand($script->{burst} ? 60 : 25);
			$now = $n if $now > $n;
			my @chunk = splice @rest, 0, $now;
			$n -= $now;
			$done += $now;
			syswrite $in, join '', @chunk;
			if (rand() < 0.3) {
				my $child = fork // die;
				exec 'sync', '-f', 'fs' or POSIX::_exit(1) if !$child;
				push @syncs, $child;
			}
			settled($pid, $out) or die 'rlog is gone';
			$disk->mark($done) if $script->{synced} &&
				slurp('fs/a/current') =~ /\Q$chunk[-1]\E\z/;
		}
		if (@rest) {
			push @begun, substr($rest[0], 0, 9) . "\n";
			syswrite $in, substr $rest[0], 0, 9, '';
		}
		settled($pid, $out) or die 'rlog is gone';
		kill 'TERM', $pid;
		end_of($pid) eq 0 or die 'rlog ends badly: ' . slurp('err');
		$disk->mark($done) if $script->{synced};
	}
	waitpid $_, 0 for @syncs;
}

# The machine has another boot id; there is nothing more to read.
sub next_life {
	my ($script) = @_;
	unlink 'said';
	my $pid = fork // die;
	if (!$pid) {
		chdir 'state' or POSIX::_exit(111);
		open STDIN, '<', '/dev/null';
		open STDERR, '>', '../said';
		exec 'unshare', '-m', 'sh', '-c', 'mount --bind ../boot'
			. ' /proc/sys/kernel/random/boot_id && exec rlog "$@"',
			'sh', @{$script->{script}} or POSIX::_exit(127);
	}
	return end_of($pid);
}

sub decoded {
	my ($text, $name) = @_;
	$text =~ tr/A-J/0-9/ if $name =~ /\.s$/;
	return $text;
}

# All that is wrong, as words; %where has the first place of each.
my %where;

sub judge {
	my ($kind, $script, $counts, $mounted) = @_;
	return '' if !$mounted;	# a torn block of the file system itself
	my $status = next_life($script);
	return "exit $status" if $status ne 0;
	my $said = slurp('said');
	my (%want, %have, %wrong);
	@want{@lines} = 1 .. @lines;
	@want{@begun} = ();
	for my $file (files('state/a')) {
		my $text = decoded(slurp($file), $file);
		my $at = 0;
		for my $line (split /^/, $text) {
			if (exists $want{$line}) {
				$have{$line}++;
			} else {
				my $kind = begin($line, \%want);
				$wrong{$kind} = 1;
				$where{$kind} //= "$file, byte " . $at;
			}
			$at += length $line;
		}
	}
	$wrong{doubled} = 1
		if $said !~ /twice/ && grep { $_ > 1 } values %have;
	$wrong{lost} = 1 if $counts =~ /^\d+$/ &&
		grep { !$have{$_} } @lines[0 .. $counts - 1];
	# A hole is no fault of rlog's: in what was synced, it is `lost` as well.
	delete $wrong{hole};
	delete $wrong{torn} if $kind eq 'ext2' && !$script->{synced};
	# Its renames are two changes, of which either may be on the disk alone, and
	# the repair then gives a file's blocks to whom it finds: a processor's
	# archive can be there twice, or not at all.
	%wrong = () if $kind eq 'ext2' && $script->{name} =~ /processor/;
	return join ' and ', sort keys %wrong;
}

# What a line is that is not one.
sub begin {
	my ($line, $want) = @_;
	return 'fill' if $line =~ /\xff/;
	return 'zeros at the end' if $line =~ /\0\z/;
	return 'hole' if $line =~ /\0/;
	chomp $line;
	return 'torn' if grep { index($_, $line) == 0 } keys %$want;
	return 'garbage';
}

sub test_scenario {
	my ($kind, $script) = @_;
	srand $seed;
	fresh('run');
	my $disk = Disk->start($kind, tool('recorder'));
	return skip_counted("no $kind here", 1) if !$disk;
	$disk->mark('begin');
	my $fed = eval { feed($disk, $script); 1 };
	my $trouble = $@;
	$disk->mark('end');
	$disk->stop;
	return fail("$kind, $script->{name}: $trouble") if !$fed;
	open my $boot, '>', 'boot';
	print $boot "another boot\n";
	close $boot;
	my %wrong;
	my $n = $disk->states($states, sub {
		my $answer = judge($kind, $script, @_);
		$wrong{$answer}++ if $answer;
	});
	ok(!%wrong, "$kind, $script->{name}: $n states");
	diag("$wrong{$_} of $n: $_") for sort keys %wrong;
	diag("the first $_: $where{$_}") for %wrong ? sort keys %where : ();
	%where = ();
}

$SIG{$_} = sub { exit 1 } for qw(TERM INT HUP);
work_in();
my $missing = disk_missing(tool('recorder'));
my @kinds = $ENV{KIND} // (long_form() ? sort keys %Disk::kind : 'ext4');
if ($missing) {
	skip_counted($missing, @kinds * @scenarios);
} else {
	for my $kind (@kinds) {
		test_scenario($kind, $_)
			for grep { $_->{name} =~ /$scenario/ } @scenarios;
	}
}
done_testing();
