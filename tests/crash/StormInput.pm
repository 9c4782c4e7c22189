# What the storm writes to rlog: lines that tell their number, each with its
# place in the stream.
package StormInput;
use strict;
use warnings;
use Exporter 'import';
our @EXPORT_OK = qw(make_lines);

my $random = '';

# A number that depends on these only.
sub mixed {
	my ($n, $salt) = @_;
	my $h = ($n * 2_654_435_761 + $salt * 40_503 + 12_345) % 4_294_967_296;
	$h = ($h ^ $h >> 15) * 73_244_475 % 4_294_967_296;
	return $h ^ $h >> 13;
}

my @unsafe = ("\e[1m", "\\", "\x01", "\xc3\xa9", "\xe2\x82\xac", "\xfe", "\t",
	"\x7f", "\0", "\xc2\x85", "\r", "\x80", "\xf0\x9f\x98\x80");

sub length_of {
	my ($storm, $h) = @_;
	my $part = $h % 1000;
	return 300_000 + $h % 250_000 if $storm->{huge} && $part < 6;
	return 3000 + $h % 9000 if $storm->{long} && $part < 40;
	return $h % 300 if $part < 400;
	return $h % 40;
}

sub payload {
	my ($storm, $n) = @_;
	my $length = length_of($storm, mixed($n, $storm->{seed}));
	my $at = mixed($n, 77) % 9000;
	$random ||= join '', map {
		sprintf 'x%c%02d', 97 + $_ % 26, mixed($_, 5) % 100 } 1 .. 3000;
	my $times = 1 + int(($at + $length) / length $random);
	my $text = substr $random x $times, $at, $length;
	return $text if !$storm->{unsafe} || $n % 4;
	for my $i (0 .. $n % 7) {
		substr($text, mixed($n, $i) % (1 + length $text), 0,
			$unsafe[mixed($i, $n) % @unsafe]);
	}
	return $text;
}

# Lines of so many bytes in all: [{text, begin, end}], end behind the newline.
sub make_lines {
	my ($storm, $bytes) = @_;
	my (@lines, $at);
	for ($at = 0; $at < $bytes;) {
		my $n = @lines;
		my $text = sprintf('%06d kind%d ', $n, mixed($n, 9) % 5)
			. payload($storm, $n);
		push @lines, { n => $n, text => $text, begin => $at,
			end => $at + 1 + length $text, newline => 1 };
		$at += 1 + length $text;
	}
	return \@lines;
}

1;
