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
use FindBin;
use lib $FindBin::Bin;
use Needles qw(needles);

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
