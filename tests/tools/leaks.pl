#!/usr/bin/perl
# leaks.pl SECRETS FILE...: looks for secrets, one a line, in logs. Prints what
# it finds and the number of findings; the exit status is 1 if there are any.
#
# It finds a secret, or any 6 bytes of it in a row, as text, in hexadecimal, and
# in base64 wherever the secret begins in what was encoded. It looks into the
# lines of the log and into the bytes that the records stand for, so that neither
# the escaping nor the bounds of records hide anything.
use strict;
use warnings;
use MIME::Base64;

my ($secrets, @logs) = @ARGV;
die "usage: leaks.pl SECRETS FILE...\n" unless @logs;

sub slurp {
	my ($name) = @_;
	open my $file, '<:raw', $name or die "leaks.pl: $name: $!\n";
	local $/;
	return <$file> // '';
}

# The bytes of each direction of each session.
sub streams {
	my %stream;
	for (split /\n/, $_[0]) {
		next unless /^(?:\@[0-9a-f]{24} )?(\d+ [<>]) (.*)([ +])$/s;
		my ($key, $bytes, $end) = ($1, $2, $3);
		$bytes =~ s/\\(?:x([0-9a-f]{2})|\\)/defined $1 ? chr hex $1 : '\\'/ge;
		$stream{$key} .= $bytes . ($end eq ' ' ? "\n" : '');
	}
	return join "\n", values %stream;
}

sub windows {
	my ($text, $size) = @_;
	return map { substr $text, $_, $size } 0 .. length($text) - $size;
}

# What of the base64 of something with the secret in it depends on nothing else.
sub base64_forms {
	my ($secret) = @_;
	return map {
		my $before = $_;
		my $text = encode_base64("\0" x $before . $secret, '');
		my $whole = int(8 * ($before + length $secret) / 6);
		my $first = int((8 * $before + 5) / 6);
		substr $text, $first, $whole - $first;
	} 0 .. 2;
}

sub needles {
	my ($secret) = @_;
	my $hex = unpack 'H*', $secret;
	return (windows($secret, 6), windows($hex, 12), windows(uc $hex, 12),
		map { windows($_, 8) } base64_forms($secret));
}

my $findings = 0;
for my $log (@logs) {
	my $text = slurp($log);
	$text .= "\n" . streams($text);
	for my $secret (split /\n/, slurp($secrets)) {
		die "leaks.pl: $secret is too short\n" if length $secret < 6;
		my @found = grep { index($text, $_) >= 0 } needles($secret);
		next unless @found;
		print "$log: $secret, seen as $found[0]\n";
		$findings++;
	}
}
print "$findings\n";
exit($findings ? 1 : 0);
