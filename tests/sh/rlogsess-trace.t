#!/bin/sh
# One mail is traced through the logs of SMTP sessions and of qmail-send: its
# session, its message in the queue, and its bounces.
. "$(dirname "$0")/../lib.sh"
export TZ=UTC

# found ARGUMENTS: the mails as "reply|message bounce ...|remarks;", with the
# processes and numbers of their sessions and messages.
found() {
	rlogsess -o json --trace "$@" 2>err | perl -MJSON::PP -ne '
		my $m = decode_json($_);
		my $s = $m->{session};
		print $s ? $s->{pid} : "-", "|",
			join(" ", map { $_->{message} } @{$m->{messages}}), "|",
			join(", ", @{$m->{remarks}}), ";"'
}
# session PID QP TIME SENDER RECIPIENT [HEADER]: the lines of a session in which
# a mail was sent; TIME is of its beginning, without the seconds.
session() {
	cat <<END
$3:00.1Z tcpserver: pid $1 from 192.0.2.7
$3:00.2Z $1 > 220 mx ESMTP 
$3:01.0Z $1 < EHLO client 
$3:01.1Z $1 > 250 mx 
$3:02.0Z $1 < MAIL FROM:<$4> 
$3:02.1Z $1 > 250 ok 
$3:02.2Z $1 < RCPT TO:<$5> 
$3:02.3Z $1 > 250 ok 
$3:03.0Z $1 < DATA 
$3:03.1Z $1 > 354 go ahead 
$3:04.0Z $1 < ${6:-Subject: test} 
$3:04.1Z $1 <  
$3:04.2Z $1 < . 
$3:05.0Z $1 > 250 ok 1795212001 qp $2 
$3:06.0Z $1 < QUIT 
$3:06.1Z $1 > 221 mx 
$3:06.2Z tcpserver: end $1 status 0
$3:06.3Z $1 > [EOF]
$3:06.3Z $1 < [EOF]
END
}
# queued MSG QP TIME SENDER RECIPIENT [DELIVERY]: the lines of a message that is
# delivered at once; TIME has its seconds.
queued() {
	cat <<END
$3.0Z new msg $1
$3.1Z info msg $1: bytes 500 from <$4> qp $2 uid 46
$3.2Z starting delivery ${6:-1}: msg $1 to remote $5
$3.3Z delivery ${6:-1}: success: 192.0.2.99_accepted_message./Remote_host_said:_250_2.0.0_Ok:_queued_as_4RemoteID/
$3.4Z end msg $1
END
}

day=2026-11-20T
session 4711 4720 ${day}10:00 alice@example.org bob@virtual.example \
	'Message-ID: <one@example.org>' >smtpd
queued 12345 4720 ${day}10:00:05 alice@example.org joe-bob@virtual.example >send
session 4712 5000 ${day}11:00 Carol@Example.org dave@example.net >>smtpd
queued 12346 5000 ${day}11:00:04 Carol@Example.org dave@example.net >>send
queued 12347 6000 ${day}12:00:00 cron@example.org root@example.org >>send

is "qp: the session and the message" "$(found 4720 smtpd send)" "4711|12345|;"
is "qp: no warning" "$(cat err)" ""
is "qp: the order of the logs does not matter" "$(found 4720 send smtpd)" \
	"4711|12345|;"
is "qp: as the log writes it" "$(found 'qp 4720' smtpd send)" "4711|12345|;"
is "Message-ID" "$(found one@example.org smtpd send)" "4711|12345|;"
is "Message-ID in angle brackets" "$(found '<one@example.org>' smtpd send)" \
	"4711|12345|;"
is "sender" "$(found alice@example.org smtpd send)" "4711|12345|;"
is "sender, regardless of case" "$(found carol@example.ORG smtpd send)" \
	"4712|12346|;"
is "recipient of the session" "$(found bob@virtual.example smtpd send)" \
	"4711|12345|;"
