# A stream: the packets that one client sends. In memory a packet is a string
# whose characters above 0xff are placeholders; each is replaced, when the
# packet is sent, by a credential that no other packet has. So a mutation may
# copy, move and cut packets, and whichever credential a server accepts, it was
# sent once.
#
# The text of a stream has the name of the server, the protocol, and a packet a
# line: ">" waits for an answer after it, "-" does not.
package Stream;
use strict;
use warnings;
use Digest::MD5 'md5_hex';
use Digest::HMAC_MD5 'hmac_md5_hex';
use MIME::Base64 qw(encode_base64 decode_base64);
use Exporter 'import';
our @EXPORT_OK = qw(parse_text format_text expand length_sent
	with_placeholders);

# u is a user, p the password, P the response of PLAIN, U and W user and
# password in base64, C the response of CRAM-MD5, D the digest of APOP; m is a
# mark: a word of a message or a literal, which no record may have.
my @kinds = qw(u p P U W C D m);
my %code = map { $kinds[$_] => 0x100 + $_ } 0 .. $#kinds;
my %kind = reverse %code;

# Replaces %u and the others in a template.
sub with_placeholders {
	my ($text) = @_;
	return $text =~ s/%([upPUWCDm])/chr $code{$1}/ger;
}

sub unescape {
	my ($text) = @_;
	my %plain = (r => "\r", n => "\n", t => "\t", '\\' => '\\', '%' => '%');
	return $text =~ s{\\(?:x([0-9a-f]{2})|([rnt\\%]))|%([upPUWCDm])}{
		defined $1 ? chr hex $1 : defined $2 ? $plain{$2} : chr $code{$3}}ger;
}

sub escape_character {
	my ($character) = @_;
	my %short = ("\r" => '\r', "\n" => '\n', "\t" => '\t', '\\' => '\\\\',
		'%' => '\%');
	return $short{$character} // ($kind{ord $character}
		? "%$kind{ord $character}" : sprintf '\x%02x', ord $character);
}

sub parse_text {
	my ($text) = @_;
	my ($head, @lines) = grep { !/^#/ && /\S/ } split /\n/, $text;
	my ($server, $protocol) = split ' ', $head;
	my @packets;
	for (@lines) {
		/^([>-]) (.*)$/ or die "not a packet: $_\n";
		push @packets, { text => unescape($2), waits => $1 eq '>' };
	}
	return { server => $server, protocol => $protocol,
		packets => \@packets };
}

sub format_text {
	my ($stream) = @_;
	return join '', "$stream->{server} $stream->{protocol}\n", map {
		my $text = $_->{text};
		$text =~ s/([^ -\$&-\[\]-~])/escape_character($1)/ge;
		($_->{waits} ? '>' : '-') . " $text\n";
	} @{$stream->{packets}};
}

# The response to a CRAM-MD5 challenge, or the digest of APOP: they depend on
# what the server has said.
sub cram {
	my ($login, $said) = @_;
	my ($challenge) = $said =~ /.*^(?:334 |\+ |")(\S+?)"?\r?$/ms;
	my $digest = hmac_md5_hex(decode_base64($challenge // ''),
		$login->{password});
	push @{$login->{secrets}}, $digest;
	return encode_base64("$login->{user} $digest", '');
}

sub apop {
	my ($login, $said) = @_;
	my ($stamp) = $said =~ /^\+OK .*?(<[^>\n]*>)/;
	my $digest = md5_hex(($stamp // '') . $login->{password});
	push @{$login->{secrets}}, $digest;
	return $digest;
}

my $marks = 0;
use constant { MARK => 14 };
sub mark {
	my ($last) = @_;
	my $mark = substr 'm' . md5_hex('mark ' . $marks++), 0, MARK;
	push @{$last->{marks}}, $mark;
	return $mark;
}

# How long a template becomes whose only placeholders are marks.
sub length_sent {
	my ($text) = @_;
	return length $text =~ s/%m/'m' x MARK/ger;
}

# The last login, or a new one where one begins.
sub login_for {
	my ($what, $new_login, $last) = @_;
	if ($what =~ /[uPUC]/ || !$last->{login} || $last->{spent}) {
		@{$last}{qw(login spent)} = ($new_login->(), 0);
	}
	$last->{spent} = 1 if $what !~ /[uU]/;
	return $last->{login};
}

# Replaces the placeholders of one packet. $new_login gives a login that was not
# used yet; the user and the password beside each other are of the same login,
# which $last holds from one packet to the next, and the marks.
sub expand {
	my ($text, $new_login, $last, $said) = @_;
	my %form = (
		u => sub { $_[0]{user} },
		p => sub { $_[0]{password} },
		P => sub { encode_base64("\0$_[0]{user}\0$_[0]{password}", '') },
		U => sub { encode_base64($_[0]{user}, '') },
		W => sub { encode_base64($_[0]{password}, '') },
		C => sub { cram($_[0], $said) },
		D => sub { apop($_[0], $said) },
	);
	$text =~ s{([^\0-\xff])}{
		my $what = $kind{ord $1};
		$what eq 'm' ? mark($last)
			: $form{$what}->(login_for($what, $new_login, $last))}gex;
	return $text;
}

1;
