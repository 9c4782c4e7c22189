#!/bin/sh
# rlogsess -o mail gives the messages of sessions back, as files or as an mbox;
# a message that is not whole is left out, and a sentence and the exit code say
# so.  Which messages are found is tested by tests/unit/rlogsess/mail_finder.c,
# and against servers by tests/peer.
. "$(dirname "$0")/../lib.sh"
export TZ=UTC

# A server of SMTP that waits for the end of each message.
cat >serve <<'END'
$| = 1;
print "220 mx.example.org ESMTP\r\n";
while (<STDIN>) {
	if (/^DATA/i) {
		print "354 go\r\n";
		1 while ($_ = <STDIN>) && $_ ne ".\r\n";
		print "250 ok\r\n";
	} elsif (/^BDAT (\d+)/i) {
		read STDIN, my $chunk, $1;
		print "250 ok\r\n";
	} elsif (/^EHLO/i) {
		print "250-mx.example.org\r\n250 CHUNKING\r\n";
	} elsif (/^QUIT/i) {
		print "221 bye\r\n";
		exit;
	} else {
		print "250 ok\r\n";
	}
}
END
# A client that sends the files of its arguments: DATA, then BDAT.
cat >client <<'END'
use IPC::Open2;
my $options = shift;
my $pid = open2(my $out, my $in, 'recio', split(' ', $options), 'perl', 'serve');
binmode $_ for $in, $out;
sub ask { print $in @_; $in->flush; scalar <$out> }
<$out>;
ask("EHLO client.example.com\r\n");
<$out>;
for my $file (@ARGV) {
	open my $f, '<:raw', $file;
	local $/;
	my $mail = <$f>;
	local $/ = "\n";
	ask("MAIL FROM:<a\@example.org> SIZE=1\r\n");
	ask("RCPT TO:<b\@example.net>\r\n");
	ask("DATA\r\n");
	ask($mail =~ s/^\./../gmr, ".\r\n");
	ask("MAIL FROM:<>\r\nRCPT TO:<b\@example.net>\r\n");
	<$out>;
	ask("BDAT 10\r\n", substr $mail, 0, 10);
	ask("BDAT ", length($mail) - 10, " LAST\r\n", substr $mail, 10);
}
ask("QUIT\r\n");
close $in;
waitpid $pid, 0;
END

# Lines with dots, lines of an mbox, long lines, and all bytes.
perl -e 'print "From: a\@example.org\r\nSubject: x\r\n\r\n",
	"From me\r\n>From you\r\n.\r\n..\r\n.From\r\n", map(chr, 0 .. 9, 11 .. 255),
	"\r\n", "x" x 9000, "\r\n", "*** 12 bytes\r\nDATA\r\n354 go\r\nend\r\n"' >sent
printf 'Subject: y\r\n\r\nsecond\r\n' >other
sed 's/\r$//; s/^\(>*From \)/>\1/' sent >text

# recorded OPTIONS FILE...: the log of a session that sends the files.
recorded() {
	rm -rf log mails
	perl client "$@" 2>&1 >/dev/null | rlog t s9m ./log
}

for options in '' -t -v -l -x -r '-w 100' '-p smtp -m'; do
	recorded "$options" sent other
	rlogsess -o mail --into mails log >out 2>err
	is "recio $options: success" "$?$(cat out err)" 0
	(cd mails && ls) | sed 's/-[0-9]*-/-PID-/' >names
	is "recio $options: a file for each message" "$(tr '\n' ' ' <names)" \
		"1-PID-1.eml 1-PID-2.eml 1-PID-3.eml 1-PID-4.eml "
	same "recio $options: the message of DATA" mails/*-1.eml sent
	same "recio $options: the message of BDAT" mails/*-2.eml sent
	same "recio $options: the second message of DATA" mails/*-3.eml other
	same "recio $options: the second message of BDAT" mails/*-4.eml other
	rlogsess -o mail log >mbox
	is "recio $options: the lines before the messages of an mbox" \
		"$(grep -a '^From ' mbox | cut -d ' ' -f 1,2 | tr '\n' ' ')" \
		"From a@example.org From MAILER-DAEMON From a@example.org From MAILER-DAEMON "
	awk '/^From / { n++; next } n == 1' mbox >got
	echo >>text
	same "recio $options: a message of an mbox" text got
	sed -i '$d' text
done
is "files are readable by their owner alone" \
	"$(stat -c %a mails/*-1.eml mails | tr '\n' ' ')" "600 700 "
rlogsess -o mail --into mails log >out 2>err
is "a file that is there: exit 111" "$?" 111
is "a file that is there: a sentence" "$(sed 's/-[0-9]*-/-PID-/' err)" \
	"rlogsess: warning: unable to write to mails/1-PID-1.eml: File exists
rlogsess: fatal: unable to put sessions together: File exists"
name=$(basename mails/*-2.eml)
rm -rf mails && mkdir mails && ln -s ../target "mails/$name"
rlogsess -o mail --into mails log >out 2>err
is "a link in place of a file: exit 111" "$?" 111
is "a link in place of a file is not followed" \
	"$(ls mails/*-1.eml >/dev/null && [ ! -e target ] && echo fine)" fine
rlogsess -o mail --into none/mails log >out 2>err
is "no directory: exit 111" "$?" 111
is "no directory: the reason, and what follows from it" "$(cat err)" \
	"rlogsess: warning: unable to write to none/mails: No such file or directory
rlogsess: fatal: no session is shown"
ok "no file is left where the disk is full" sh -c '
	mkdir full && rm -rf mails && (ulimit -f 8 && trap "" XFSZ &&
		! rlogsess -o mail --into mails log 2>/dev/null) && ! ls mails/*-1.eml 2>/dev/null'

# Sessions are chosen as ever.
recorded '-v' sent
(perl client -v other 2>&1) >>log/more
cat log/more >>log/current
pid=$(rlogsess -o json log | sed -n 's/.*"pid":\([0-9]*\).*/\1/p' | tail -n 1)
rm -rf mails
rlogsess -o mail --into mails -p "$pid" log
is "-p: messages of one session" \
	"$(cd mails && echo *)" "2-$pid-1.eml 2-$pid-2.eml"