is "recipient that only the queue has" \
	"$(found joe-bob@virtual.example smtpd send)" "4711|12345|;"
is "number of the message" "$(found 'msg 12346' smtpd send)" "4712|12346|;"
is "a mail of a local program has no session" \
	"$(found cron@example.org smtpd send)" \
	"-|12347|a local program may have sent it: no session that fits has a reply with qp 6000;"
is "queue ID of the next server, in the report of a delivery: every mail" \
	"$(found 4RemoteID smtpd send)" \
	"4711|12345|;4712|12346|;-|12347|a local program may have sent it: no session that fits has a reply with qp 6000;"
is "several mails: a sentence" "$(cat err)" \
	"rlogsess: warning: 3 mails match: -S and -U choose a time"
is "-S and -U choose a mail" \
	"$(found 4RemoteID -S '2026-11-20 10:30' -U '2026-11-20 11:30' smtpd send)" \
	"4712|12346|;"
is "-U: a mail that was begun in the window is whole" \
	"$(found 4720 -U '2026-11-20 10:00:01' smtpd send)" "4711|12345|;"
is "-S: a mail that ends in the window is whole" \
	"$(found 4720 -S '2026-11-20 10:00:06.2' smtpd send)" "4711|12345|;"
is "-S: a window without a line" \
	"$(found 4720 -S '2026-11-20 13:00' smtpd send)" ""
is "no session log: the message alone" "$(found 4720 send)" \
	"-|12345|a local program may have sent it: no session that fits has a reply with qp 4720;"
is "no queue log: the session alone" "$(found 4720 smtpd)" \
	"4711||no message from its sender is in the queue up to an hour after its reply with qp 4720;"
sort smtpd send >both
is "one log of both kinds" "$(found 4720 both)" "4711|12345|;"
mkdir -p logs/smtpd logs/send
cp smtpd logs/smtpd/current
cp send logs/send/current
is "log directories" "$(found 4720 logs/smtpd logs/send)" "4711|12345|;"

# The text: headings, sources, lines in the order of time.
rlogsess --trace 4720 smtpd send >got
{
	echo "rlogsess: mail 1: session of process 4711: 250 ok 1795212001 qp 4720"
	echo "rlogsess: source: $T/smtpd"
	head -n 19 smtpd
	echo
	echo "rlogsess: mail 1: message 12345, qp 4720"
	echo "rlogsess: source: $T/send"
	head -n 5 send
	echo
} >want
same "text: headings, sources and all lines" want got
rlogsess --trace 6000 smtpd send >got
{
	echo "rlogsess: mail 1: message 12347, qp 6000"
	echo "rlogsess: source: $T/send"
	tail -n 5 send
	echo
	echo "rlogsess: mail 1: a local program may have sent it: no session that fits has a reply with qp 6000"
	echo
} >want
same "text: a remark behind the lines" want got
is "JSON: the sources are named" \
	"$(rlogsess -o json --trace 4720 smtpd send | perl -MJSON::PP -ne '
		my $m = decode_json($_);
		print join " ", map { $_->{source} } $m->{session},
			@{$m->{messages}}')" "$T/smtpd $T/send"
is "JSON: deliveries and lines" \
	"$(rlogsess -o json --trace 4720 smtpd send | perl -MJSON::PP -ne '
		my ($m) = @{decode_json($_)->{messages}};
		print "$m->{deliveries}[0]{outcome} ", scalar @{$m->{lines}}')" \
	"success 5"
is "JSON: the reply" \
	"$(rlogsess -o json --trace 4720 smtpd send | perl -MJSON::PP -ne '
		print decode_json($_)->{reply}')" "250 ok 1795212001 qp 4720"

is "--time: the form of stamps" \
	"$(rlogsess --trace 4720 --time unix smtpd send | sed -n 3p)" \
	"1795168800.100000000 tcpserver: pid 4711 from 192.0.2.7"

