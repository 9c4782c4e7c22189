# A disk that loses its power: tools/recorder keeps all that a file system
# writes to it, and from that any state is built that the power could leave.
package Disk;
use strict;
use warnings;
use Exporter 'import';
use Fcntl qw(O_RDWR O_CREAT SEEK_SET);
use POSIX ();
use Time::HiRes 'sleep';

our @EXPORT = qw(disk_missing);

# name => bytes of the disk, how it is made, and what mends it before a mount
our %kind = (
	ext4 => [16 << 20, 'mkfs.ext4 -q -F'],
	ext3 => [16 << 20, 'mkfs.ext3 -q -F'],
	ext2 => [16 << 20, 'mkfs.ext2 -q -F', 'e2fsck -fy'],
	xfs => [320 << 20, 'mkfs.xfs -q -f'],
	btrfs => [128 << 20, 'mkfs.btrfs -q -f'],
);

sub sh { return system "@_ >/dev/null 2>&1" }

# Why it can't be tried here, or ''.
sub disk_missing {
	my ($recorder) = @_;
	return 'not root' if $> != 0;
	return 'no libfuse3' if !-x $recorder;
	return 'no /dev/fuse' if !-w '/dev/fuse';
	return 'no loop device' if sh('losetup', '--find');
	return 'no name space for a boot id'
		if sh('unshare -m mount --bind /dev/null /proc/sys/kernel/random/boot_id');
	return '';
}

# Whatever ends the test, nothing stays mounted.
my ($owner, $open) = ($$);
END {
	if ($open && $$ == $owner) {
		my $status = $?;
		sh('umount -l state');
		$open->stop if $open->{loop};
		$? = $status;
	}
}

# A new file system on a disk that is recorded, mounted on ./fs.
sub start {
	my ($class, $kind, $recorder) = @_;
	my ($size, $make, $mend) = @{$kind{$kind}};
	my $self = bless { kind => $kind, size => $size, mend => $mend }, $class;
	return if sh((split / /, $make)[0], '-V');
	mkdir $_ for 'recorded', 'fs', 'state';
	$self->{pid} = fork // die "fork: $!";
	if (!$self->{pid}) {
		exec $recorder, 'recorded', $size, 'record' or POSIX::_exit(127);
	}
	for (1 .. 30_000) { last if -e 'recorded/disk'; sleep 0.01 }
	chomp($self->{loop} = `losetup --find --show recorded/disk`);
	$self->{loop} or die "no loop device";
	$self->{mounted} = 0;
	$open = $self;
	if (sh("$make $self->{loop}") || sh("mount -t $kind $self->{loop} fs")) {
		$self->stop;
		return;
	}
	$self->{mounted} = 1;
	system 'sync', '-f', 'fs';
	return $self;
}

# A word in the record, between the writes.
sub mark {
	my ($self, $text) = @_;
	open my $f, '+<', 'recorded/mark' or die "mark: $!";
	syswrite $f, $text;
	close $f;
}

sub stop {
	my ($self) = @_;
	sh('umount fs || umount -l fs') if $self->{mounted};
	sh("losetup -d $self->{loop}") if $self->{loop};
	sh('umount recorded || umount -l recorded');
	kill 'TERM', $self->{pid};
	waitpid $self->{pid}, 0;
	$self->{mounted} = $self->{loop} = undef;
}

# The record: [W, offset, place in the file, length], [F] or [M, text].
sub operations {
	my @all;
	open my $f, '<:raw', 'record' or die "record: $!";
	while (defined(my $line = <$f>)) {
		chomp $line;
		my ($what, @rest) = split / /, $line;
		if ($what eq 'W') {
			push @all, ['W', $rest[0], tell $f, $rest[1]];
			seek $f, $rest[1], 1;
		} else {
			push @all, [$what, "@rest"];
		}
	}
	return @all;
}

sub copy {
	my ($from, $to, $offset, $place, $n) = @_;
	sysseek $from, $place, SEEK_SET;
	sysread($from, my $bytes, $n) == $n or die 'short record';
	sysseek $to, $offset, SEEK_SET;
	syswrite($to, $bytes) == $n or die "state: $!";
}

# Puts any part of these writes, in any order, on the image: a cache of a disk
# may. One write in four is torn at sectors.
sub scatter {
	my ($record, $image, @writes) = @_;
	for my $i (reverse 1 .. $#writes) {
		my $j = int rand $i + 1;
		@writes[$i, $j] = @writes[$j, $i];
	}
	my $share = rand;
	for my $w (grep { rand() < $share } @writes) {
		my (undef, $offset, $place, $n) = @$w;
		if (rand() < 0.75) {
			copy($record, $image, $offset, $place, $n);
			next;
		}
		for (my $at = 0; $at < $n; $at += 512) {
			my $size = $n - $at < 512 ? $n - $at : 512;
			copy($record, $image, $offset + $at, $place + $at, $size)
				if rand() < 0.5;
		}
	}
}

# The states between the marks `begin` and `end`: at most $n places, evenly
# spread, at and between flushes; $look->(the last mark) with each mounted on
# ./state. How many there were.
sub states {
	my ($self, $n, $look) = @_;
	my @operations = $self->operations;
	my ($begin) = grep { "@{$operations[$_]}" eq 'M begin' } 0 .. $#operations;
	my ($end) = grep { "@{$operations[$_]}" eq 'M end' } 0 .. $#operations;
	my $step = ($end - $begin) / $n;
	$step = 1 if $step < 1;
	my ($mark, $count, $next, @pending) = ('', 0, $begin);
	open my $record, '<:raw', 'record' or die;
	sysopen my $durable, 'durable', O_RDWR | O_CREAT or die;
	truncate $durable, $self->{size};
	for my $i (0 .. $end) {
		my $operation = $operations[$i];
		my $what = $operation->[0];
		$mark = $operation->[1] if $what eq 'M';
		push @pending, $operation if $what eq 'W';
		if ($what eq 'F' || $i == $begin) {
			copy($record, $durable, @$_[1 .. 3]) for @pending;
			@pending = ();
		}
		next if $i < $next;
		$next += $step;
		$count++;
		# Another file: the last one may still be mounted for a moment.
		unlink 'image';
		system 'cp', '--sparse=always', 'durable', 'image';
		sysopen my $image, 'image', O_RDWR or die;
		scatter($record, $image, @pending);
		close $image;
		$self->look($look, $mark);
	}
	unlink 'durable', 'image', 'record';
	return $count;
}

sub look {
	my ($self, $look, $mark) = @_;
	sh("$self->{mend} image") if $self->{mend};
	if (sh("mount -o loop -t $self->{kind} image state")) {
		$look->($mark, 0);
		return;
	}
	$look->($mark, 1);
	sh('umount state') == 0 or sh('umount -l state');
}

1;