rlogsess -m Subject:.y -o mail log >mbox
is "-m: messages of sessions with a line that matches" \
	"$(grep -ac '^Subject: y' mbox)$(grep -ac '^Subject: x' mbox)" 20

# told DESCRIPTION SENTENCE LINE...: what -o mail tells of a session.
cr=$(printf '\r')
told() {
	what=$1
	want="1rlogsess: warning: session 1, process 7: $2"
	shift 2
	printf '7 %s\n' '> 220 go ' "$@" '< [EOF]' '> [EOF]' >lines
	rlogsess -o mail lines >got 2>err
	is "$what: exit 1 and a sentence" "$?$(cat err)" "$want"
	is "$what: no message" "$(cat got)" ''
}
told "-p" "recio -p left out messages: 1" \
	"< DATA$cr " "> 354 go$cr " ': < 31 bytes, 2 lines of message' "> 250 ok$cr "
told "a message without an end" "messages whose end is missing are left out: 1" \
	"< DATA$cr " "> 354 go$cr " "< Subject: x$cr "
told "-k" "messages whose end is missing are left out: 1
rlogsess: warning: session 1, process 7: the rest is encrypted, compressed or not recorded: it may have messages" \
	"< DATA$cr " "> 354 go$cr " "< Sub+" ': recorded 9 bytes, the rest is left out'
told "-p: TLS" \
	"the rest is encrypted, compressed or not recorded: it may have messages" \
	"< STARTTLS$cr " "> 220 go$cr " ': TLS'
told "a bare newline before the dot" \
	"messages are left out, since servers disagree where their lines end: 1" \
	"< DATA$cr " "> 354 go$cr " "< x$cr " "< y " "< .$cr " "< z$cr " "< .$cr "
told "lost records" "messages whose end is missing are left out: 1
rlogsess: warning: session 1, process 7, in: recio lost records
rlogsess: warning: session 1, process 7, out: recio lost records" \
	"< DATA$cr " "> 354 go$cr " "< x$cr " ': lost 1 records, 3 bytes' "< .$cr "
printf '7 %s\n' '> +OK hi ' "> +OK$cr " "> x$cr " "> .$cr " '> [EOF]' >lines
rlogsess -o mail lines >got 2>err
is "recio -f out: exit 1 and a sentence" "$?$(cat err)" \
	"1rlogsess: warning: session 1, process 7: the log has no record of its input, which tells messages
rlogsess: warning: no message in sessions: 1"
printf '7 %s\n' '< GET / HTTP/1.0 ' '> 404 no ' '< [EOF]' '> [EOF]' >lines
rlogsess -o mail lines >got 2>err
is "no message: success and a sentence" "$?$(cat got err)" \
	"0rlogsess: warning: no message in sessions: 1"

# -k goes on with messages, and with the numbers of their sessions.
sed '/354/q' log/current >first
sed '1,/354/d' log/current >second
rm -rf mails
rlogsess -k state -o mail --into mails first
is "-k: an open message is not written" "$(ls mails)" ''
{
	cat second
	echo '@400000007000000000000000 tcpserver: pid 1 from 192.0.2.1'
} | rlogsess -k state -o mail --into mails
same "-k: it is written when it is whole" mails/1-*-1.eml sent

script -qec "rlogsess -o mail '$T/log'" /dev/null </dev/null >got
is "a terminal: exit 100" "$?" 100
for arguments in '-o text --into mails' '-M -o mail' '-o mail --direction in'; do
	# shellcheck disable=SC2086 # several arguments
	rlogsess $arguments log >got 2>&1
	is "rlogsess $arguments: wrong use" "$?" 100
done

# A mail of 72 MB is held whole, in no more memory than a small one.
perl -e 'print "Subject: big\r\n\r\n"; print "x" x 70, "\r\n" for 1 .. 1000000' >big
rm -rf mails
perl client '-f in' big 2>&1 >/dev/null | cat >biglog
limit='ulimit -v 40000 &&'
case $(ldd "$BUILD/rlogsess") in
*asan*) limit= ;; # its shadow of the memory is above any limit
esac
ok "a mail of 72 MB in 40 MB of memory" sh -c \
	"$limit rlogsess -o mail --into mails biglog"
same "a mail of 72 MB" mails/*-1.eml big
done_testing
