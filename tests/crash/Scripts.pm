# The scripts that are interrupted, what they are given to read, and what must
# then be in their directories. What is wanted is found out here, line by line,
# and not by asking rlog.
package Scripts;
use strict;
use warnings;
use Exporter 'import';
our @EXPORT = qw(scripts wrong);

use Crash;

# Lines of different lengths, each telling its number; "000123 kind3 xxxxx".
sub line {
	my ($n) = @_;
	return sprintf("%06d kind%d %s\n", $n, $n % 5, 'x' x ($n * 37 % 61));
}

my @few = map { line($_) } 1 .. 60;
my @many = map { line($_) } 1 .. 420;	# 20 KiB
my $few = join '', @few;
my $many = join '', @many;

# In pieces of about this size, which end anywhere.
sub pieces {
	my ($size, $text) = @_;
	return unpack("(a$size)*", $text);
}

sub only { my $re = shift; return join '', grep { /$re/ } @_ }

# With a processor that writes digits as letters, an archive shows whether it
# has been through it.
my $letters = '!tr 0-9 A-J';

sub from_letters {
	my ($text, $file) = @_;
	return $text if $file !~ /\.s/;
	return "NOT PROCESSED: $text" if $text =~ /[0-9]/;
	$text =~ tr/A-J/0-9/;
	return $text;
}

# A line of 1,000,000 bytes, in which a loss or a turn would show.
my $huge = join('', map { sprintf '%07d,', $_ } 1 .. 125_000);
my $with_huge = $few . "huge $huge\n" . line(61) . line(62);
my @nuls = ("\0first\0\n", "\0\0\0\n", "\n", "\0\n", "mid\0dle\n", 'end', "\0",
	"\0", "\n", "\0\0", "\0begin\n",
	# A read that ends in the byte 255 is the one that the intake can't tell.
	join('', map { chr } 11 .. 255, 254), "\0\n");

# What v shows of bytes that are unsafe, and leaves of those that are not.
my $unsafe = join '', map { "$_ \e[1m\\ \xc3\xa9\xff\r\n" } 1 .. 40;
my $shown = join '', map { "> $_ \\x1b[1m\\\\ \xc3\xa9\\xff\r\n" } 1 .. 40;
my $wide = "\xe2\x82\xac\x1b" x 100_000 . "\r\nend\n";
my $wide_shown = "\xe2\x82\xac\\x1b" x 100_000 . "\r\nend\n";