# Nothing found: a sentence, and exit 0 as for every choice.
rlogsess --trace nobody@example.org smtpd send >got 2>err
is "nothing matches: exit 0, no output" "$? $(cat got)" "0 "
is "nothing matches: a sentence" "$(cat err)" \
	"rlogsess: warning: no mail matches 'nobody@example.org': 53 lines tell of 5 mails in sessions and in the queue"
sed '/Message-ID/d; / <  $/d; s/Z 4711 < \. $/Z 4711 : < 30 bytes, 2 lines of message/' \
	smtpd >hidden
is "a message that recio -p left out" "$(found 4720 hidden send)" "4711|12345|;"
is "a Message-ID that was not recorded" "$(found one@example.org hidden send)" ""
is "a Message-ID that was not recorded: a sentence" "$(tail -n 1 err)" \
	"rlogsess: warning: the messages of 1 mails were not recorded, nor were their Message-IDs"

# A number that is used again, by mails of one sender.
session 100 77 ${day}10:00 a@x b@y >smtpd
session 101 77 ${day}10:20 a@x b@y >>smtpd
queued 1 77 ${day}10:00:05 a@x b@y >send
queued 2 77 ${day}10:20:05 a@x b@y >>send
is "a qp that is used again: each mail has its own message" \
	"$(found 77 smtpd send)" "100|1|;101|2|;"
is "a qp that is used again: the mail of a message" \
	"$(found 'msg 2' smtpd send)" "101|2|;"
is "a qp that is used again: the mail of a process" \
	"$(found 'msg 1' smtpd send)" "100|1|;"
grep -v 'msg 1\|delivery 1' send >rest
queued 2 77 ${day}10:20:05 a@x b@y >later
is "the message of the first is not in the log: it gets no other's" \
	"$(found 77 smtpd later)" \
	"100||no message from its sender is in the queue up to an hour after its reply with qp 77;101|2|;"
session 101 77 ${day}10:20 a@x b@y >second
is "the session of the first is not in the log: it gets no other's" \
	"$(found 77 second send)" \
	"-|1|a local program may have sent it: no session that fits has a reply with qp 77;101|2|;"
session 100 77 ${day}10:00 a@x b@y >smtpd
queued 1 77 ${day}10:00:05 other@x b@y >send
is "a message with the qp, but of another sender, is not the mail's" \
	"$(found b@y smtpd send)" \
	"100||no message from its sender is in the queue up to an hour after its reply with qp 77;-|1|a local program may have sent it: no session that fits has a reply with qp 77;"

# A queue that was slow.
early='2026-11-20T09:00:00.0Z status: local 0/10 remote 0/20'
{ echo "$early"; queued 1 77 ${day}10:55:00 a@x b@y; } >send
is "a message that was taken 55 minutes later" "$(found 77 smtpd send)" "100|1|;"
{ echo "$early"; queued 1 77 ${day}11:01:00 a@x b@y; } >send
is "a message that was taken more than an hour later" \
	"$(found 'msg 1' smtpd send)" \
	"-|1|a local program may have sent it: no session that fits has a reply with qp 77;"
queued 1 77 ${day}10:55:00 a@x b@y >send
is "a late message in a log that begins after the mail" \
	"$(found 'msg 1' smtpd send)" \
	"-|1|a local program may have sent it: no session that fits has a reply with qp 77;"
{
	echo "$early"
	queued 1 77 ${day}10:30:00 a@x b@y
	queued 2 77 ${day}10:40:00 a@x b@y
} >send
is "two late messages: it may be any of them" "$(found 'qp 77' smtpd send)" \
	"100||it may be any of several messages with qp 77;-|1|its message may be of any of several mails with qp 77;-|2|its message may be of any of several mails with qp 77;"
queued 1 77 ${day}10:00:05 a@x b@y >send
queued 2 77 ${day}10:00:06 a@x b@y >other
is "two messages of two logs at one time: it may be any of them" \
	"$(found 'msg 1' smtpd send other)" \
	"-|1|its message may be of any of several mails with qp 77;"

