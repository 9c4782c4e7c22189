#!/usr/bin/perl
# The judge of shipped lines: it accepts messages that bring each line once, and
# finds each fault that is made on purpose.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use JSON::PP;
use MIME::Base64;
use Test::More;
use Crash;

my $judge = "$FindBin::Bin/../tools/judge-lines.py";
my $json = JSON::PP->new->canonical;
work_in();

# Lines of different lengths, the 8th one long and the 9th no UTF-8.
my @lines = map { sprintf '@400000006b00c794%08x line %d%s', $_, $_,
	' ' . 'x' x ($_ * 7 % 31) } 1 .. 30;
$lines[7] .= 'y' x 500;
$lines[8] .= "\xff\xfe";
open my $origin, '>', 'origin' or die;
print $origin "$_\n" for @lines;
close $origin;

sub text_member {
	my ($text) = @_;
	return $text =~ /[^\x20-\x7e]/
		? { base64 => encode_base64($text, '') } : $text;
}

# The object of a line; a rest has no label, and an id of its own.
sub object {
	my ($line, %more) = @_;
	my ($label, $text) = $line =~ /^(@\w+) (.*)/s;
	my %members = $more{rest} ? (text => $line)
		: (label => $label, text => text_member($text));
	return { host => 'h', name => 'n', id => "h/n/" . ($label // $more{id}),
		%members, map { $_ => JSON::PP::true } grep { $_ ne 'id' }
		keys %more };
}

# Messages of up to four objects each.
sub messages {
	my @objects = @_;
	my ($sequence, @messages) = 10;
	while (my @batch = splice @objects, 0, 4) {
		push @messages, { sequence => $sequence, subject => 's', headers => {
			'Rlog-Name' => 'h/n', 'Rlog-Place' => "0 0 $sequence",
			'Rlog-Lines' => '' . @batch, 'Rlog-Form' => 'json',
			'Nats-Msg-Id' => $batch[0]{id} },
			data => join '', map { $json->encode($_) . "\n" } @batch };
		$sequence += 3;
	}
	return @messages;
}

sub raw_messages {
	my $sequence = 0;
	return map { { sequence => ++$sequence, subject => 's', headers => {
		'Rlog-Name' => 'h/n', 'Rlog-Place' => "0 0 $sequence",
		'Rlog-Lines' => '' . (() = /[^\n]+/g), 'Rlog-Form' => 'raw',
		'Nats-Msg-Id' => "h/n/$sequence" }, data => $_ } } @_;
}

sub verdict {
	my ($bytes, @arguments) = @_;
	open my $in, '>', 'in' or die;
	print $in $bytes;
	close $in;
	my $said = `$judge origin @arguments <in 2>findings`;
	chomp $said;
	return ($? >> 8) . " $said";
}

sub judged {
	return verdict(join('', map { my %m = %$_;
		$json->encode({ %m, data => encode_base64($m{data}, '') }) . "\n" }
		@_), 'h/n');
}

# wanted(LINES, KIND => COUNT...)
sub wanted {
	my ($lines, %counts) = @_;
	return (%counts ? 1 : 0) . " $lines lines, " . join ', ',
		map { "$_ " . ($counts{$_} // 0) }
		qw(lost doubled disordered torn odd gaps);
}

my @whole = map { object($_) } @lines;
is(judged(messages(@whole)), wanted(30), 'all lines once: no fault');

my @pieces = @whole;
my $long = $lines[7];
splice @pieces, 7, 1, object(substr($long, 0, 100), cut => 1),
	object(substr($long, 100, 200), rest => 1, cut => 1, id => 'a'),
	object(substr($long, 300), rest => 1, id => 'b');
is(judged(messages(@pieces)), wanted(30),
	'a long line in pieces, over two messages: no fault');
is(judged(messages(@pieces[0 .. 7, 9 .. $#pieces])),
	wanted(30, lost => 1, torn => 1),
	'a piece in the middle is missing: torn');
is(judged(messages(@pieces[0 .. 7, 10 .. $#pieces])),
	wanted(29, lost => 2, torn => 1, odd => 1),
	'the pieces at the end are missing: torn, with the next line');

is(judged(messages(@whole[0 .. 10, 12 .. 29])), wanted(29, lost => 1),
	'a line in the middle is lost');
is(judged(messages(@whole[1 .. 29])), wanted(29, lost => 1),
	'the first line is lost');
is(judged(messages(@whole[0 .. 25])), wanted(26, lost => 4),
	'the last lines are lost');
is(judged(), wanted(0, lost => 30), 'no message: all lines are lost');

is(judged(messages(@whole[0 .. 12, 12 .. 29])),
	wanted(31, doubled => 1, odd => 1), 'a line is doubled, with its id');
my %other = (%{$whole[12]}, id => 'h/n/other');
is(judged(messages(@whole[0 .. 12], \%other, @whole[13 .. 29])),
	wanted(31, doubled => 1), 'a line is doubled under another id');
my @twice = messages(@whole);
splice @twice, 3, 0, { %{$twice[2]}, sequence => 17 };
is(judged(@twice), wanted(34, doubled => 4, odd => 4),
	'a message is doubled');
# What the server stores of one proposal, twice: the time is equal, and so is the
# sequence that the message expects to be the last one.
sub replayed {
	my ($change, $where) = @_;
	my @sent = messages(@whole);
	my $last = 0;
	for (@sent) {
		$_->{time} = $_->{sequence} * 1000;
		$_->{headers}{'Nats-Expected-Last-Subject-Sequence'} = "$last";
		$last = $_->{sequence};
	}
	my $again = { %{$sent[2]}, headers => { %{$sent[2]{headers}} },
		sequence => $sent[$where]{sequence} + 1 };
	$change->($again);
	splice @sent, $where + 1, 0, $again;
	return judged(@sent);
}
is(replayed(sub { }, 2), "0 1 messages replayed\n" . wanted(30) =~ s/^0 //r,
	'a message that a server has applied twice is counted apart');
is(replayed(sub { }, 4), "0 1 messages replayed\n" . wanted(30) =~ s/^0 //r,
	'also when others are between');
my $expected = 'Nats-Expected-Last-Subject-Sequence';
for ([sub { $_[0]{time}++ }, 'has another time'],
	[sub { $_[0]{headers}{$expected} = '16' }, 'expects itself'],
	[sub { delete $_[0]{headers}{$expected} }, 'expects nothing'],
	[sub { $_[0]{headers}{'Rlog-Place'} .= '1' }, 'has another place']) {
	my ($change, $what) = @$_;
	is(replayed($change, 2), wanted(34, doubled => 4, odd => 4),
		"one that $what is doubled");
}
my %reused = (%{$whole[13]}, id => $whole[11]{id});
is(judged(messages(@whole[0 .. 12], \%reused, @whole[14 .. 29])),
	wanted(30, odd => 1), 'an id is used twice');

is(judged(messages(@whole[0 .. 4, 6, 5, 7 .. 29])),
	wanted(30, disordered => 1), 'two lines are exchanged');
my @late = messages(@whole);
@late[3, 4] = @late[4, 3];
@late[3, 4] = ({ %{$late[3]}, sequence => 19 }, { %{$late[4]}, sequence => 22 });
is(judged(@late), wanted(30, disordered => 4), 'two messages are exchanged');
my @back = messages(@whole);
$back[4]{sequence} = $back[3]{sequence};
is(judged(@back), wanted(30, odd => 1), 'a sequence does not grow');

my @foreign = @whole;
$foreign[20] = { %{$whole[20]}, text => 'line 21' };
is(judged(messages(@foreign)), wanted(30, lost => 1, torn => 1),
	'the end of a line is missing');
my @label = @whole;
$label[20] = { %{$whole[20]}, label => $whole[21]{label} };
is(judged(messages(@label)), wanted(30, lost => 1, torn => 1),
	'a line has the label of another');
is(judged(messages(@whole[0 .. 9],
	{ host => 'h', name => 'n', id => 'h/n/x', missing => JSON::PP::true },
	@whole[12 .. 29])), wanted(28, lost => 2, gaps => 1),
	'a gap is told: counted, and the lines are lost');

for (['Rlog-Lines', '5', 'a number of lines'], ['Rlog-Place', '', 'no place'],
	['Nats-Msg-Id', 'h/n/x', 'the id of no line']) {
	my ($header, $value, $what) = @$_;
	my @odd = messages(@whole);
	$odd[2]{headers}{$header} = $value;
	is(judged(@odd), wanted(30, odd => 1), "a message has $what: odd");
}
my @strangers = messages(map { { %$_, host => 'x' } } @whole[0 .. 3]);
$strangers[0]{headers}{'Rlog-Name'} = 'x/n';
is(judged((map { { %$_, sequence => 1 } } @strangers), messages(@whole)),
	wanted(30), 'messages of another log are left out');
my @mixed = @whole;
$mixed[9] = { %{$whole[9]}, host => 'x' };
is(judged(messages(@mixed)), wanted(30, odd => 1),
	'an object of another log in a message: odd');

my @stored = map { "$_\n" } @lines;
is(judged(raw_messages(join('', @stored[0 .. 9]), join '', @stored[10 .. 29])),
	wanted(30), 'raw lines: no fault');
is(judged(raw_messages(join('', @stored[0 .. 6]) . substr($stored[7], 0, 200),
	substr($stored[7], 200), join '', @stored[8 .. 29])), wanted(30),
	'a raw line in two messages: no fault');
my @counted = raw_messages(join('', @stored[0 .. 6]) .
	substr($stored[7], 0, 200), substr($stored[7], 200),
	join '', @stored[8 .. 29]);
$counted[$_]{headers}{'Rlog-Lines'}++ for 1, 2;
is(judged(@counted), wanted(30, odd => 1),
	'a raw message may have more pieces, but not more lines, than it shows');
is(judged(raw_messages(join('', @stored[0 .. 28]), substr $stored[29], 0, 40)),
	wanted(30, lost => 1, torn => 1), 'the last raw line has no end: torn');

is(verdict(join '', @stored), wanted(30), 'lines alone: no fault');
is(verdict(join '', @stored[0 .. 9, 9, 11, 12, 14, 13, 15 .. 28],
	substr $stored[29], 0, 50), wanted(30, lost => 2, doubled => 1,
	disordered => 1, torn => 1), 'lines alone: each fault is found');
chomp(my $last = join '', @stored);
is(verdict($last), wanted(30, lost => 1, torn => 1),
	'lines alone: the last one has no end');
done_testing();
