# Makes a dialogue odd: what stands in front of a command, sizes that only one
# of the two sides may read, literals that are none, ends of lines, order,
# bytes; and cuts it into packets.
package Mutate;
use strict;
use warnings;
use Dialogue qw(dialogue pick vocabulary);
use Stream qw(length_sent with_placeholders);
use Exporter 'import';
our @EXPORT_OK = qw(stream);

my @junk = ('{5+}', '{5}', '}', '=', "\xc2\x85", "\0", ' ', '  ', "\t", "\r",
	"\n", '"', '\\', '(', ')', '*', '+', '+ ', '<', '>', '~', '%', '.', '..',
	"\xff\xfb", "\xe2\x80\xae", "\xef\xbb\xbf", "\x7f", "\x0b", "\x0c",
	"\e[31m", '"{60+}', '{60+}', "{0+}\r\n", "{3+}\r\n", '{', '"" ', '0 ',
	'x ', 'X', '-', ':', ',', ';', '#', '/', "\r\n", "\r\r\n", ' "', '" ',
	"\xc0\x80", "\xa0", "\xc2\xa0");
my @sizes = (0, 1, 3, 5, 7, 9, 12, 14, 36, 60, 200, '+5', '1x', '5x', '-1',
	'0x5', '05', '00000000005', '5 ', ' 5', 4294967295, 4294967296,
	4294967301, '18446744073709551616', '99999999999999999999',
	'18446744073709551621', 2147483648, '5.0', '5e1', '', '5 5', '5+');
my @ends = ("\n", "\r", "\r\r\n", "\n\r", '', "\0\r\n", " \r\n", "\r\n\r\n",
	"\t\r\n", " {5+}\r\n", " {5}\r\n", "{36+}\r\n", "\\\r\n", "\"\r\n",
	"\xc2\x85", "\r\0\n", "\x0b\r\n");
my @lines = ("*\r\n", "\r\n", ".\r\n", ".\n", "\n.\n", '%P', '%W', '%U',
	"DATA\r\n", "+ \r\n", "AUTH PLAIN\r\n", "b {5+}\r\n", "{5+}\r\n",
	"{36+}\r\n", "=\r\n", "\"\r\n", "a1 NOOP\r\n", "a1 AUTHENTICATE PLAIN\r\n",
	"a1 COMPRESS DEFLATE\r\n", "DONE\r\n", "334 \r\n", "BDAT 5\r\n",
	"BDAT 4294967296\r\n", "STARTTLS\r\n", "XCLIENT ADDR=1\r\n",
	"USER nobody\r\n", "CHECKSCRIPT \"{20+}\r\n", "x LOGIN a {5+}\r\n",
	"AUTH LOGIN\r\n", "AUTHENTICATE \"PLAIN\"\r\n", "nothing\r\n");

sub long_word {
	return pick('A', 'a1', '=', '{', ' ', "\0", 'z ') x
		pick(15, 16, 17, 31, 33, 64, 65, 255, 256, 500, 1000, 2100, 9000);
}

sub insert {
	my ($line, $at, $text) = @_;
	substr $line, $at, 0, $text;
	return $line;
}