# Equal numbers in several logs of each kind.
session 100 77 ${day}10:00 a@x b@y >smtpd1
session 100 88 ${day}10:00 c@x d@y >smtpd2
queued 1 77 ${day}10:00:05 a@x b@y >send1
queued 1 88 ${day}10:00:05 c@x d@y >send2
for logs in 'smtpd1 smtpd2 send1 send2' 'send2 send1 smtpd2 smtpd1'; do
	# shellcheck disable=SC2086 # words
	rlogsess --trace c@x $logs | grep -c '77\|a@x' >count
	is "$logs: no line of another mail" "$(cat count)" 0
	# shellcheck disable=SC2086 # words
	rlogsess --trace c@x $logs | sed -n 's/.*source: .*\///p' >got
	is "$logs: both sources are named" "$(xargs <got)" "smtpd2 send2"
done

# Bounces: of the mail, of that, and the one that is discarded.
cat >send <<END
${day}10:00:05.0Z new msg 1
${day}10:00:05.1Z info msg 1: bytes 500 from <a@x> qp 77 uid 46
${day}10:00:05.2Z starting delivery 1: msg 1 to remote b@y
${day}10:00:06.0Z delivery 1: failure: no_such_user/
${day}10:00:06.1Z bounce msg 1 qp 78
${day}10:00:06.2Z end msg 1
${day}10:00:06.3Z new msg 2
${day}10:00:06.4Z info msg 2: bytes 900 from <> qp 78 uid 47
${day}10:00:06.5Z starting delivery 2: msg 2 to remote a@x
${day}10:00:07.0Z delivery 2: failure: no_such_user_either/
${day}10:00:07.1Z bounce msg 2 qp 79
${day}10:00:07.2Z end msg 2
${day}10:00:07.3Z new msg 1
${day}10:00:07.4Z info msg 1: bytes 1200 from <#@[]> qp 79 uid 47
${day}10:00:07.5Z starting delivery 3: msg 1 to local postmaster@x
${day}10:00:08.0Z delivery 3: failure: nobody_here/
${day}10:00:08.1Z triple bounce: discarding bounce/1
${day}10:00:08.2Z end msg 1
END
cp smtpd1 smtpd
is "bounces, down to the triple one" "$(found 77 smtpd send)" "100|1 2 1|;"
is "a bounce leads to its mail" "$(found 79 smtpd send)" "100|1 2 1|;"
is "a recipient of the second bounce leads to its mail" \
	"$(found postmaster@x smtpd send)" "100|1 2 1|;"
is "text: whose bounce a message is" \
	"$(rlogsess --trace 77 smtpd send | sed -n 's/^rlogsess: mail 1: //p' |
		tr '\n' ';')" \
	"session of process 100: 250 ok 1795212001 qp 77;message 1, qp 77;message 2, qp 78, the bounce of message 1;message 1, qp 79, the bounce of message 2;"
is "text: all lines" "$(rlogsess --trace 77 smtpd send | grep -c '^2026')" \
	"$(cat smtpd send | wc -l)"
head -n 6 send >part
is "a bounce that is not in the log" "$(found 77 smtpd part)" \
	"100|1|no message that fits is the bounce, which has qp 78;"
tail -n +7 send >part
is "a bounce whose message is not in the log" "$(found 79 smtpd part)" \
	"-|2 1|a local program may have sent it: no session that fits has a reply with qp 78;"
sed 's/from <#@\[\]>/from <z@x>/' send >forged
is "no message of a user is a bounce" "$(found 77 smtpd forged)" \
	"100|1 2|no message that fits is the bounce, which has qp 79;"

