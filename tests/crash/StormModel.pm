# What every directory must hold after a storm: each line once, in order, where
# the script of its time puts it. Which life took a line is not known, only that
# it was none before the one in which the line was written, and that no later
# line was taken by an earlier life: so there must be such lives that all
# directories agree with.
package StormModel;
use strict;
use warnings;
no warnings 'portable';
use Exporter 'import';
use IO::Uncompress::Gunzip qw(gunzip $GunzipError);
use Time::Local 'timegm';
use Crash;
use StormScript qw(outputs_of shown SIZE);

our @EXPORT_OK = 'faults';

my $prefix = qr/(?:<[a-z ]+> )?/;

# The bytes of a file as they were in current; what its processor wrote in front
# of them goes to @$numbers.
sub contents {
	my ($file, $numbers, $bad) = @_;
	my $bytes = slurp($file);
	if ($file =~ /\.gz\z/) {
		gunzip(\$bytes => \my $text) or push @$bad, "$file: $GunzipError";
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
	if ($line =~ /\A${prefix}(\d{6}) kind\d /) {
		$seen{n} = 0 + $1;
	} elsif ($line =~ /\A$prefix cut (\d{6})\z/) {
		$seen{n} = $1 + 0.5;
	} elsif ($line =~
		/\A${prefix}rlog: dropped (\d+) lines, (\d+) bytes, from (\S+) to (\S+)\z/) {
		$seen{note} = { lines => $1, bytes => $2, name => "$3 $4" };
	}
	return \%seen;
}

sub printable { return $_[0] =~ s/([^ -~])/sprintf '\x%02x', ord $1/egr }

sub told {
	my ($seen) = @_;
	return 'nothing' if !$seen;
	return printable(substr $seen->{line}, 0, 70) . (length $seen->{line} > 70 ? '... of ' . length $seen->{line} : '');
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

# All lines of a directory: what they say, in order.
sub read_directory {
	my ($model, $name) = @_;
	my ($run, $dir) = @{$model}{'run', 'dirs'};
	my (@numbers, %twice, @bad);
	my @files = all_files($name);
	my $text = join '', map { contents($_, \@numbers, \@bad) } @files;
	push @bad, "$name: the state $_ twice" for grep { $twice{$_}++ } @numbers;
	push @bad, "$name: it ends within a line"
		if length $text && $text !~ /\n\z/ && in_last($model, $name);
	my @seen = map { parse($_, $run) } split /\n/, $text;
	if (in_last($model, $name)) {
		push @bad, "$name/$_ is left" for grep { -e "$name/$_" }
			qw(previous processed newstate);
	}
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
			push @bad, "$name: a stamp that is not larger: " . told($line)
				if $line->{time} <= $time;
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

# The line of a directory that is this text in this form.
sub is_so {
	my ($seen, $text, $form, $script) = @_;
	return $seen && $seen->{stamp} eq $script->{stamp} &&
		$seen->{text} eq shown($text, $form);
}

sub common {
	my ($one, $other) = @_;
	($one ^ $other) =~ /\A\0*/;
	return $+[0];
}

# Two scripts may have made it, if it was cut at a size between them.
sub is_so_in_parts {
	my ($seen, $text, $form, $script) = @_;
	return 0 if $seen->{stamp} ne $script->{stamp};
	my $whole = $seen->{text};
	my @ways = map { shown($text, { %$form, visible => $_ }) } 0, 1;
	return 0 if length $whole < length $ways[0] ||
		length $whole > length $ways[1] || $ways[0] eq $ways[1];
	for my $way (0, 1) {
		return 1 if common($whole, $ways[$way]) + common(scalar
			reverse($whole), scalar reverse $ways[!$way]) >= length $whole;
	}
	return 0;
}

# A directory that a later script does not have may hold what the killed life
# was about to write, also a part of a line.
sub may_be_more {
	my ($model, $name, $seen, $text, $j) = @_;
	return 0 if !left($model, $name) || $model->{lives}[$j]{has}{$name};
	for my $i (reverse 0 .. $j - 1) {
		my $life = $model->{lives}[$i];
		next if !$life->{has}{$name};
		my $form = outputs_of($life->{script}, $text)->{$name};
		return $life->{killed} && $form &&
			is_so($seen, $text, $form, $life->{script});
	}
	return 0;
}

sub may_be_torn {
	my ($model, $name, $seen, $text, $form) = @_;
	return left($model, $name) &&
		$seen->{text} eq substr shown($text, $form), 0, length $seen->{text};
}

sub difference {
	my ($seen, $text, $script) = @_;
	return 'a stamp of kind ' . ($seen->{stamp} || 'none')
		if $seen->{stamp} ne $script->{stamp};
	my $n = common($seen->{text}, $text);
	my $from = $n < 10 ? 0 : $n - 10;
	return "at byte $n: " . join ', not ', map { printable(substr $_, $from, 40) }
		$seen->{text}, $text;
}

# How this item does not fit life $j, and what of each directory it takes.
sub misfits {
	my ($model, $j, $n, $text, $is_note) = @_;
	my $script = $model->{lives}[$j]{script};
	my $outputs = outputs_of($script, $text, $is_note);
	my (@wrong, @taken);
	for my $name (sort keys %{$model->{seen}}) {
		my $seen = $model->{seen}{$name}[$model->{at}{$name}];
		my $form = $outputs->{$name};
		my $is_it = $seen && ($is_note ? $seen->{note} && $seen->{note}{name}
			eq $n : defined $seen->{n} && $seen->{n} == $n);
		if (!$is_it) {
			push @wrong, "$name lacks it, and goes on with " . told($seen)
				if $form && !pruned($model, $name, $n);
			next;
		}
		push @taken, $name;
		next if $form && (is_so($seen, $text, $form, $script) ||
			may_be_torn($model, $name, $seen, $text, $form) ||
			$model->{torn} && torn_alike($model, $seen, $form) ||
			is_so_in_parts($seen, $text, $form, $script));
		next if !$form && may_be_more($model, $name, $seen, $text, $j);
		push @wrong, "$name has it" . ($form ? ' not as it should be: ' .
			difference($seen, shown($text, $form), $script) : '');
	}
	return (\@wrong, \@taken);
}

# The first that a directory has: those before are removed, if any may be.
sub pruned {
	my ($model, $name, $n) = @_;
	return 0 if !$model->{dirs}{$name}{pruned};
	return 1 if $model->{at}{$name} == 0;
	return 0;
}

# Is this the beginning of a line that was then dropped, as in the whole one?
sub torn_alike {
	my ($model, $seen, $form) = @_;
	return $seen->{text} eq shown($model->{torn}, $form);
}

sub take {
	my ($model, @names) = @_;
	$model->{at}{$_}++ for @names;
}

# Finds the first life that it fits, from the last one on.
sub place {
	my ($model, $since, $n, $text, $is_note) = @_;
	my $from = $since > $model->{life} ? $since : $model->{life};
	my $least;
	for my $j ($from .. $#{$model->{lives}}) {
		my ($wrong, $taken) = misfits($model, $j, $n, $text, $is_note);
		if (!@$wrong) {
			$model->{life} = $j;
			take($model, @$taken);
			return '';
		}
		$least = [$j, $wrong, $taken] if !$least || @$wrong < @{$least->[1]};
	}
	return $least ? "line $n, life $least->[0]: " . join '; ', @{$least->[1]}
		: "line $n: no life is left";
}

# A line that has got a newline in its middle, or not.
sub place_cut {
	my ($model, $line) = @_;
	my $rest = $line->{n} + 0.5;
	my $is_cut = grep { ($_->{n} // -1) == $rest } map { @$_ }
		values %{$model->{seen}};
	return place($model, $line->{since}, $line->{n}, $line->{text} .
		$line->{rest}) if !$is_cut;
	return place($model, $line->{since}, @{$line}{'n', 'text'}) ||
		place($model, $line->{since}, $rest, $line->{rest});
}

# The bytes of a line that was shown, without its prefix.
sub bytes_of {
	my ($text, $form) = @_;
	$text =~ s/\A\Q$form->{prefix}\E//;
	$text =~ s/\\(?:\\|x(..))/defined $1 ? chr hex $1 : '\\'/ge
		if $form->{visible};
	return $text;
}

# The notes that come next in the directory that has all lines.
sub place_notes {
	my ($model) = @_;
	my $all = $model->{seen}{a};
	while (my $seen = $all->[$model->{at}{a}]) {
		my $note = $seen->{note} or last;
		my $text = $seen->{text} =~ s/\A$prefix//r;
		my $wrong = place($model, 0, $note->{name}, $text, 1);
		return $wrong if $wrong;
		$model->{dropped}{$_} -= $note->{$_} for qw(lines bytes);
	}
	return '' if !grep { $_ } values %{$model->{dropped}};
	return "dropped, and not told: $model->{dropped}{lines} lines, "
		. "$model->{dropped}{bytes} bytes";
}

sub drop {
	my ($model, $bytes) = @_;
	$model->{dropped}{lines}++;
	$model->{dropped}{bytes} += $bytes;
}

# Where the next line stands that is none of rlog's own, in the whole directory.
sub behind_notes {
	my ($model) = @_;
	my $at = $model->{at}{a};
	$at++ while $model->{seen}{a}[$at] && $model->{seen}{a}[$at]{note};
	return $at;
}

# The beginning of a line the rest of which was dropped.
sub find_torn {
	my ($model, $seen, $text) = @_;
	my $next = $model->{seen}{a}[$model->{at}{a} + 1];
	return undef if !$next || !$next->{note};
	for my $life (@{$model->{lives}}) {
		my $torn = bytes_of($seen->{text}, outputs_of($life->{script},
			$text)->{a});
		return $torn if length $torn < length $text &&
			$torn eq substr $text, 0, length $torn;
	}
	return undef;
}

# With D: it may have been dropped, or its rest.
sub place_or_drop {
	my ($model, $line) = @_;
	my $bytes = length($line->{text}) + $line->{newline};
	my $at = behind_notes($model);
	my $seen = $model->{seen}{a}[$at];
	if (!$seen || ($seen->{n} // -1) != $line->{n}) {
		drop($model, $bytes);
		return '';
	}
	my $wrong = place_notes($model);
	return $wrong if $wrong;
	$model->{torn} = find_torn($model, $seen, $line->{text});
	$wrong = place($model, $line->{since}, @{$line}{'n', 'text'});
	drop($model, $bytes - length $model->{torn}) if defined $model->{torn};
	$model->{torn} = undef;
	return $wrong;
}

sub place_all {
	my ($model) = @_;
	my $run = $model->{run};
	for my $line (@{$run->{lines}}) {
		last if !defined $line->{since} || $line->{since} > $#{$model->{lives}};
		my $wrong = $line->{rest} ? place_cut($model, $line) :
			$run->{storm}{drops} ? place_or_drop($model, $line) :
			place($model, $line->{since}, @{$line}{'n', 'text'});
		return $wrong if $wrong;
	}
	if ($run->{storm}{drops}) {
		my $wrong = place_notes($model);
		return $wrong if $wrong;
	}
	for my $name (sort keys %{$model->{seen}}) {
		my $seen = $model->{seen}{$name}[$model->{at}{$name}] or next;
		return "$name: more than there should be: " . told($seen);
	}
	return '';
}

# A line that was cut where its file was removed, or in a script that left.
sub skip_beginnings {
	my ($model) = @_;
	for my $name (keys %{$model->{seen}}) {
		my $seen = $model->{seen}{$name};
		shift @$seen if $model->{dirs}{$name}{pruned} && @$seen &&
			!defined $seen->[0]{n} && !$seen->[0]{note};
	}
}

# What is wrong after the storm, in sentences.
sub faults {
	my ($run) = @_;
	my $storm = $run->{storm};
	my %model = (run => $run, dirs => $storm->{dirs}, bad => [], life => 0,
		lives => $storm->{lives}, dropped => { lines => 0, bytes => 0 });
	$_->{has} = { map { $_ => 1 } @{$_->{script}{dirs}} } for @{$model{lives}};
	for my $name (sort keys %{$model{dirs}}) {
		$model{seen}{$name} = read_directory(\%model, $name);
		$model{at}{$name} = 0;
	}
	skip_beginnings(\%model);
	my $wrong = place_all(\%model);
	push @{$model{bad}}, $wrong if $wrong;
	push @{$model{bad}}, $1 while slurp($run->{err}) =~
		/^(rlog: fatal: .*|.* is damaged: .*)$/mg;
	return @{$run->{bad}}, @{$model{bad}};
}

1;
