# Dialogues as clients lead them, a protocol each: lists of packets, put
# together at random from parts that each are right by themselves. They are what
# Mutate.pm begins with.
package Dialogue;
use strict;
use warnings;
use Stream qw(length_sent with_placeholders);
use Exporter 'import';
our @EXPORT_OK = qw(dialogue pick vocabulary);

# One at random.
sub pick {
	return $_[rand @_];
}

my $message = "Subject: one %m\r\n\r\nQUIT\r\nNOOP\r\n..two %m\r\n{5+}\r\n";
my $script = "# one %m\r\nkeep;\r\nLOGOUT\r\n";
my $wrong = 'AG5vYm9keQBub3RoaW5n';

# A part is one packet a line of its text, each with CR LF; %BODY is a message,
# and %SCRIPT a script; "+ " in front of a line makes it go with the one before.
my %body = (BODY => $message, SCRIPT => $script);
sub packets {
	my ($text) = @_;
	my @packets;
	for (split /\n/, $text) {
		my ($joined, $line) = /^(\+ )?(.*)$/;
		$line =~ s/%(BODY|SCRIPT)/$body{$1}/g or $line .= "\r\n";
		$line = with_placeholders($line);
		if ($joined && @packets) {
			$packets[-1] .= $line;
		} else {
			push @packets, $line;
		}
	}
	return @packets;
}

my @smtp_auth = (
	'AUTH PLAIN %P', "AUTH PLAIN\n%P", "AUTH LOGIN\n%U\n%W",
	"AUTH LOGIN %U\n%W", "AUTH CRAM-MD5\n%C", "auth plain\n%P",
	"AUTH PLAIN $wrong\nAUTH PLAIN %P", "AUTH LOGIN\n*\nAUTH PLAIN %P",
	"AUTH LOGIN\n%U\n$wrong\nAUTH LOGIN\n%U\n%W",
	"AUTH PLAIN\n$wrong\nAUTH PLAIN\n%P");
my $size = length_sent($message);
my @smtp_mail = (
	"MAIL FROM:<a\@client.example>\nRCPT TO:<box\@example.org>\nDATA\n" .
		"%BODY\n.",
	"MAIL FROM:<a\@client.example>\nRCPT TO:<box\@example.org>\nDATA\n" .
		"%BODY\n+ .",
	"MAIL FROM:<> SIZE=100\nRCPT TO:<box\@example.org>\n" .
		"BDAT $size\n+ %BODY\nBDAT 0 LAST",
	"MAIL FROM:<a\@client.example>\nRCPT TO:<box\@example.org>\n" .
		"BDAT $size LAST\n+ %BODY",
	"MAIL FROM:<a\@client.example>\nRCPT TO:<box\@example.org>\nRSET",
	"MAIL FROM:<a\@client.example>\nDATA",
	"BDAT $size\n+ %BODY");
# Mails to somebody who is there.
my @lmtp_mail = map { s/box\@example\.org/%u/gr } @smtp_mail;
my @smtp_small = ('NOOP', 'RSET', 'VRFY box', 'HELP', 'NOOP one two',
	'EXPN all', 'EHLO again.example', 'HELO again.example', 'ETRN here');

my @pop3_auth = (
	"USER %u\nPASS %p", 'AUTH PLAIN %P', "AUTH PLAIN\n%P",
	"AUTH LOGIN\n%U\n%W", 'APOP %u %D', "AUTH CRAM-MD5\n%C",
	"USER nobody\nPASS nothing\nUSER %u\nPASS %p",
	"AUTH PLAIN $wrong\nUSER %u\nPASS %p", "AUTH LOGIN\n*\nAUTH PLAIN %P");
my @pop3_small = ('STAT', 'LIST', 'LIST 1', 'UIDL', 'UIDL 1', 'RETR 1',
	'TOP 1 1', 'DELE 1', 'RSET', 'NOOP', 'LAST', 'CAPA');

# A tag is ~ here, and a new one each time.
my @imap_auth = (
	'~ LOGIN %u %p', '~ LOGIN "%u" "%p"', "~ LOGIN {9}\n%u {14}\n%p",
	"~ LOGIN {9+}\n+ %u {14+}\n+ %p", "~ LOGIN %u {14}\n%p",
	"~ LOGIN \"%u\" {14+}\n+ %p", '~ AUTHENTICATE PLAIN %P',
	"~ AUTHENTICATE PLAIN\n%P", "~ AUTHENTICATE LOGIN\n%U\n%W",
	"~ AUTHENTICATE CRAM-MD5\n%C", "~ LOGIN nobody nothing\n~ LOGIN %u %p",
	"~ AUTHENTICATE PLAIN\n*\n~ LOGIN %u %p",
	"~ AUTHENTICATE PLAIN $wrong\n~ AUTHENTICATE PLAIN %P");
my @imap_early = ('~ CAPABILITY', '~ NOOP', '~ ID ("name" "one")',
	"~ ID (\"name\" {3+}\n+ one)");