# name, script, input in pieces; dirs: what each directory must hold.
#   end: a directory need only hold the end of it
#   stamp: what stands in front of each line
#   decode: see lines_of    files: name => content
#   faults: for errors.t    steps: for instructions.t
#   then: the script of the next life, if it is another one; tails: directories
#   of it alone, which get what was not yet written
#   light: few places of it in the short form
my $tai = qr/\@[0-9a-f]{24} /;
my $rfc = qr/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z /;
my @scripts = (
	{ name => 'one directory', script => ['./a'], input => [$few],
		dirs => { a => $few } },
	{ name => 't, pieces that end anywhere', steps => 1, faults => 1, script => ['t', './a'],
		input => [pieces(401, $few)], stamp => $tai,
		dirs => { a => $few } },
	{ name => 'three directories', script => ['t', './a', './b', './c'],
		input => [pieces(997, $few)], stamp => $tai,
		dirs => { a => $few, b => $few, c => $few } },
	{ name => 'filters', faults => 1,
		script => ['-*', '+* kind3 *', './a', '+*', '-* kind1 *', './b'],
		input => [pieces(1500, $few)],
		dirs => { a => only(qr/kind3/, @few), b => only(qr/kind[^1]/, @few) } },
	{ name => 'rotation', steps => 1, faults => 1, script => ['t', 's4096', 'n100', './a'],
		input => [pieces(4000, $many)], stamp => $tai,
		dirs => { a => $many } },
	{ name => 'rotations of different sizes',
		script => ['s4096', 'n100', './a', 's6000', './b'],
		input => [pieces(3000, $many)], dirs => { a => $many, b => $many } },
	{ name => 'rotation and filters',
		script => ['t', 's4096', 'n100', '-* * kind2 *', './a', '+*',
			's5000', './b'],
		input => [pieces(4096, $many)], stamp => $tai,
		dirs => { a => only(qr/kind[^2]/, @many), b => $many } },
	{ name => 'processor', faults => 1, script => ['t', 's4096', 'n100', $letters, './a'],
		input => [pieces(4000, $many)], stamp => $tai,
		decode => \&from_letters, dirs => { a => $many } },
	{ name => 'processor with a state, and a directory without',
		script => ['s4096', 'n100', '!cat; cat <&4 >&5; echo >&5', './a',
			'!', './b'],
		input => [pieces(4096, $many)], dirs => { a => $many, b => $many } },
	{ name => 'at most 3 files', script => ['s4096', 'n3', './a'],
		input => [pieces(4000, $many)], dirs => { a => $many }, end => 1 },
	{ name => 'pieces of lines, no newline at the end', steps => 1,
		script => ['./a'], input => [pieces(7, substr $few, 0, 300)],
		dirs => { a => substr($few, 0, 300) . "\n" } },
	{ name => 't, pieces of lines, no newline at the end',
		script => ['t', './a', './b'], stamp => $tai,
		input => [pieces(13, substr $few, 0, 500)],
		dirs => { map { $_ => substr($few, 0, 500) . "\n" } 'a', 'b' } },
	{ name => 'a line of 1 MB', faults => 1,
		script => ['t', 's300k', 'n100', './a'], stamp => $tai,
		input => [$with_huge], dirs => { a => $with_huge } },
	{ name => 'a line of 1 MB, selected by its beginning', steps => 1,
		script => ['-*', '+huge *', 's200k', 'n100', './a', '-*',
			'+0*', './b', '+*', './c'],
		input => [$with_huge], dirs => { a => "huge $huge\n",
			b => $few . line(61) . line(62), c => $with_huge } },
	{ name => 'a line of 1 MB, then another script',
		script => ['t', 's300k', 'n100', './a'], stamp => $tai,
		then => ['t', 's200k', 'n100', './a', './new'], light => 1,
		input => [$with_huge], dirs => { a => $with_huge },
		tails => { new => $with_huge } },
	{ name => 'a line of 1 MB for one, then another script',
		script => ['-*', '+huge *', 's200k', 'n100', './a', '+*', './b'],
		then => ['s300k', 'n100', './new', '-*', '+huge *', './a', '+*',
			'r1s', './b'], light => 1,
		input => [$with_huge],
		dirs => { a => "huge $huge\n", b => $with_huge },
		tails => { new => $with_huge } },
	{ name => 'rotation, then another script',
		script => ['t', 's4096', 'n100', './a', './b'], stamp => $tai,
		then => ['t', 's5000', 'n100', './b', './a', './new'], light => 1,
		input => [pieces(4000, $many)], dirs => { a => $many, b => $many },
		tails => { new => $many } },
	{ name => 'NULs', script => ['./a', './b'], input => [@nuls],
		dirs => { map { $_ => join '', @nuls } 'a', 'b' } },
	{ name => 't, NULs', script => ['t', './a'], input => [@nuls],
		stamp => $tai, dirs => { a => join '', @nuls } },
	{ name => 'status file and alerts', faults => 1,
		script => ['=status', '-*', '+* kind4 *', 'e', '+*', './a'],
		input => [pieces(1000, $few)], dirs => { a => $few },
		files => { status => sprintf('%s', $few[-1]) } },
	{ name => 'forms', light => 1, script => ['T', './a', 'v', 'p> ', './b'],
		input => [pieces(300, $unsafe)], stamp => $rfc,
		dirs => { a => $unsafe, b => $shown } },
	{ name => 'a long line that is escaped', light => 1,
		script => ['s100k', 'n100', './a', 'v', 's100k', './b'],
		input => [$wide], dirs => { a => $wide, b => $wide_shown } },
	{ name => 'by age and by bytes', light => 1,
		script => ['t', 'R100ms', 'n10000', 's4096', './a', 'S6k',
			'./b'], input => [pieces(1000, $many)], stamp => $tai,
		dirs => { a => $many, b => $many }, end => 1 },
	{ name => 'T', script => ['T', 's4096', 'n100', './a'], light => 1,
		input => [pieces(3500, $many)], stamp => $rfc,
		dirs => { a => $many } },
	{ name => 'tL', script => ['tL', './a'], light => 1,
		input => [pieces(401, $few)], stamp => $tai,
		dirs => { a => $few } },
	{ name => 'regular expressions', light => 1,
		script => ['t', '~-kind[13] ', './a', '-*', '~+ 0*(2|4)[0-9] ',
			'+*', '~-^00000[1-9]', './b'],
		input => [pieces(1000, $few)], stamp => $tai,
		dirs => { a => only(qr/kind[^13]/, @few),
			b => join '', @few[9 .. 59] } },
	{ name => 'what no other takes', light => 1,
		script => ['-*', '+* kind3 *', 's4096', 'n100', './a', 'f', './b'],
		input => [pieces(4000, $many)], dirs => {
			a => only(qr/kind3/, @many), b => only(qr/kind[^3]/, @many) } },
	{ name => 'a text in front', light => 1,
		script => ['t', 'pa: ', './a', 'p', './b'],
		input => [pieces(1000, $few)], stamp => qr/$tai(?:a: )?/,
		dirs => { a => $few, b => $few } },
	{ name => 'unsafe bytes as in records', script => ['v', './a'],
		light => 1, input => ["a\001b\\c\n", "\t\033[1m", "x\n", "\177\n"],
		dirs => { a => "a\\x01b\\\\c\n\t\\x1b[1mx\n\\x7f\n" } },
	{ name => 'records that stay as they are', light => 1,
		script => ['vr', 'R50ms@local', 'n10000', './a'],
		input => ["7 < a\\x1b\\\\ \r", " \n7 > b", "\r", " \n",
			"w \001\\\r\n", "7 < \r \n"],
		dirs => { a => "7 < a\\x1b\\\\ \r \n7 > b\r \nw \\x01\\\r\n" .
			"7 < \r \n" } },
	{ name => 'cut exactly at the size', light => 1,
		script => ['t', 's4096', 'l0', 'n100', './a'],
		input => [pieces(4000, $many)], stamp => $tai,
		dirs => { a => $many } },
	{ name => 'at most 9000 bytes of archives', light => 1,
		script => ['s4096', 'S9000', 'n100', './a'],
		input => [pieces(4000, $many)], dirs => { a => $many }, end => 1 },
	{ name => 'ages', script => ['s4096', 'A1d', 'R1h', 'n100', './a'],
		light => 1, input => [pieces(4000, $many)], dirs => { a => $many } },
	{ name => 'archives with a suffix', light => 1,
		script => ['t', 's4096', 'n100', 'x.k', $letters, './a'],
		input => [pieces(4000, $many)], stamp => $tai,
		decode => \&from_letters, dirs => { a => $many } },
	{ name => 'synced', script => ['t', 'F', 's4096', 'n100', './a', './b'],
		light => 1, input => [pieces(4000, $many)], stamp => $tai,
		dirs => { a => $many, b => $many } },
	{ name => 'synced from time to time',
		script => ['t', 'F1ms', 's4096', 'n100', './a'], light => 1,
		input => [pieces(4000, $many)], stamp => $tai,
		dirs => { a => $many } },
	{ name => 'the intake elsewhere', light => 1,
		script => ['t', 'Jring', 's4096', 'n100', './a', './b'],
		input => [pieces(4000, $many)], stamp => $tai,
		dirs => { a => $many, b => $many } },
	{ name => 'forwarded too', script => ['t', '1', 's4096', 'n100', './a'],
		light => 1, input => [pieces(4000, $many)], stamp => $tai,
		dirs => { a => $many } },
	{ name => 'what to do with a full disk', light => 1,
		script => ['t', 'D10s', 'N2', 's4096', 'n100', './a'],
		input => [pieces(4000, $many)], stamp => $tai,
		dirs => { a => $many } },
	{ name => 'nothing to read', script => ['t', './a'], input => [],
		dirs => { a => '' } },
);

