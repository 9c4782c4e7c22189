# What a log directory holds after a storm: its lines in order, what each says
# of itself, and what is wrong with them whatever the scripts were.
package StormLog;
use strict;
use warnings;
no warnings 'portable';
use Exporter 'import';
use IO::Uncompress::Gunzip qw(gunzip $GunzipError);
use Time::Local 'timegm';
use Crash;
use StormScript 'SIZE';

our @EXPORT_OK = qw(read_directory printable told left note_text);

my $prefix = qr/(?:<[a-z ]+> )?/;

# A note as it is without its form.
sub note_text { return $_[0]{text} =~ s/\A$prefix//r }

# The bytes of a file as they were in current; what its processor wrote in front
# of them goes to @$numbers.
sub contents {
	my ($file, $numbers, $bad) = @_;
	my $bytes = slurp($file);
	if ($bytes =~ /\A\x1f\x8b/) {
		gunzip(\$bytes => \my $text) or
			push @$bad, "$file: $GunzipError";
		$bytes = $text;
	}
	push @$numbers, $1 if $file !~ /current\z/ && $bytes =~ s/\AP (\d+)\n//;
	push @$bad, "$file: of " . length($bytes) . ' bytes'
		if length $bytes > SIZE;
	return $bytes;
}

# Nanoseconds of Unix time, and the kind of stamp.
sub time_of {
	my ($stamp, $run) = @_;
	if ($stamp =~ /^\@([0-9a-f]{16})([0-9a-f]{8}) $/) {
		my $kind = $run->{storm}{stamp} eq 'tL' ? 'tL' : 't';
		my $seconds = hex($1) - (1 << 62) - ($kind eq 'tL' ? 37 : 10);
		$kind = 'of another time' if $seconds < $run->{began} - 2 ||
			$seconds > $run->{ended} + 2;
		return ($seconds * 1_000_000_000 + hex $2, $kind);
	}
	my ($year, $month, $day, $hour, $minute, $second, $nano) =
		$stamp =~ /\d+/g;
	return (timegm($second, $minute, $hour, $day, $month - 1, $year)
		* 1_000_000_000 + $nano, 'T');
}

# What one line says of itself: its number, n, or a note of rlog's.
sub parse {
	my ($line, $run) = @_;
	my %seen = (line => $line, stamp => '');
	if ($line =~ s/\A(\@[0-9a-f]{24} |\d{4}-\d\d-\d\dT[0-9:.]{18}Z )//) {
		($seen{time}, $seen{stamp}) = time_of($1, $run);
	}
	$seen{text} = $line;
	# A line that is torn may end in the middle of that.
	if ($line =~ /\A${prefix}(\d{6})(?: kind\d | ?k?i?n?d?\d?\z)/) {
		$seen{n} = 0 + $1;
	} elsif ($line =~ /\A$prefix cut (\d{6})\z/) {
		$seen{n} = $1 + 0.5;
	} elsif ($line =~ /\A$prefix(\d{1,5})\z/) {
		$seen{digits} = $1;
	} elsif ($line =~ /\A${prefix}rlog:\ dropped\ (\d+)\ lines,
			\ (\d+)\ bytes,\ from\ (\S+)\ to\ (\S+)\z/x) {
		$seen{note} = { lines => $1, bytes => $2, name => "$3 $4" };
	}
	return \%seen;
}

# A backslash is doubled, so that a byte and its escape look different.
sub printable {
	return $_[0] =~ s/(\\)|([^ -~])/$1 ? '\\\\' : sprintf '\x%02x', ord $2/egr;
}

sub told {
	my ($seen) = @_;
	return 'nothing' if !$seen;
	return printable(substr $seen->{line}, 0, 70) .
		(length $seen->{line} > 70 ? '... of ' . length $seen->{line} : '');
}

# The files of a directory. One that the last script does not have may be in the
# middle of a rotation.
sub all_files {
	my ($name) = @_;
	my @files = files($name);
	my %is = map { (stat)[1] => 1 } @files;
	my @between = map { "$name/$_" } -x "$name/processed" ? 'processed' :
		'previous';
	my @current = grep { m{/current\z} } @files;
	return ((grep { !m{/current\z} } @files),
		(grep { -e && !$is{(stat)[1]} } @between), @current);
}

# Where a line was torn at the end of a file that was then processed, nobody can
# tell; see torn.h.
sub join_files {
	my ($run, $may_be_torn, @contents) = @_;
	my $text = '';
	for my $file (@contents) {
		my $first = parse($file =~ s/\n.*//sr, $run);
		$text .= "\n" if $may_be_torn && $text =~ /[^\n]\z/ &&
			(defined $first->{n} || $first->{note});
		$text .= $file;
	}
	return $text;
}

# All lines of a directory: what they say, in order.
sub read_directory {
	my ($model, $name) = @_;
	my ($run, $dir) = ($model->{run}, $model->{dirs}{$name});
	my (@numbers, %twice, @bad);
	my @files = all_files($name);
	my $text = join_files($run, $dir->{processor} && left($model, $name),
		map { contents($_, \@numbers, \@bad) } @files);
	push @bad, "$name: the state $_ twice"
		for grep { $twice{$_}++ } @numbers;
	push @bad, "$name: it ends within a line"
		if length $text && $text !~ /\n\z/ && !left($model, $name);
	my @seen = map { parse($_, $run) } split /\n/, $text;
	@seen = grep { !is_beginning($_) } @seen if left($model, $name);
	# The file that it was begun in was removed.
	shift @seen if $dir->{pruned} && @seen && !defined $seen[0]{n} &&
		!$seen[0]{note};
	push @bad, map { "$name/$_ is left" } grep { -e "$name/$_" }
		qw(processing nextstate) if in_last($model, $name);
	push @bad, look_at_order($name, \@seen);
	push @bad, look_at_bounds($model, $name, \@files);
	push @{$model->{bad}}, @bad;
	return \@seen;
}

sub look_at_order {
	my ($name, $seen) = @_;
	my ($time, $n, %at, @bad) = (0, -1);
	for my $line (@$seen) {
		if (defined $line->{time}) {
			push @bad, "$name: a stamp that is not larger: " .
				told($line) if $line->{time} <= $time;
			$time = $line->{time};
		}
		next if !defined $line->{n};
		push @bad, "$name: line $line->{n} " . ($at{$line->{n}}++ ? 'twice' :
			"after line $n") . ': ' . told($line) if $line->{n} <= $n;
		$at{$line->{n}}++;
		$n = $line->{n};
	}
	return @bad > 3 ? @bad[0 .. 2] : @bad;
}

sub in_last {
	my ($model, $name) = @_;
	return grep { $_ eq $name } @{$model->{lives}[-1]{script}{dirs}};
}

sub look_at_bounds {
	my ($model, $name, $files) = @_;
	my $dir = $model->{dirs}{$name};
	return if !in_last($model, $name);
	my @archives = grep { !/current$/ } @$files;
	my $bytes = 0;
	$bytes += -s $_ for @archives;
	# What a kill between a rotation and the removal leaves, the next start
	# removes; the last life is not killed.
	return ((@archives >= $dir->{number} ? "$name: too many archives" : ()),
		($dir->{total} && $bytes > $dir->{total} ?
			"$name: $bytes bytes of archives" : ()));
}

# Is this directory no longer used in a life after $n, or in an earlier one?
sub left {
	my ($model, $name) = @_;
	return $model->{left}{$name} //= grep { !$_->{has}{$name} }
		@{$model->{lives}};
}

# A kill may have torn a line where it did not yet say its number.
sub is_beginning {
	my ($seen) = @_;
	return !defined($seen->{n} // $seen->{digits} // $seen->{note}) &&
		$seen->{line} =~ /\A(?:\@[0-9a-f]{0,24}|\d{4}-[-0-9T:.]*Z? ?|)\z|
		\A(?:\@[0-9a-f]{24}\ |\d{4}-\S*Z\ )?(?:<[a-z\ ]*>?\ ?)?
		\z/x;
}

1;