# Several mails in a session, sent without waiting for replies.
cat >smtpd <<END
${day}10:00:00.1Z 5 > 220 mx ESMTP 
${day}10:00:00.2Z 5 < EHLO client 
${day}10:00:00.2Z 5 < MAIL FROM:<a@x> 
${day}10:00:00.2Z 5 < RCPT TO:<b@y> 
${day}10:00:00.2Z 5 < DATA 
${day}10:00:00.3Z 5 > 250 mx 
${day}10:00:00.3Z 5 > 250 ok 
${day}10:00:00.3Z 5 > 250 ok 
${day}10:00:00.3Z 5 > 354 go ahead 
${day}10:00:01.0Z 5 < Message-ID: 
${day}10:00:01.0Z 5 <  <first@x> 
${day}10:00:01.0Z 5 <  
${day}10:00:01.0Z 5 < MAIL FROM:<evil@x> 
${day}10:00:01.0Z 5 < Message-ID: <body@x> 
${day}10:00:01.0Z 5 < . 
${day}10:00:01.0Z 5 < MAIL FROM:<c@x> 
${day}10:00:01.0Z 5 < RCPT TO:<none@y> 
${day}10:00:01.0Z 5 < RSET 
${day}10:00:01.0Z 5 < MAIL FROM:<d@x> 
${day}10:00:01.0Z 5 < RCPT TO:<e@y> 
${day}10:00:01.0Z 5 < BDAT 18 
${day}10:00:01.0Z 5 < Message-ID: <last@+
${day}10:00:01.0Z 5 < BDAT 7 LAST 
${day}10:00:01.0Z 5 < x> 
${day}10:00:01.0Z 5 < more+
${day}10:00:01.0Z 5 < QUIT 
${day}10:00:02.0Z 5 > 250 ok 1 qp 31 
${day}10:00:02.0Z 5 > 250 ok 
${day}10:00:02.0Z 5 > 550 no such user 
${day}10:00:02.0Z 5 > 250 flushed 
${day}10:00:02.0Z 5 > 250 ok 
${day}10:00:02.0Z 5 > 250 ok 
${day}10:00:02.0Z 5 > 250 18 octets 
${day}10:00:02.0Z 5 > 250 ok 1 qp 32 
${day}10:00:02.0Z 5 > 221 mx 
END
queued 1 31 ${day}10:00:02 a@x b@y >send
queued 2 32 ${day}10:00:03 d@x e@y 2 >>send
is "the first mail of a session has its own message" \
	"$(found first@x smtpd send)" "5|1|;"
is "the last mail of a session has its own message" "$(found e@y smtpd send)" \
	"5|2|;"
is "a mail that was refused" "$(found none@y smtpd send)" \
	"5||the server did not accept it: 550 no such user;"
is "a command inside a message is none" "$(found evil@x smtpd send)" ""
is "a Message-ID in the body is none" "$(found body@x smtpd send)" ""
head -n 11 smtpd >part
is "a mail that the client gave up" "$(found a@x part send | cut -d ';' -f 1)" \
	"5||the log does not tell that its message was sent, after: 250 ok"
head -n 15 smtpd >part
is "a mail without a reply" "$(found first@x part send)" \
	"5||the log has no reply of the server to it;"

# The same session in the other forms of records.
sed 's/^.*Z //; s/BDAT 7/BDAT 8/' smtpd | perl -pe 's/ $/\r /' >cr
is "records with CR" "$(found e@y cr)" \
	"5||no message from its sender is in the queue up to an hour after its reply with qp 32;"
sed 's/^.*Z //; s/BDAT 7/BDAT 8/' smtpd | perl -ne '
	my ($dir, $text, $end) = /^5 ([<>]) (.*?)( |\+)$/ or die;
	$text .= "\r\n" if $end eq " ";
	my $n = length $text;
	for (my $i = 0; $i < $n; $i += 16) {
		my $row = substr $text, $i, 16;
		my $hex = join " ", map { sprintf "%02x", ord } split //, $row;
		substr($hex, 23, 0, " ") if length $hex > 23;
		(my $ascii = $row) =~ tr/ -~/./c;
		printf "5 %s %08x  %-48s  |%s|\n", $dir, $at{$dir} + $i, $hex, $ascii;
	}
	$at{$dir} += $n;' >dump
