# What a record shows of what a client said, and the commands that it lacks.
package Record;
use strict;
use warnings;
use Exporter 'import';
our @EXPORT_OK = qw(shown_lines missing_verbs);

# The lines of the client (<) or the server (>), and the notes, in the order in
# which they are recorded, pieces put together.
sub shown_lines {
	my ($record, $sign) = @_;
	my ($part, @lines) = ('');
	for (split /\n/, $record) {
		push @lines, $1 if /^\d+ (: .*)$/;
		next unless /^\d+ $sign (.*)([ +])$/;
		$part .= $1;
		next if $2 eq '+';
		push @lines, $part;
		$part = '';
	}
	return (@lines, $part);
}

# The verbs that the lines do not have, each behind the one before, or in any
# order: an IMAP server may carry out several commands at the same time. A verb
# may be several, as in "LOGIN|AUTHENTICATE", of which one is enough.
sub missing_verbs {
	my ($shown, $any_order, @verbs) = @_;
	my $text = $shown =~ s/\\x[0-9a-f]{2}/ /gr;
	my ($at, @missing) = (0);
	for my $verb (@verbs) {
		pos($text) = $any_order ? 0 : $at;
		if ($text =~ /(?<![a-zA-Z])(?:$verb)(?![a-zA-Z])/gi) {
			$at = $+[0];
			substr $text, $-[0], $+[0] - $-[0], '-' x ($+[0] - $-[0]);
		} else {
			push @missing, $verb;
		}
	}
	return @missing;
}

1;
