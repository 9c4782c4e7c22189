#!/usr/bin/perl
# rebuild.pl DIR <LOG: puts the bytes of each session together again from its
# records, as records.5 says: DIR/PID.in and DIR/PID.out.  Lines that are no
# records are printed.
use strict;
use warnings;
my $dir = shift or die "usage: rebuild.pl DIR <LOG\n";
my %text;
while (<STDIN>) {
	s/^\@[0-9a-f]{24} //;
	if (!/^(\d+) ([<>]) (.*)\n\z/s) {
		print unless /^\d+ : /;
		next;
	}
	my ($pid, $sign, $payload) = ($1, $2, $3);
	next if $payload eq '[EOF]';
	if ($payload !~ s/([ +])\z//) {
		print;
		next;
	}
	my $newline = $1 eq ' ' ? "\n" : '';
	$payload =~ s/\\(?:x([0-9a-f]{2})|\\)/defined $1 ? chr hex $1 : '\\'/ge;
	$text{$pid . ($sign eq '<' ? '.in' : '.out')} .= $payload . $newline;
}
for my $name (keys %text) {
	open my $f, '>:raw', "$dir/$name" or die "$dir/$name: $!\n";
	print $f $text{$name};
	close $f or die "$dir/$name: $!\n";
}
