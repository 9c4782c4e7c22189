# How a secret could be seen in a log: any 6 bytes of it in a row, as text, in
# hexadecimal, and in base64 wherever the secret begins in what was encoded.
package Needles;
use strict;
use warnings;
use MIME::Base64;
use Exporter 'import';
our @EXPORT_OK = qw(needles);

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

1;