is "a hex dump" "$(found e@y dump)" "$(found e@y cr)"

# Replies of other servers.
other() {
	sed "s/250 ok 1795212001 qp .*/$1 /" smtpd1 >other
}
other '250 OK id=1tABcd-000000001XY-2aBc'
is "queue ID of exim" "$(found 1tABcd-000000001XY-2aBc other)" \
	"100||no message of qmail-send can be found by the server's reply, which names no qp: 250 OK id=1tABcd-000000001XY-2aBc;"
other '250 2.0.0 Ok: queued as 4F9D195432C'
is "queue ID of Postfix" "$(found 4F9D195432C other | cut -d '|' -f 1)" 100
other '250 2.0.0 uAKA0000 Message accepted for delivery'
is "queue ID of sendmail" "$(found uAKA0000 other | cut -d '|' -f 1)" 100
is "queue ID: no part of one" "$(found uAKA other)" ""

# Text of a peer in a remark and a heading.
esc=$(printf '\033')
other "550 ${esc}[31mno${esc}[0m"
is "text: a reply is escaped" \
	"$(rlogsess --trace a@x other | grep -a '^rlogsess: mail' | tail -n 1)" \
	'rlogsess: mail 1: the server did not accept it: 550 \x1b[31mno\x1b[0m'
script -qc "rlogsess --trace a@x '$T/other'" /dev/null </dev/null >got
is "text: nothing drives a terminal" "$(grep -c "$esc" got)" 0

# Logs without stamps: an answer only where one is possible.
sed 's/^[^ ]* //' smtpd1 >bare.smtpd
sed 's/^[^ ]* //' send1 >bare.send
is "no stamps: a qp that is there once" "$(found 77 bare.smtpd bare.send)" \
	"100|1|;"
cat bare.send bare.send >twice
is "no stamps: a qp that is there twice" \
	"$(found b@y bare.smtpd twice | cut -d ';' -f 1)" \
	"100||it may be any of several messages with qp 77"

# A mail whose lines before the log are missing.
tail -n +3 send1 >part
is "a message without its line info" "$(found b@y part)" \
	"-|1|the log lacks the line of its message that tells its qp;"
tail -n +10 smtpd1 >part
is "a session without its beginning" "$(found 77 part send1)" "100|1|;"

wrong() {
	rlogsess "$@" </dev/null >out 2>err
	is "rlogsess $*: exit 100" $? 100
	is "rlogsess $*: one line is printed" "$(wc -l <err)" 1
}
alone="rlogsess: fatal: --trace goes with -L, -o, -S, -t, -U, -v, --last and --time alone"
for option in -M -f -K '-k state' '-i 192.0.2.7' '-m x' -s --rest '-c cursor' \
	'-n 1' '--direction in' '--into dir' '-r 5xx' '-p 1'; do
	# shellcheck disable=SC2086 # words
	wrong $option --trace 77 smtpd
	is "$option --trace: the message" "$(cat err)" "$alone"
done
wrong --trace '' smtpd
wrong -o table --trace 77 smtpd
is "-o table --trace: the message" "$(cat err)" \
	"rlogsess: fatal: --trace has the forms text and json"
wrong --trace 77
wrong --trace 77 -
mkfifo pipe
wrong --trace 77 pipe
is "--trace with a pipe: the message" "$(cat err)" \
	"rlogsess: fatal: --trace reads its logs twice: 'pipe' is neither a directory nor a file"
rlogsess --trace 77 none 2>err
is "no such log: exit 111" $? 111
rlogsess --trace 77 smtpd1 send1 >/dev/full 2>err
is "a full disk: exit 111" $? 111
ok "a full disk: the message" grep -q 'unable to write to standard output' err
done_testing
