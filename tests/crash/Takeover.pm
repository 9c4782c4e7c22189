# The loggers that take over from each other, the directories that they leave,
# and what must be in these.
package Takeover;
use strict;
use warnings;
use Exporter 'import';
our @EXPORT = qw(loggers installed write_file lines_for life changing_stops signature
	keep_state restore_state lines_in make_crash make_processed rlog_script on_disk look once leftovers
	unresolved unlocked eventually killed_in_processor);

use Crash;
use Fcntl qw(:flock O_RDWR O_NONBLOCK);
use POSIX 'mkfifo';
use Time::HiRes 'sleep';

# It shows how often it was run.
use constant PROCESSOR => 'sed s/^/x/';

# In the directory above the log directory.
sub loggers {
	my ($processor) = @_;
	my $with = $processor ? [PROCESSOR] : [];
	return map { { processor => $processor, prepare => sub { }, %$_ } } (
		{ name => 'multilog', command => ['multilog', 's4096', 'n1000',
			(map { "!$_" } @$with), '.'] },
		{ name => 's6-log', command => ['s6-log', 's4096', 'n1000',
			(map { "?$_" } @$with), '.'] },
		{ name => 'svlogd', command => ['svlogd', '.'],
			prepare => sub { write_file('config', join "\n",
				's4096', 'n0', (map { "!$_" } @$with), '') } },
	);
}

sub rlog_script {
	my ($processor) = @_;
	return ['s4096', 'n1000', $processor ? '!' . PROCESSOR : (), '.'];
}

sub installed {
	my ($logger) = @_;
	return grep { -x "$_/$logger->{name}" } split /:/, $ENV{PATH};
}

sub write_file {
	my ($name, $text) = @_;
	open my $f, '>', $name or die "$name: $!";
	print $f $text;
	close $f;
}

# Numbered lines of one life, in pieces of a read each: enough for two rotations,
# but for those that only have to be there.
sub lines_for {
	my ($life) = @_;
	my $n = $life =~ /^(peer|rlog)$/ ? 200 : 3;
	my @lines = map { sprintf "%s %04d %s.\n", $life, $_, 'y' x ($_ * 37 % 61) }
		1 .. $n;
	my @pieces = '';
	for my $line (@lines) {
		push @pieces, '' if length($pieces[-1]) + length($line) > 1500;
		$pieces[-1] .= $line;
	}
	return @pieces;
}

# What a crash leaves that the start has to put in order: with some lines each.
sub make_crash {
	my @lines = map { "old $_.\n" } 1 .. 9;
	write_file('previous', join '', @lines[0 .. 2]);
	write_file('current', join '', @lines[3 .. 5]);
	write_file('@400000005fffffff00000000.s', join '', @lines[6 .. 8]);
	chmod 0744, 'previous', '@400000005fffffff00000000.s';
	chmod 0644, 'current';
}

# The same, when a processor was done.
sub make_processed {
	make_crash();
	write_file('processed', join '', map { "xold $_.\n" } 1 .. 3);
	write_file('newstate', '');
	chmod 0744, 'processed';
}

sub life {
	my ($logger, @lines) = @_;
	return end_of(run(filled_pipe(@lines), @{$logger->{command}}));
}

# The stops at which a name or a mode is being changed, or has been, and those
# around a processor: [number, call, before|after].
sub changing_stops {
	my ($logger, $setup, @lines) = @_;
	if (!@lines) {
		@lines = lines_for('peer');
		fresh('left');
	}
	$setup->();
	$logger->{prepare}->();
	end_of(run(filled_pipe(@lines), tool('stop-at'), '-l', '-o', '../list',
		@{$logger->{command}}));
	my $number = 0;
	my @stops = map { [++$number, (split)[0, 1]] } split /\n/, slurp('../list');
	return grep { $_->[1] =~ /^(f?chmod(at)?|(un)?link(at)?|rename(at2?)?|
		open(at)?|clone|wait4|fsync|write|writev)$/x } @stops;
}

# True when it is so, at most five minutes later.
sub eventually {
	my ($is_so) = @_;
	for (1 .. 30_000) {
		return 1 if $is_so->();
		sleep 0.01;
	}
	return 0;
}

# A child of a killed process has its lock until it is another program.
sub unlocked {
	my ($dir) = @_;
	open my $lock, '>>', "$dir/lock" or return 1;
	return eventually(sub { flock $lock, LOCK_EX | LOCK_NB });
}

# Kills the logger while its processor has made a part of its output, and waits.
# What the processor waits for, and its process, which goes on when told so.
sub killed_in_processor {
	my ($logger) = @_;
	my %with = %$logger;
	fresh('left');
	unlink '../gate', '../done', '../pid';
	mkfifo('../gate', 0600) or die;
	write_file('../processor', <<'END');
echo $$ >../pid
sed -u -e s/^/x/ -e 20q
read go <../gate
sed s/^/x/
echo >../done
END
	$with{command} = [map { s/sed.*/sh ..\/processor/r } @{$with{command}}];
	$logger->{prepare}->();
	write_file('config', slurp('config') =~ s/sed.*/sh ..\/processor/r)
		if -e 'config';
	pipe(my $out, my $in) or die;
	my $pid = run($out, @{$with{command}});
	syswrite $in, $_ for lines_for('peer');
	my $found;
	eventually(sub {
		($found) = grep { /^(processed|\@.*\.t)$/ && -s $_ } names('.') });
	kill 'KILL', $pid;
	end_of($pid);
	return $found && unlocked('.');
}