# Where a blank, a bracket or the end is, or anywhere.
sub place_in {
	my ($line) = @_;
	my @places = (0, length($line) =~ s/$//r);
	push @places, pos $line while $line =~ /[ {}"]/g;
	push @places, $-[0] if $line =~ /\r?\n$/;
	return pick(@places, int rand 1 + length $line);
}

# Each makes one line odd.
my @line_mutations = (
	sub { pick(@junk) . $_[0] },
	sub { pick(@junk) . $_[0] },
	sub { long_word() . pick('', ' ', "\r\n") . $_[0] },
	sub { insert($_[0], place_in($_[0]), pick(@junk)) },
	sub { insert($_[0], place_in($_[0]), pick(@junk)) },
	sub { insert($_[0], place_in($_[0]), long_word()) },
	sub { $_[0] =~ s/\r\n$/pick(@ends)/er },
	sub { $_[0] =~ s/\r\n$/pick(@ends)/er },
	sub { my $size = pick(@sizes); $_[0] =~ s/\d+/$size/r },
	sub { my $size = pick(@sizes); $_[0] =~ s/(?<=[ {])\d+/$size/r },
	sub { $_[0] =~ s/(\d+)/$1 + pick(-2, -1, 1, 2, 30)/er },
	sub { $_[0] =~ s/\+\}/pick('}', '-}', '++}', ' +}', '+ }', '+}x')/er },
	sub { $_[0] =~ s/(?<!\+)\}/pick('+}', '-}', ' }', '} ', '}x')/er },
	sub { $_[0] =~ s/\{/pick('~{', '{{', '"{', '{ ', ' {', '')/er },
	sub { $_[0] =~ s/ /pick('  ', "\t", '', "\r", ' "', '" ', "\0")/er },
	sub { $_[0] =~ s/([a-zA-Z]+)/rand() < 0.5 ? lc $1 : ucfirst lc $1/er },
	sub { $_[0] =~ s/([^ \r\n]+)(\r\n)$/"$1"$2/r },
	sub { $_[0] =~ s/([^ \r\n]+)\r\n$/'{' . length($1) . "+}\r\n$1\r\n"/er },
	sub { insert($_[0], int rand 1 + length $_[0], chr rand 256) },
	sub { length $_[0] ? do { my $line = $_[0];
		substr $line, rand length $line, 1, chr rand 256; $line } : '' },
	sub { length $_[0] ? do { my $line = $_[0];
		substr $line, rand length $line, 1, ''; $line } : '' },
	sub { substr $_[0], 0, rand length $_[0] },
	sub { $_[0] . pick(@junk) },
	sub { $_[0] =~ s/^a\d+/pick('a1', 'a2', '', '*', '+', 'A' x 300)/er },
);

sub random_line {
	my $line = with_placeholders(pick(@lines));
	return $line =~ /\n$/ ? $line : "$line\r\n";
}

# Each makes a list of lines odd.
my @list_mutations = (
	sub { my @list = @_; splice @list, rand @list, 1; @list },
	sub { my @list = @_; my $at = rand @list;
		splice @list, $at, 0, $list[$at]; @list },
	sub { my @list = @_; splice @list, rand 1 + @list, 0, pick(@list);
		@list },
	sub { my @list = @_; my $at = rand @list;
		@list[$at, $at - 1] = @list[$at - 1, $at]; @list },
	sub { my @list = @_; splice @list, rand 1 + @list, 0, random_line();
		@list },
	sub { my @list = @_; splice @list, rand 1 + @list, 0, random_line();
		@list },
);

# What may make one of the two sides take the next bytes for something else.
sub claim {
	my $size = pick(@sizes);
	return pick("BDAT $size", "BDAT $size LAST", "NOOP {$size}", 'DATA',
		"NOOP {$size+}", "{$size+}", "{$size}", "\"{$size+}", 'STARTTLS',
		"c1 APPEND INBOX {$size}", "c1 APPEND INBOX {$size+}", 'STLS',
		"c1 LOGIN {$size}", "c1 LOGIN nobody {$size+}", 'AUTH LOGIN',
		"c1 {$size+}", "c1 AUTHENTICATE PLAIN", "c1 COMPRESS DEFLATE",
		"CHECKSCRIPT {$size+}", "CHECKSCRIPT \"{$size+}", "AUTH PLAIN",
		"PUTSCRIPT \"mine\" {$size+}", "c1 ID (\"a\" {$size+}",
		"HAVESPACE {$size+}", "AUTHENTICATE \"PLAIN\"", 'USER nobody',
		"AUTHENTICATE \"LOGIN\" {$size+}", "AUTH LOGIN {$size}",
		"USER {$size+}", "GETSCRIPT \"mine\" {$size+}", "c1 STARTTLS",
		"c1 LOGIN \"nobody {$size+}", "RETR 1", "c1 SEARCH TEXT {$size}") .
		pick("\r\n", "\r\n", "\r\n", "\n", '');
}

# What may be announced to each protocol's servers, and a command alone on its
# line. What is too large is refused before it comes.
my %announced = (
	smtp => [map { ("BDAT $_", "BDAT $_ LAST") } '%s', '+%s'],
	imap => [map { ("c1 $_ {%s+}", "c1 $_ {%s}") } 'CREATE', 'APPEND INBOX',
		'APPEND "no box"', 'NOOP', 'LOGIN nobody', 'LOGIN', 'STATUS',
		'ID ("name"', 'SEARCH TEXT', 'NOTHING', ''],
	sieve => [map { "$_ {%s+}" } 'CHECKSCRIPT', 'PUTSCRIPT "mine"', 'NOOP',
		'HAVESPACE', 'SETACTIVE', 'AUTHENTICATE "PLAIN"', 'NOTHING', '']);
my %alone = (
	smtp => [qw(RSET NOOP QUIT HELP)],
	imap => ['c2 NOOP', 'c2 CAPABILITY', 'c2 LOGOUT'],
	sieve => [qw(NOOP CAPABILITY LOGOUT)]);
$_->{lmtp} = $_->{smtp} for \%announced, \%alone;

# A chunk or a literal that ends within a line, or nearly so, where a command
# stands that is alone but for it.
sub within_line {
	my ($protocol) = @_;
	my $claim = pick(@{$announced{$protocol}});
	my $lines = pick('', "text\r\n", "Subject: one\r\n\r\n",
		"x\r\n" x pick(100, 100, 30_000));
	my $part = pick('the %m', 'the %m', "the %m\r\nmore", 'the %m ');
	my $size = length_sent("$lines$part") + pick(0, 0, 0, -1, 1, 2);
	my @list = (sprintf("$claim\r\n", $size),
		with_placeholders($part) . pick(@{$alone{$protocol}}) . "\r\n");
	return rand() < 0.7 ? ($list[0] . $lines, $list[1])
		: ($list[0], $lines . $list[1]);
}

# Where a credential is sent, or the line before; else anywhere.
sub place_of_interest {
	my (@list) = @_;
	my @credentials = grep { $list[$_] =~ /[^\0-\xff]/ } 0 .. $#list;
	return int rand @list if !@credentials || rand() < 0.4;
	my $at = $credentials[0] - (rand() < 0.4 ? 1 : 0);
	return $at < 0 ? 0 : $at;
}

sub insert_part {
	my ($protocol, @list) = @_;
	my $from = rand() < 0.9 ? $protocol
		: pick(qw(smtp lmtp pop3 imap sieve));
	my @part = map { s/^~/'b' . int rand 9/emr }
		@{pick(vocabulary($from))};
	splice @list, rand 1 + @list, 0, @part;
	return @list;
}

sub mutate {
	my ($protocol, @list) = @_;
	my $what = rand;
	return insert_part($protocol, @list) if $what < 0.15;
	return pick(@list_mutations)->(@list) if $what < 0.3;
	my $at = place_of_interest(@list);
	if ($what < 0.5) {
		splice @list, $at, 0, claim();
		return @list;
	}
	$list[$at] = pick(@line_mutations)->($list[$at]);
	return @list;
}

# Packets as a client might send the lines: each alone, with or without waiting
# for an answer; all at once; cut anywhere.
sub cut {
	my (@list) = @_;
	my $how = rand;
	return map { { text => $_, waits => 1 } } @list if $how < 0.55;
	return { text => join('', @list), waits => 1 } if $how < 0.65;
	return map { { text => $_, waits => rand() < 0.6 } } @list
		if $how < 0.8;
	return map {
		my @pieces = $how < 0.97
			? /\A(.{0,@{[int rand 40]}})(.*)\z/s : split //;
		my $last = pop @pieces;
		((map { { text => $_, waits => 0 } } @pieces),
			{ text => $last, waits => 1 });
	} @list;
}

sub stream {
	my ($server, $protocol, $mutations) = @_;
	my @list = dialogue($protocol);
	for (1 .. $mutations) {
		@list = mutate($protocol, @list) if @list;
	}
	splice @list, rand 1 + @list, 0, within_line($protocol)
		if $alone{$protocol} && rand() < 0.15;
	my @packets = grep { length $_->{text} } cut(@list);
	return { server => $server, protocol => $protocol,
		packets => \@packets };
}

1;
