# How a line may look that several lives have written. The rest of a line that
# is in progress when a life ends is written by the next one, in the form of its
# own script: with v or without. Its prefix is that of the life that began it. So
# a line is a sequence of parts, and the lives of these forms follow each other.
package StormForms;
use strict;
use warnings;
use Exporter 'import';
use StormScript qw(outputs_of escaped units);

our @EXPORT_OK = 'extents';

# The first life from $j on that has the directory, with v there if $visible.
sub next_with {
	my ($model, $name, $visible, $j) = @_;
	my $forms = $model->{visible}{$name} //= [map { outputs_of($_->{script},
		'', 1)->{$name} } @{$model->{lives}}];
	$j++ while $j < @$forms && (!$forms->[$j] ||
		!$forms->[$j]{visible} == !!$visible);
	return $j < @$forms ? $j : undef;
}

# All ways to write a unit from life $j on: [text, life].
sub ways {
	my ($model, $name, $unit, $j) = @_;
	my @ways;
	my $raw = next_with($model, $name, 0, $j);
	my $visible = next_with($model, $name, 1, $j);
	push @ways, [$unit, $raw] if defined $raw;
	push @ways, [escaped($unit), $visible]
		if defined $visible;
	return @ways if !defined $raw || length $unit < 2;
	# Without v a life may end within a character.
	$visible = next_with($model, $name, 1, $raw) // return @ways;
	push @ways, map { [substr($unit, 0, $_) . escaped(substr($unit, $_)),
		$visible] } 1 .. length($unit) - 1;
	return @ways;
}

# Adds to %$next where a way goes on, in the first life that it may be.
sub reach {
	my ($next, $at, $life) = @_;
	$next->{$at} = $life if !defined $next->{$at} || $life < $next->{$at};
}

# The unit stands at this place of the line, or its beginning does, and the line
# ends there: how many bytes of it that may be goes to @$ends.
sub step {
	my ($model, $name, $unit, $line, $at, $life, $next, $ends) = @_;
	my $rest = substr $line, $at, 4 * length $unit;
	for my $way (ways($model, $name, $unit, $life)) {
		my ($shown, $j) = @$way;
		reach($next, $at + length $shown, $j)
			if $shown eq substr $rest, 0, length $shown;
	}
	return if $at + length $rest < length $line;
	for my $n (1 .. length($unit) - 1) {
		push @$ends, $n if grep { $_->[0] eq $rest }
			ways($model, $name, substr($unit, 0, $n), $life);
	}
	# Right before a newline it stays as it is.
	push @$ends, 1 if $unit eq "\r" && $rest eq $unit;
}

# The same of what all forms show as it is.
sub step_plain {
	my ($text, $line, $at, $life, $next, $ends) = @_;
	my $n = length($line) - $at;
	if ($n >= length $text) {
		reach($next, $at + length $text, $life)
			if substr($line, $at, length $text) eq $text;
	} elsif (substr($line, $at) eq substr $text, 0, $n) {
		push @$ends, $n;
	}
}

# How many bytes of the text this line shows if life $j has begun it: all
# numbers that it may be, none if that life can't have begun it.
sub extents {
	my ($model, $name, $seen, $text, $j) = @_;
	my $form = outputs_of($model->{lives}[$j]{script}, '', 1)->{$name};
	my $line = $seen->{text};
	return if !$form || rindex($line, $form->{prefix}, 0) != 0;
	my ($done, %found) = (0);
	my %at = (length $form->{prefix} => $j);
	my $units = units($text);
	$units->[-1]{plain} = 1 if $text =~ /\r\z/;
	for my $unit (@$units) {
		my (%next, @ends);
		for my $at (keys %at) {
			my @place = ($line, $at, $at{$at}, \%next, \@ends);
			$unit->{plain} ? step_plain($unit->{text}, @place) :
				step($model, $name, $unit->{text}, @place);
		}
		$found{$done + $_} = 1 for @ends;
		$done += length $unit->{text};
		%at = %next;
		$found{$done} = 1 if exists $at{length $line};
	}
	return keys %found;
}

1;
