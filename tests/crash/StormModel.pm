# What every directory must hold after a storm: each line once, in order, where
# the script of its time puts it. Which life took a line is not known, only that
# it was none before the one in which the line was written, and that no later
# line was taken by an earlier life: so there must be such lives that all
# directories agree with.
package StormModel;
use strict;
use warnings;
use Exporter 'import';
use Crash;
use StormLog qw(read_directory printable told left note_text);
use StormForms 'extents';
use StormScript qw(outputs_of shown);

our @EXPORT_OK = 'faults';

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

# A directory that no later script has may hold what the killed life was about to
# write, also a part of a line.
sub may_be_more {
	my ($model, $name, $seen, $text, $j) = @_;
	my $lives = $model->{lives};
	return 0 if !left($model, $name) || grep { $_->{has}{$name} && $_->{began} }
		@{$lives}[$j .. $#$lives];
	for my $i (reverse 0 .. $j - 1) {
		my $life = $model->{lives}[$i];
		next if !$life->{has}{$name};
		my $form = outputs_of($life->{script}, $text)->{$name};
		return 1 if $life->{killed} && $form &&
			$seen->{stamp} eq $life->{script}{stamp} &&
			may_be_torn($model, $name, $seen, $text, $i);
		# One that had not begun has left all as it was.
		last if $life->{began};
	}
	return 0;
}

# Is it the beginning of a line, or the whole, in a directory that no later
# script has?
sub may_be_torn {
	my ($model, $name, $seen, $text, $j) = @_;
	return 0 if !left($model, $name);
	my $form = outputs_of($model->{lives}[$j]{script}, $text, 1)->{$name};
	my $n = () = extents($model, $name, $seen, $text, $j);
	return $n || $form && $seen->{text} eq
		substr shown($text, $form), 0, length $seen->{text};
}

# The whole line, or what a drop has left of it: begun by life $j, gone on with
# by those after it.
sub is_whole {
	my ($model, $name, $seen, $text, $j) = @_;
	my $torn = $model->{torn};
	return 1 if grep { $_ == length $text }
		extents($model, $name, $seen, $text, $j);
	return defined $torn && grep { $_ == length $torn }
		extents($model, $name, $seen, $torn, $j);
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

# May it be this line, torn within its number? $form: life $j selects it.
sub may_be_digits {
	my ($model, $name, $seen, $n, $text, $j, $form) = @_;
	return defined $seen->{digits} && $n == int $n &&
		index(sprintf('%06d', $n), $seen->{digits}) == 0 && ($form ?
		may_be_torn($model, $name, $seen, $text, $j) :
		may_be_more($model, $name, $seen, $text, $j));
}

# How this item does not fit life $j, what of each directory it takes, and which
# directories have it only if it was removed.
sub misfits {
	my ($model, $j, $n, $text, $is_note) = @_;
	my $script = $model->{lives}[$j]{script};
	my $outputs = outputs_of($script, $text, $is_note);
	my (@wrong, @taken, @removed);
	for my $name (sort keys %{$model->{seen}}) {
		my $seen = $model->{seen}{$name}[$model->{at}{$name}];
		my $form = $outputs->{$name};
		my $is_it = $seen && ($is_note ? $seen->{note} && $seen->{note}{name}
			eq $n : defined $seen->{n} ? $seen->{n} == $n :
			may_be_digits($model, $name, $seen, $n, $text, $j, $form));
		if (!$is_it && $form && may_be_removed($model, $name)) {
			push @removed, $name;
			next;
		}
		if (!$is_it) {
			push @wrong, "$name lacks it, and goes on with " . told($seen)
				if $form;
			next;
		}
		push @taken, $name;
		next if $form && (is_so($seen, $text, $form, $script) ||
			$seen->{stamp} eq $script->{stamp} &&
			(is_whole($model, $name, $seen, $text, $j) ||
			may_be_torn($model, $name, $seen, $text, $j)));
		next if !$form && may_be_more($model, $name, $seen, $text, $j);
		push @wrong, "$name has it" . ($form ? ' not as it should be: ' .
			difference($seen, shown($text, $form), $script) : '');
	}
	return (\@wrong, \@taken, \@removed);
}

# Nothing of this directory was taken yet, and archives are removed there.
sub may_be_removed {
	my ($model, $name) = @_;
	return $model->{dirs}{$name}{pruned} && $model->{at}{$name} == 0;
}

# An item that fits several lives proves a removal only where all of them need
# it: another of them may have put the item nowhere.
sub note_removed {
	my ($model, $from, $removed, @item) = @_;
	my @names = grep { !$model->{removed}{$_} } @$removed;
	for my $j ($from .. $#{$model->{lives}}) {
		last if !@names;
		my ($wrong, undef, $others) = misfits($model, $j, @item);
		my %needs = map { $_ => 1 } @$others;
		@names = grep { $needs{$_} } @names if !@$wrong;
	}
	$model->{removed}{$_} = 1 for @names;
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
		my ($wrong, $taken, $removed) =
			misfits($model, $j, $n, $text, $is_note);
		if (!@$wrong) {
			note_removed($model, $j + 1, $removed, $n, $text,
				$is_note);
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
	my $is_cut = grep { defined $_->{n} && ($_->{n} == $rest ||
		$_->{n} == $line->{n} && $_->{text} !~ / cut \d{6}\z/) }
		map { @$_ } values %{$model->{seen}};
	return place($model, $line->{since}, $line->{n}, $line->{text} .
		$line->{rest}) if !$is_cut;
	return place($model, $line->{since}, @{$line}{'n', 'text'}) ||
		place($model, $line->{since}, $rest, $line->{rest});
}

# The notes that come next in the directory that has all lines.
sub place_notes {
	my ($model) = @_;
	my $all = $model->{seen}{a};
	while (my $seen = $all->[$model->{at}{a}]) {
		my $note = $seen->{note} or last;
		my $wrong = place($model, 0, $note->{name}, note_text($seen), 1);
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
	for my $j ($model->{life} .. $#{$model->{lives}}) {
		my ($n) = sort { $b <=> $a }
			extents($model, 'a', $seen, $text, $j);
		return substr $text, 0, $n if $n && $n < length $text;
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

# No more archives are removed than have to be.
sub look_at_number {
	my ($model, $name) = @_;
	my $dir = $model->{dirs}{$name};
	return '' if !$model->{removed}{$name} || $dir->{total} || $dir->{age} ||
		defined $dir->{keep};
	my $n = grep { !m{/current\z} } files($name);
	return $n < $dir->{number} - 1 ? "$name: only $n archives" : '';
}

# True if this line may be missing in the status file: while the disk was full, a
# life could not write it there, and was killed. A line has its number when most of
# it is written, so that the life before may have begun it.
sub may_miss_status {
	my ($model, $line) = @_;
	my @lives = @{$model->{lives}};
	my $first = $line->{since} > 0 ? $line->{since} - 1 : 0;
	return $model->{run}{fills} &&
		grep { $_->{killed} } @lives[$first .. $#lives];
}

# The status file has the last line that is for it.
sub look_at_status {
	my ($model) = @_;
	my $script = $model->{lives}[-1]{script};
	my $text = slurp('status') =~ s/\n+\z//r;
	$text =~ s/\A(?:\@[0-9a-f]{24}|\d{4}-[-0-9T:.]+Z) //;
	my $last;
	for my $line (reverse @{$model->{run}{lines}}) {
		next if !defined $line->{since} ||
			!outputs_of($script, $line->{text})->{'='};
		$last //= $line;
		return '' if $line->{rest} || $text eq $line->{text} ||
			length $text >= 969 &&
			$text eq substr $line->{text}, 0, length $text;
		last if !may_miss_status($model, $line);
	}
	return '' if !$last;
	return 'status: ' . printable(substr $text, 0, 70) . ", not line $last->{n}";
}

# Whoever reads standard output has each line at least once. One that was cut by
# the size of a file may have been in two lives, and its parts are repeated: only
# its beginning is looked for.
sub look_at_output {
	my ($model) = @_;
	my $run = $model->{run};
	my $script = $model->{lives}[-1]{script};
	my %passed = map { $_ => 1 } $run->{passed} =~ /(\d{6}) kind\d /g;
	for my $line (grep { defined $_->{since} && !$_->{rest} }
		@{$run->{lines}}) {
		next if !outputs_of($script, $line->{text})->{1};
		return "standard output lacks line $line->{n}"
			if !$passed{substr $line->{text}, 0, 6};
	}
	return '';
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
	push @{$model{bad}}, grep { $_ } place_all(\%model),
		(map { look_at_number(\%model, $_) } sort keys %{$model{dirs}}),
		defined $storm->{status} && !$storm->{drops} ?
			look_at_status(\%model) : (),
		$storm->{forwards} && !$storm->{changes} && !$storm->{drops} ?
			look_at_output(\%model) : ();
	push @{$model{bad}}, $1 while slurp($run->{err}) =~
		/^(rlog: fatal: .*|.* is damaged: .*)$/mg;
	return @{$run->{bad}}, @{$model{bad}};
}

1;
