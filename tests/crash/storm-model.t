#!/usr/bin/perl
# The model that judges the storms: it must accept some directories made by hand
# and reject others. In the last schedule rlog itself writes one line in two
# forms and drops its rest.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use POSIX ();
use Test::More;
use Time::HiRes qw(sleep time);
use Crash;
use StormModel 'faults';
use StormRun ();

use constant {
	F_SETPIPE_SZ => 1031,
	LIMIT => 300,		# seconds for what has to come
};

# A life with this script: name => form of each directory, undef: no line of it.
sub life {
	my (%dirs) = @_;
	my (@actions, @names);
	for my $name (sort keys %dirs) {
		my $form = { prefix => '', visible => 0, %{$dirs{$name} // {}} };
		push @actions, [$dirs{$name} ? '+' : '-', '*', $form],
			['dir', $name, $form];
		push @names, $name;
	}
	return { began => 1, killed => 0, script => { stamp => '',
		actions => \@actions, dirs => \@names } };
}

my ($raw, $visible) = ({}, { visible => 1 });

# What the model says of the directories here after these lives and lines, each
# line written in the first life.
sub judged {
	my ($lives, $lines, %storm) = @_;
	my ($n, @lines) = 0;
	push @lines, { n => $n++, text => $_, newline => 1, since => 0 }
		for @$lines;
	my %dirs = map { $_ => { name => $_, number => 100 } }
		map { @{$_->{script}{dirs}} } @$lives;
	$dirs{$_} = { %{$dirs{$_}}, %{$storm{settings}{$_}} }
		for keys %{$storm{settings}};
	open my $err, '>>', 'err' or die "err: $!";
	return join '; ', faults({ storm => { stamp => '', lives => $lives,
		dirs => \%dirs, drops => $storm{drops},
		status => $storm{status} }, lines => \@lines,
		fills => $storm{fills}, bad => [], err => 'err', began => time,
		ended => time });
}

sub put {
	my ($name, $text) = @_;
	mkdir $1 if $name =~ m{(.*)/};
	open my $f, '>', $name or die "$name: $!";
	print $f $text;
	close $f;
}

sub archive { return sprintf '%s/@400000006b%014x.s', @_ }

# One line in one directory, as lives with these forms have left it.
sub judged_line {
	my ($text, $line, @forms) = @_;
	fresh('line');
	put('a/current', "$line\n");
	return judged([map { life(a => $_) } @forms], [$text]);
}

my $line = "000000 kind0 one\x7ftwo\x7fthree\x7ffour";
my $not = qr/\Aline 0, life \d: a has it not as it should be/;

sub in_forms {
	my @forms = @_;
	return $line =~ s/\x7f/shift @forms ? '\x7f' : "\x7f"/egr;
}

work_in();
is(judged_line($line, in_forms(0, 0, 0), $raw), '',
	'accepted: a line without v');
is(judged_line($line, in_forms(1, 1, 1), $visible), '',
	'accepted: a line with v');
is(judged_line($line, in_forms(1, 0, 1), $visible, $raw, $visible), '',
	'accepted: a line that three scripts wrote, the second without v');
is(judged_line($line, in_forms(0, 1, 0), $raw, $visible, $raw), '',
	'accepted: a line that three scripts wrote, the second with v');
is(judged_line($line, in_forms(1, 0, 0), $visible, $visible, $raw), '',
	'accepted: a line that two of three scripts wrote');
like(judged_line($line, in_forms(1, 0, 1), $visible, $raw), $not,
	'rejected: three forms in a line of two scripts');
like(judged_line($line, in_forms(1, 0, 0), $raw, $visible), $not,
	'rejected: v in a part before the first script with v');
like(judged_line($line, in_forms(0, 1, 0), $raw), $not,
	'rejected: two forms in a line of one script');
like(judged_line($line, in_forms(1, 0, 0) =~ s/three/thre/r, $visible, $raw),
	$not, 'rejected: a line without one of its bytes');
like(judged_line($line, in_forms(1, 0, 0) =~ s/four\z//r, $visible, $raw),
	$not, 'rejected: a line without its end');
is(judged_line("000000 kind0 \xe2\x82\xac.", "000000 kind0 \xe2\\x82\\xac.",
	$raw, $visible), '',
	'accepted: a script without v ended within a character');
like(judged_line("000000 kind0 \xe2\x82\xac.", "000000 kind0 \\xe2\x82\xac.",
	$visible, $raw), $not,
	'rejected: a script with v ended within a character');
is(judged_line("000000 kind0 a\x7fb\r", "000000 kind0 a\\x7fb\r", $visible,
	$raw), '', 'accepted: a carriage return unescaped at the end');
like(judged_line("000000 kind0 a\x7fb\r", "000000 kind0 a\\x7fb\\x0d",
	$visible), $not, 'rejected: a carriage return escaped at the end');

# Archives that were removed.
my @lines = map { sprintf '%06d kind0 ', $_ } 0 .. 3;
my %some = (settings => { b => { number => 3, pruned => 1 } });

fresh('removed');
put('a/current', join '', map { "$_\n" } @lines);
put('b/current', "$lines[3]\n");
is(judged([life(a => $raw, b => $raw)], \@lines, %some), 'b: only 0 archives',
	'rejected: more archives removed than the number demands');
is(judged([life(a => $raw, b => undef), life(a => $raw, b => $raw)],
	\@lines, %some), '', 'accepted: the first script selected nothing');
is(judged([life(a => $raw, b => $raw), life(a => $raw, b => undef),
	life(a => $raw, b => $raw)], \@lines, %some), '',
	'accepted: the script between two others selected nothing');
put(archive('b', 1), "$lines[1]\n");
put(archive('b', 2), "$lines[2]\n");
is(judged([life(a => $raw, b => $raw)], \@lines, %some), '',
	'accepted: as many archives as the number allows');
put(archive('b', 0), "$lines[0]\n");
is(judged([{ %{life(a => $raw, b => $raw)}, killed => 1 },
	life(a => $raw, b => $raw)], \@lines, %some), 'b: too many archives',
	'rejected: one archive too many after a later start');

# The beginning of a line, whose rest a script without the directory wrote.
for my $torn ('000000 kind0 o', '000000 kind0 ', '000000 kind0', '000000 k',
	'000000', '00000', '0') {
	fresh('torn');
	put('a/current', "000000 kind0 one\n<a> $lines[1]\n$lines[2]\n");
	put('b/current', "$torn\n$lines[2]\n");
	is(judged([life(a => $raw, b => $raw), life(a => { prefix => '<a> ' }),
		life(a => $raw, b => $raw)],
		['000000 kind0 one', @lines[1, 2]]), '',
		"accepted: a line that ends in one directory with '$torn'");
}

fresh('torn');
put('a/current', "000000 kind0 one\n<a> $lines[1]\n$lines[2]\n");
put('b/current', "00001\n$lines[2]\n");
like(judged([life(a => $raw, b => $raw), life(a => { prefix => '<a> ' }),
	life(a => $raw, b => $raw)], ['000000 kind0 one', @lines[1, 2]]),
	qr/b lacks it/, 'rejected: a line that ends with digits of another one');

# The status file, which the last line but one is in.
sub judged_status {
	my ($killed, $fills) = @_;
	fresh('status');
	put('a/current', join '', map { "$_\n" } @lines);
	put('status', "$lines[2]\n\n");
	my $life = life(a => $raw);
	push @{$life->{script}{actions}}, ['=', 'status', $raw];
	return judged([{ %$life, killed => $killed }, $life], \@lines,
		status => 1, fills => $fills);
}
is(judged_status(1, 1), '',
	'accepted: a status file without the line of a killed life, the disk full');
is(judged_status(1, 0), 'status: 000002 kind0 , not line 3',
	'rejected: a status file without the last line');
is(judged_status(0, 1), 'status: 000002 kind0 , not line 3',
	'rejected: a status file without the last line of an orderly life');

# A line that was torn at the end of a file that was then processed, while a
# script without the directory wrote its rest.
fresh('processed');
my $note = 'rlog: dropped 1 lines, 14 bytes, from @1 to @2';
put('a/current', "$lines[0]\n$note\n$lines[2]\n");
put(archive('b', 1), '000000 ki');
put('b/current', "$note\n$lines[2]\n");
my @torn = ([life(a => $raw, b => $raw), life(a => $raw),
	life(a => $raw, b => $raw)], [@lines[0 .. 2]], drops => 1);
is(judged(@torn, settings => { b => { processor => 'cat' } }), '',
	'accepted: a note behind a torn line in a processed archive');
isnt(judged(@torn), '',
	'rejected: a note behind a torn line without a processor');

# What a life was writing when it was killed stays in a directory that no later
# life has, and the next life writes it to its own.
for my $part ("$lines[1]words", "$lines[1]wo") {
	fresh('killed');
	put('a/current', "$lines[0]\n<a> $lines[1]words\n");
	put('b/current', "$lines[0]\n$part");
	my @two = ($lines[0], "$lines[1]words");
	my $first = life(a => $raw, b => $raw);
	my $second = life(a => { prefix => '<a> ' });
	is(judged([{ %$first, killed => 1 }, $second], \@two), '',
		"accepted: '$part', which a killed life was writing");
	isnt(judged([$first, $second], \@two), '',
		'rejected: such a part from a life that was not killed');
}

# rlog on this pipe, with its messages in err.
sub start {
	my ($out, @argv) = @_;
	my $pid = fork // die "fork: $!";
	return $pid if $pid;
	open STDIN, '<&', $out or POSIX::_exit(111);
	open STDERR, '>>', 'err' or POSIX::_exit(111);
	exec 'rlog', @argv or POSIX::_exit(127);
}

sub await {
	my ($so) = @_;
	my $until = time + LIMIT;
	while (time < $until) {
		return 1 if $so->();
		sleep 0.001;
	}
	return 0;
}

# No part of a line is written before it has ended or fills the ring. Most of the
# ring is without use when the line before has ended right before a block.
fresh('begun');
pipe my $out, my $in or die "pipe: $!";
fcntl $in, F_SETPIPE_SZ, 1 << 20;
my $pid = start($out, 's99999', './a');
syswrite $in, 'x' x 4094 . "\n";
ok(await(sub { (-s 'a/current' // 0) == 4095 }), 'the first line is written');
syswrite $in, 'x' x (StormRun::RING() - 1);
ok(await(sub { !StormRun::unread({ out => $out }) }), 'the next line is read');
kill 'TERM', $pid;
waitpid $pid, 0;
is(join(' ', map { -s $_ } files('a')), 4095,
	'a line that is a byte shorter than the storms count on is not begun');

# b takes no second rotation while its processor hangs: the ring fills, the rest
# of the line is dropped, rlog is killed. What the ring holds of the line is for
# the next rlog, in its form; then the note comes.
fresh('dropped');
my $long = '000000 kind0 ' . "0123456789abcde\x7f" x 30_000;
my @after = map { sprintf '%06d kind0 ', $_ } 1 .. 3;
pipe $out, $in or die "pipe: $!";
fcntl $in, F_SETPIPE_SZ, 1 << 20;
my @script = qw(s99999 D20ms n100 ./a);
$pid = start($out, @script, 'v', '!cat >/dev/null; exec tail -f /dev/null',
	's4096', './b');
syswrite $in, "$long\n$after[0]\n";
ok(await(sub { slurp('err') =~ /input is dropped/ }),
	'the ring is full and input is dropped');
kill 'KILL', $pid;
waitpid $pid, 0;
$pid = start($out, @script, './b');
syswrite $in, "$after[1]\n$after[2]\n";
close $in;
ok(await(sub { waitpid($pid, POSIX::WNOHANG()) == $pid }),
	'the second rlog ends');
like(slurp('b/current'), qr/e\x7f0.*\nrlog: dropped /s,
	'the second script goes on with the line without v');
like(join('', map { slurp($_) } files('b')), qr/\A000000 kind0 .*e\\x7f0/,
	'the first script began the line with v');
is(judged([{ %{life(a => $raw, b => $visible)}, killed => 1 },
	life(a => $raw, b => $raw)], [$long, @after], drops => 1), '',
	"accepted: rlog's line in two forms, and the end of a dropped line");
like(judged([life(a => $raw, b => $raw)], [$long, @after], drops => 1),
	qr/b has it not as it should be/,
	'rejected: two forms and the end of a dropped line of one script');
done_testing();