my @imap_small = ('~ NOOP', '~ CAPABILITY', '~ SELECT INBOX',
	'~ EXAMINE INBOX', '~ CREATE box', '~ DELETE box', '~ LIST "" "*"',
	"~ LIST \"\" {1}\n*", '~ STATUS INBOX (MESSAGES)', '~ FETCH 1 BODY[]',
	'~ UID FETCH 1:* (FLAGS)', '~ STORE 1 +FLAGS (\\Seen)',
	'~ SEARCH SUBJECT "one"', "~ SEARCH TEXT {3+}\n+ one", "~ IDLE\nDONE",
	"~ APPEND INBOX {$size}\n%BODY\n+ ", "~ APPEND INBOX {$size+}\n" .
	"+ %BODY\n+ ", '~ SUBSCRIBE "a box"', '~ EXPUNGE', '~ NAMESPACE',
	'~ ENABLE CONDSTORE', '~ CHECK', "~ CREATE {3+}\n+ new",
	'~ RENAME box "other box"', '~ UNSELECT', '~ FETCH 1 (BODY.PEEK[TEXT])',
	'~ COMPRESS DEFLATE');

my $script_size = length_sent($script);
my @sieve_auth = (
	'AUTHENTICATE "PLAIN" "%P"', "AUTHENTICATE \"PLAIN\" {36+}\n+ %P",
	"AUTHENTICATE \"PLAIN\"\n\"%P\"", "AUTHENTICATE \"PLAIN\"\n{36+}\n+ %P",
	"AUTHENTICATE \"LOGIN\"\n\"%U\"\n\"%W\"",
	"AUTHENTICATE \"LOGIN\"\n{12+}\n+ %U\n{20+}\n+ %W",
	"AUTHENTICATE \"CRAM-MD5\"\n\"%C\"",
	"AUTHENTICATE \"PLAIN\" \"$wrong\"\nAUTHENTICATE \"PLAIN\" \"%P\"",
	"AUTHENTICATE \"LOGIN\"\n\"*\"\nAUTHENTICATE \"PLAIN\" \"%P\"");
my @sieve_early = ('CAPABILITY', 'NOOP', 'NOOP "one"',
	"NOOP {3+}\n+ one");
my @sieve_small = ('NOOP "one"', 'LISTSCRIPTS', 'GETSCRIPT "mine"',
	"PUTSCRIPT \"mine\" {$script_size+}\n+ %SCRIPT\n+ ",
	"CHECKSCRIPT {$script_size+}\n+ %SCRIPT\n+ ",
	"PUTSCRIPT \"mine\" \"keep;\"", 'SETACTIVE "mine"', 'SETACTIVE ""',
	'DELETESCRIPT "mine"', 'HAVESPACE "mine" 100', 'CAPABILITY',
	'RENAMESCRIPT "mine" "other"', "GETSCRIPT {4+}\n+ mine");

# For each protocol: what comes first, what may before and after authentication,
# and last.
my %parts = (
	smtp => { first => ['EHLO client.example'], early => \@smtp_small,
		auth => \@smtp_auth, small => [@smtp_mail, @smtp_small],
		last => 'QUIT', rare => ['STARTTLS', "auth plain =\n%P"] },
	lmtp => { first => ['LHLO client.example'], early => \@smtp_small,
		auth => \@lmtp_mail, small => [@lmtp_mail, @smtp_small],
		last => 'QUIT', rare => ['AUTH PLAIN %P', 'STARTTLS'] },
	pop3 => { first => ['CAPA', 'NOOP', 'CAPA'], early => ['CAPA'],
		auth => \@pop3_auth, small => \@pop3_small, last => 'QUIT',
		rare => ['STLS'] },
	imap => { first => \@imap_early, early => \@imap_early,
		auth => \@imap_auth, small => \@imap_small, last => '~ LOGOUT',
		rare => ['~ STARTTLS'] },
	sieve => { first => \@sieve_early, early => \@sieve_early,
		auth => \@sieve_auth, small => \@sieve_small, last => 'LOGOUT',
		rare => ['STARTTLS'] },
);

# All commands that a protocol's dialogues are put together from.
sub vocabulary {
	my ($protocol) = @_;
	my $parts = $parts{$protocol};
	return map { [packets($_)] } map { @{$parts->{$_}} }
		qw(early auth small rare);
}

sub dialogue {
	my ($protocol) = @_;
	my $parts = $parts{$protocol};
	my @chosen = pick(@{$parts->{first}});
	push @chosen, pick(@{$parts->{early}}) if rand() < 0.4;
	push @chosen, pick(@{$parts->{rare}}) if rand() < 0.03;
	push @chosen, pick(@{$parts->{auth}}) if rand() < 0.9;
	push @chosen, pick(@{$parts->{small}}) for 0 .. rand 4;
	push @chosen, $parts->{last};
	my $tag = 0;
	return map { s/^~/'a' . ++$tag/emr } map { packets($_) } @chosen;
}

1;
