# What the crash tests share: a place to work in, runs with a time limit, input
# that is read in the same pieces every time, and the count of lines.
package Crash;
use strict;
use warnings;
use Exporter 'import';
use Fcntl qw(F_SETFL O_WRONLY);
use File::Basename 'dirname';
use File::Path qw(remove_tree);
use File::Temp 'tempdir';
use POSIX ':sys_wait_h';
use Test::More;

our @EXPORT = qw(long_form tool work_in fresh filled_pipe run has_ended end_of
	slurp files lines_of count_lines skip_counted
	sample stops);

use constant {
	O_DIRECT => 040000,
	F_SETPIPE_SZ => 1031,
	PATIENCE => 300,		# seconds for one run
};

my $top = dirname(dirname(dirname(File::Spec->rel2abs(__FILE__))));
my $build = $ENV{BUILD} // "$top/build";
$ENV{PATH} = "$build:$ENV{PATH}";
# Leaks can't be looked for in what is traced, or killed.
$ENV{ASAN_OPTIONS} = 'detect_leaks=0';

sub long_form { return $ENV{CRASH_LONG} ? 1 : 0 }

sub tool { return "$build/tests/tools/$_[0]" }

# A directory in memory that goes when the test ends.
my $base;

sub work_in {
	$base = tempdir((-w '/dev/shm' ? '/dev/shm' : '/tmp') . '/crash.XXXXXX');
	chdir $base or die "$base: $!";
}

my $owner = $$;

END {
	if ($base && $$ == $owner) {
		my $status = $?;
		chdir '/';
		remove_tree($base);
		$? = $status;
	}
}

my $removed = 0;

# An empty directory below that, for one run.
sub fresh {
	my ($name) = @_;
	chdir $base or die;
	# A processor of a logger that was killed may still write there.
	if (-e $name) {
		my $old = "old.$$." . ++$removed;
		rename $name, $old or die "$name: $!";
		remove_tree($old, { error => \my $in_use });
	}
	mkdir $name or die "$name: $!";
	chdir $name or die "$name: $!";
}

# The reading end of a pipe that holds these pieces and then ends. Each piece, of
# at most 4096 bytes, will be a read of its own; a longer one is read as it comes.
sub filled_pipe {
	my @pieces = @_;
	pipe(my $out, my $in) or die "pipe: $!";
	fcntl($in, F_SETPIPE_SZ, 1 << 20);
	binmode $in;
	fcntl($in, F_SETFL, O_WRONLY | O_DIRECT)
		unless grep { length > 4096 } @pieces;
	for my $piece (@pieces) {
		my $n = syswrite $in, $piece;
		die "the pipe is too small" unless defined $n && $n == length $piece;
	}
	close $in;
	return $out;
}

# Starts a command with this input, its messages to the file `err`; the pid.
sub run {
	my ($in, @command) = @_;
	my $pid = fork // die "fork: $!";
	return $pid if $pid;
	$SIG{ALRM} = 'DEFAULT';
	open STDIN, '<&', $in or POSIX::_exit(111);
	open STDOUT, '>', '/dev/null' or POSIX::_exit(111);
	open STDERR, '>>', 'err' or POSIX::_exit(111);
	{ no warnings; exec { $command[0] } @command; }
	POSIX::_exit(127);
}

# All stops of a run that nobody interrupts: [number, call, before|after,
# instructions that follow, up to $most, from stop $first on]. What comes before the program's
# own work is left out.
sub stops {
	my ($script, $first, $most) = @_;
	fresh('list');
	my $in = filled_pipe(@{$script->{input}});
	end_of(run($in, tool('stop-at'), '-l', '-o', 'list',
		$first ? ('-n', $first, '-i', $most) : (), 'rlog',
		@{$script->{script}}));
	my $number = 0;
	my @stops = map { [++$number, split] } split /\n/, slurp('list');
	# The loader's calls; rlog's first is umask.
	shift @stops while @stops && $stops[0][1] ne 'umask';
	return @stops;
}

# True for a child that has ended and has not been waited for: its number is not
# another's yet.
sub has_ended {
	my ($pid) = @_;
	return slurp("/proc/$pid/status") =~ /^State:\tZ /m;
}

# Waits for it: its status as a shell says it, or 'hung'.
sub end_of {
	my ($pid) = @_;
	my $hung = 0;
	local $SIG{ALRM} = sub { $hung = 1; kill 'KILL', $pid };
	alarm PATIENCE;
	1 while waitpid($pid, 0) < 0 && $!{EINTR};
	alarm 0;
	return 'hung' if $hung;
	return $? & 127 ? 128 + ($? & 127) : $? >> 8;
}

sub slurp {
	my ($file) = @_;
	open my $f, '<:raw', $file or return '';
	local $/;
	return <$f> // '';
}

# The files of a log directory, old ones first.
sub files {
	my ($dir) = @_;
	opendir my $d, $dir or return ();
	my @names = readdir $d;
	return map { "$dir/$_" } (sort grep { /^\@/ } @names),
		grep { $_ eq 'current' } @names;
}

# What a log directory holds; $decode is given each file's bytes and name.
sub lines_of {
	my ($dir, $decode) = @_;
	return join '', map { my $text = slurp($_);
		$decode ? $decode->($text, $_) : $text } files($dir);
}

# How wrong it is: (lost, doubled, torn) lines.
sub count_lines {
	my ($got, $want) = @_;
	my (%wanted, $lost, $doubled, $torn);
	$wanted{$_}++ for split /^/, $want;
	($lost, $doubled, $torn) = (0, 0, 0);
	my %have;
	for my $line (split /^/, $got) {
		if (!$wanted{$line}) {
			$torn++;
		} elsif (++$have{$line} > $wanted{$line}) {
			$doubled++;
		}
	}
	$lost += $wanted{$_} > ($have{$_} // 0) for keys %wanted;
	return ($lost, $doubled, $torn);
}

# As skip of tests/lib.sh: tests/run says at the end what was skipped.
sub skip_counted {
	my ($reason, $n) = @_;
	if ($ENV{RECIO_SKIPS}) {
		open my $f, '>>', $ENV{RECIO_SKIPS} or die;
		print $f "$0: $reason\n" for 1 .. $n;
		close $f;
	}
	SKIP: { skip $reason, $n }
}

# At most $n of the list: evenly spread, the first and the last among them.
sub sample {
	my ($n, @list) = @_;
	return @list if @list <= $n;
	return @list[map { int($_ * $#list / ($n - 1)) } 0 .. $n - 1] if $n > 1;
	return $list[0];
}

1;