sub scripts { return @scripts }

# What is wrong after all runs, '' if nothing is.
sub wrong {
	my ($script) = @_;
	for my $dir (sort keys %{$script->{dirs}}) {
		my $want = $script->{dirs}{$dir};
		my $got = lines_of($dir, $script->{decode});
		if ($script->{stamp}) {
			my $stamps = not_increasing(\$got, $script->{stamp});
			return "$dir: $stamps" if $stamps;
		}
		next if $got eq $want;
		next if $script->{end} && length $got > 20 &&
			$got eq substr $want, -length $got;
		return sprintf '%s: %d lost, %d doubled, %d torn', $dir,
			count_lines($got, $want);
	}
	for my $dir (sort keys %{$script->{tails} // {}}) {
		my $got = lines_of($dir);
		not_increasing(\$got, $script->{stamp}) if $script->{stamp};
		my ($want, $n) = ($script->{tails}{$dir}, length $got);
		return "$dir: not the end of it" if $got ne substr $want, -$n, $n;
		return "$dir: begins within a line"
			if $n && "\n$want" !~ /\n\Q$got\E\z/;
	}
	for my $file (sort keys %{$script->{files} // {}}) {
		my $got = slurp($file);
		return "$file: not the last line"
			if $got !~ /\A\Q$script->{files}{$file}\E\n*\z/;
	}
	for my $left (map { ("$_/processing", "$_/nextstate") }
		sort keys %{$script->{dirs}}) {
		return "$left is left" if -e $left;
	}
	return '';
}

# Takes the stamps off: what is wrong with them, or ''.
sub not_increasing {
	my ($text, $stamp) = @_;
	my ($last, $bad) = ('', '');
	my @lines = split /^/, $$text;
	for my $line (@lines) {
		if ($line !~ s/\A($stamp)//) {
			$bad ||= 'a line without a stamp: ' . substr $line, 0, 60;
		} elsif ($1 le $last) {
			$bad ||= "a stamp that is not larger: $1";
		} else {
			$last = $1;
		}
	}
	$$text = join '', @lines;
	return $bad;
}

1;
