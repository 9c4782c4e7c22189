# How a server saw its sessions, from what it says of itself: whose password it
# took, and the verbs of the commands that it carried out, in order. Both are
# told to the session: $session->{accepted}{USER} and @{$session->{verbs}}.
#
# exim4 says it on descriptor 2 of each session, Cyrus in files; the others have
# a log, in which the client's port, a process or a user says whose session a
# line is of. A line may come late: a session is known for as long as the fuzzer
# keeps it.
package View;
use strict;
use warnings;
use Exporter 'import';
our @EXPORT_OK = qw(see_session see_log);

my $smtp_verb = qr/(EHLO|HELO|LHLO|MAIL|RCPT|DATA|BDAT|AUTH|NOOP|RSET|VRFY|EXPN|
	HELP|ETRN|QUIT|STARTTLS)/xi;

my $pop3_verb = qr/^(?:USER|PASS|APOP|AUTH|CAPA|STAT|LIST|UIDL|RETR|TOP|DELE|RSET|
	NOOP|LAST|QUIT|STLS|UTF8|LANG)$/x;

# A command and the server's answer to it; or a response, after a challenge.
sub answered {
	my ($session, $line, $code) = @_;
	my $is_response = $session->{challenged};
	$session->{challenged} = $code == 334;
	return if $is_response || $code !~ /^[23]/;
	push @{$session->{verbs}}, uc $1
		if $line =~ /^\s*$smtp_verb(?![a-zA-Z])/;
}

# exim -d shows each line that it takes for a command, and each answer.
sub exim {
	my ($session) = @_;
	my ($command, $user);
	for (split /\n/, $session->{diary}) {
		$command = $1 if /^SMTP<< (.*)/;
		$user = $1 if /^  \$auth\d = (user\d+)$/ ||
			/^CRAM-MD5: user name = (user\d+)$/;
		next unless /^SMTP>> (\d+)/;
		answered($session, $command, $1) if defined $command;
		$session->{accepted}{$user} = 1 if $1 == 235 && defined $user;
		undef $command;
	}
}

# Each process of qpsmtpd has one session; it logs its client's port.
sub qpsmtpd {
	my ($line, $known) = @_;
	my ($pid, $text) = $line =~ /^(\d+) (.*)/ or return;
	$known->{pid}{$pid} = $known->{port}{"qpsmtpd:$1"}
		if $text =~ /^client port (\d+)/;
	my $session = $known->{pid}{$pid} or return;
	$session->{command} = $1 if $text =~ /dispatching (.*)/;
	return unless $text =~ /^(?:\S+ )*?(\d\d\d)[ -](.*)/;
	my ($code, $answer) = ($1, $2);
	answered($session, delete $session->{command}, $code)
		if defined $session->{command};
	$session->{accepted}{$1} = 1
		if $code == 235 && $answer =~ /for (user\d+)/;
}

# smtpd -v logs what it gets and answers, and whose login Dovecot finds right.
sub postfix {
	my ($line, $known) = @_;
	my ($pid, $text) = $line =~ m{ postfix/smtpd\[(\d+)\]: (.*)} or return;
	$known->{smtpd}{$pid} = $known->{port}{"postfix:$1"}
		if $text =~ /^connect from \S+:(\d+)$/;
	my $session = $known->{smtpd}{$pid} or return;
	$session->{accepted}{$1} = 1
		if $text =~ /auth reply: OK\?\d+\?user=(user\d+)/;
	$session->{command} = $1 if $text =~ /^< \S+: (.*)/;
	return unless $text =~ /^> \S+: (\d\d\d)/;
	answered($session, delete $session->{command}, $1)
		if defined $session->{command};
}