sub names {
	my ($dir) = @_;
	opendir my $d, $dir or die "$dir: $!";
	return sort grep { !/^\.\.?$/ && $_ ne 'err' && $_ ne 'lock' } readdir $d;
}

# Equal for directories that differ in labels and sizes only.
sub signature {
	my ($dir) = @_;
	my (%number, $n);
	return join ' ', map {
		my ($mode, $links, $size) = (lstat "$dir/$_")[2, 3, 7];
		(my $name = $_) =~ s/^(\@[0-9a-f]{24})/'@' . ($number{$1} \/\/= ++$n)/e;
		sprintf '%s:%o:%d:%d', $name, $mode, $links, $size > 0 } names($dir);
}

# The files of this directory, with modes and links.
my $kept = 0;

sub keep_state {
	my $state = "../state" . ++$kept;
	system('cp', '-a', '.', $state) == 0 or die 'cp';
	return "state$kept";
}

sub restore_state {
	my ($state) = @_;
	fresh('taken');
	system('cp', '-a', "../$state/.", '.') == 0 or die 'cp';
	unlink 'err';
}

# Lines without the marks of the processor.
sub lines_in {
	my ($file) = @_;
	return map { s/^(x*)//; [$_, length $1] } split /^/, slurp($file);
}

# Those of the names whose files hold lines for sure, whoever has left them.
sub data_files {
	my ($dir, @names) = @_;
	return map { "$dir/$_" } grep {
		/^\@.*\.[su]$/ || $_ eq 'current' || $_ eq 'previous' ||
			$_ eq 'processed' && (lstat "$dir/$_")[2] & 0100 } @names;
}

# The lines that are on the disk, once or more.
sub on_disk {
	my ($dir) = @_;
	return lines_of_names($dir, names($dir));
}

sub lines_of_names {
	my ($dir, @names) = @_;
	my %lines;
	$lines{$_->[0]}++ for map { lines_in($_) } data_files($dir, @names);
	return \%lines;
}

# What a directory whose logger has ended holds: its lines, how many of them
# readers see twice, and what is unresolved. A child of a killed logger can make
# a .t, processed, newstate and state at any time, and write to them, but changes
# no other file, name or mode. So the names are read once: of a .t that comes
# later nothing is seen.
sub look {
	my ($dir) = @_;
	my @names = names($dir);
	my %seen;
	$seen{$_->[0]}++ for map { lines_in("$dir/$_") }
		grep { /^\@/ || $_ eq 'current' } @names;
	return { lines => lines_of_names($dir, @names),
		doubled => scalar(grep { $_ > 1 } values %seen),
		unresolved => unresolved_names($dir, @names) };
}

# What readers see must be these lines, each once, and not processed twice.
sub once {
	my ($dir, $before, @pieces) = @_;
	my %want = map { $_ => 1 } @$before, map { split /^/ } @pieces;
	my (%got, $twice);
	for my $line (map { lines_in($_) } files($dir)) {
		$got{$line->[0]}++;
		$twice ||= $line->[0] if $line->[1] > 1;
	}
	my @lost = grep { !$got{$_} } sort keys %want;
	my @doubled = grep { $got{$_} > 1 } sort keys %got;
	my @new = grep { !$want{$_} } sort keys %got;
	return '' unless @lost || @doubled || @new || $twice;
	my @examples = map { s/ .*//sr . (/(\d+)/ ? " $1" : '') }
		(@lost, @doubled, @new)[0];
	return sprintf '%d lost, %d doubled, %d of nobody%s (%s) in %s',
		scalar @lost, scalar @doubled, scalar @new,
		$twice ? ', processed twice' : '', "@examples", signature($dir);
}

# What an rlog that has started leaves to nobody.
sub leftovers {
	my ($dir) = @_;
	my @left = grep { /^(previous|process(ed|ing)|(new|next)state)$/ ||
		/^\@.*\.t$/ || /^\@/ && !/^\@[0-9a-f]{24}\.[su]$/ } names($dir);
	push @left, values %{unresolved($dir)};
	return @left ? "left: @left" : '';
}

# What only those who have left it put in order: names by their inodes. An
# archive has two names when svlogd has found a current that was linked.
sub unresolved {
	my ($dir) = @_;
	return unresolved_names($dir, names($dir));
}

sub unresolved_names {
	my ($dir, @names) = @_;
	my @left = grep { my ($label) = /^(\@.{24})\.[ut]$/;
		$_ eq 'previous' || /\.t$/ || $label && -e "$dir/$label.s" &&
			(lstat "$dir/$_")[2] & 0100 ||
			$_ eq 'processed' && (lstat "$dir/$_")[2] & 0100 ||
			/^(\@.*|current)$/ && (lstat "$dir/$_")[3] > 1 }
		@names;
	return { map { (lstat "$dir/$_")[1] => $_ } @left };
}

1;