# aiosmtpd logs the logins that are right.
sub aiosmtpd {
	my ($line, $known) = @_;
	my ($port, $text) = $line =~ /\('127\.0\.0\.1', (\d+)\) (.*)/ or return;
	my $session = $known->{port}{"aiosmtpd:$port"} or return;
	$session->{command} = $1 if $text =~ /^>> b['"](.*)['"]$/;
	$session->{accepted}{$1} = 1 if $text =~ /^accepted (user\d+)/;
	return unless $text =~ /^<< b['"](\d\d\d)/;
	answered($session, delete $session->{command}, $1)
		if defined $session->{command};
}

# Dovecot logs the users that log in; and, of SMTP and LMTP, the answers.
sub dovecot {
	my ($line, $known) = @_;
	if ($line =~ /-login: Info: Login: user=<(user\d+)/) {
		$known->{user}{$1}{accepted}{$1} = 1 if $known->{user}{$1};
	}
	my ($service, $port, $rest) = $line =~
		/ (submission|lmtp)\S*: .*-server: conn 127\.0\.0\.1:(\d+) (.*)/
		or return;
	my $session = $known->{port}{"dovecot-$service:$port"} or return;
	answered($session, $1, $2)
		if $rest =~ /: command (\S+): (\d+) reply: Sent: /;
}

# What IMAP servers call a command that is done, if not by its verb.
my %imap_text = ('Logged in' => 'LOGIN|AUTHENTICATE',
	'Pre-login capabilities' => 'CAPABILITY', 'Begin TLS' => 'STARTTLS');

# Each command has its tag, but a mutation may have used one twice; and Cyrus,
# when an authentication succeeds, answers to what came before it in the same
# packet once more.
sub imap {
	my ($session) = @_;
	my %answers;
	while ($session->{received} =~ /^(\S+) OK (?:\[[^\]]*\] )?(.*)$/mg) {
		my ($tag, $text) = ($1, $2);
		my $times = () = $session->{sent} =~ /\Q$tag\E /g;
		next if $tag eq '*' || $tag eq '+' || ++$answers{$tag} > $times;
		my $verb = $text =~ /^(\w+) completed/ ? uc $1 : undef;
		for (keys %imap_text) {
			$verb = $imap_text{$_} if index($text, $_) == 0;
		}
		my @sent = $session->{sent} =~ /\Q$tag\E +((?i:UID )?\w+)/g;
		$verb //= uc $sent[0] if @sent == 1;
		push @{$session->{verbs}}, $verb if defined $verb;
	}
}

# Dovecot names the command; Cyrus, with a bare OK, does not, but the tag that
# NOOP may have comes back from both.
sub sieve {
	my ($session) = @_;
	for ($session->{received} =~ /^OK(.*)$/mg) {
		push @{$session->{verbs}}, /^ \(TAG / ? 'NOOP'
			: /"Logged in/ ? 'AUTHENTICATE'
			: /"(\w+) completed/i ? uc $1 : next;
	}
}

# POP3 has an answer to each line, and what answers have many lines is known.
# Where an answer does not fit, nobody knows what the server has taken for a
# line.
sub pop3 {
	my ($session) = @_;
	my @answers = split /\r?\n/, $session->{received};
	shift @answers;
	my $asked = 0;
	for (split /\n/, $session->{sent}) {
		my $answer = shift @answers // last;
		my ($verb, $argument) = /^\s*([a-zA-Z]+)[ \t]*([^\r]*)/;
		$verb = uc($verb // '');
		my $is_command = !$asked;
		$asked = $answer =~ /^\+ /;
		next unless $is_command && $answer =~ /^\+/;
		last unless $verb =~ $pop3_verb;
		push @{$session->{verbs}}, $verb;
		next unless $verb =~ /^(CAPA|RETR|TOP)$/ ||
			$verb =~ /^(LIST|UIDL)$/ && $argument eq '';
		while (@answers) {
			last if shift(@answers) eq '.';
		}
	}
}

# Cyrus has written a file for each user that logged in.
sub cyrus {
	my ($session) = @_;
	for my $user (map { $_->{user} } @{$session->{logins}}) {
		my @files = glob "cyrus/log/$user/*" or next;
		$session->{accepted}{$user} = 1;
		unlink @files;
	}
}

my %diaries = (exim => \&exim, cyrus => \&cyrus);
my %logs = (qpsmtpd => \&qpsmtpd, aiosmtpd => \&aiosmtpd, postfix => \&postfix,
	dovecot => \&dovecot);
my %dialogues = (imap => \&imap, sieve => \&sieve, pop3 => \&pop3);

# What one session says by itself.
sub see_session {
	my ($server, $session) = @_;
	my $diary = $diaries{$server->{view}};
	$diary->($session) if $diary;
	my $dialogue = $dialogues{$server->{protocol}};
	$dialogue->($session) if $dialogue;
}

# A line of the log of a server; $known finds sessions by server and port, by
# pid and by user.
sub see_log {
	my ($server, $line, $known) = @_;
	my $log = $logs{$server->{view}};
	$log->($line, $known) if $log;
}

1;
