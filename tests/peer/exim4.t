#!/bin/sh
# A real mail through tcpserver, recio and exim4 -bs, recorded by rlog under
# supervise: the mail arrives unchanged, and the log, read with tai64nlocal, has
# the dialogue as the client saw it, each line once.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/peer/examples.sh"
# Nobody logs in.
user=alice password=secret
. "$top/tests/peer/exim.sh"

log=service/smtpd/log

records() {
	cat "$log"/main/current
}

# Dots at line starts, long lines, UTF-8, Latin-1, control bytes, backslashes.
perl -e '
	binmode STDOUT;
	print "Date: Sat, 21 Nov 2026 01:02:03 +0000\n",
		"Message-Id: <1\@client.example.net>\n",
		"From: a\@client.example.net\nTo: box\@example.org\n",
		"Subject: dots and bytes\nMIME-Version: 1.0\n",
		"Content-Type: text/plain\n",
		"Content-Transfer-Encoding: 8bit\n\n",
		".\n..\n.dot at the start\n...\n\n",
		"\xc3\xa4\xe2\x82\xac UTF-8\n", "\xe4\xa4 Latin-1\n",
		"\e[31mescape\a\tTAB \\x41 \\\\ \x7f\xc2\x9b\n",
		"x" x 5000, "\n", "y" x 998, "\n",
		map({ "line $_\n" } 1 .. 500), "last\n";
' >message

service_from daemontools
echo "$as_owner exim4 -C $T/exim.conf -bs -odi" >service/smtpd/env/SMTPD
before=$(date '+%F %T.%N')
spawn svscan service
is_up() {
	records | grep -q " tcpserver: status: 0/"
}
ok "the service is up" wait_for 20 is_up

# What the client sent and got: swaks marks the lines of its transcript.
from_transcript() {
	LC_ALL=C sed -n -e 's/\r$//' -e 's/^ -> /< /p' -e 's/^<-  /> /p' "$1"
}

# The recorded lines, with what recio escaped put back. What exim4 itself says on
# standard error, lines that begin with a date, is not part of the dialogue.
from_log() {
	records | grep -av "^@[0-9a-f]* [0-9]*-[0-9]*-[0-9]* " |
		"$top/tests/tools/records.pl" | perl -pe 's/\r$//;
		s/\\(?:x([0-9a-fA-F]{2})|\\)/defined $1 ? chr hex $1 : "\\"/ge'
}

# The relay, which records the end of the answers last, can outlive the server.
ended_well() {
	records | grep -q ' tcpserver: end [0-9]* status 0$' &&
		records | grep -q ' > \[EOF\]$'
}

ok "swaks sends a mail" sh -c '"$@" >transcript 2>&1' swaks \
	swaks --server 127.0.0.1 --port "$port" --ehlo client.example.net \
	--from a@client.example.net --to box@example.org \
	--data @message --timeout 300 ||
	tail -n 5 transcript | cut -c 1-80 | sed "s/^/# /"
ok "the session ends with status 0" wait_for 20 ended_well

# swaks puts an empty line at the end, exim4 its own header on top.
echo >>message
ok "the mail has arrived" wait_for 20 test -s mail/box
LC_ALL=C sed -n '/^Date: /,$p' mail/box >arrived
same "the mail is unchanged" arrived message
is "the mail has arrived once" \
	"$(grep -c '^Received: from .*client.example.net' mail/box)" 1

from_transcript transcript >want
from_log >got
same "the log has the dialogue, each line once, in order" got want
is "the log has the whole mail" \
	"$(grep -ac '^< ' got)" "$(($(wc -l <message) + 6))"
is "no control byte is in the log but TAB and CR before a newline" \
	"$(records | LC_ALL=C grep -ac "$(printf '[\001-\010\013-\037\177]')[^ ]")" 0

records | tai64nlocal >local
after=$(date '+%F %T.%N')
is "tai64nlocal reads every stamp" "$(grep -avcE \
	'^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}\.[0-9]{9} ' local)" 0
is "tai64nlocal shows the time of the session" "$({
	echo "$before"
	cut -c 1-29 local
	echo "$after"
} | LC_ALL=C sort -c 2>&1)" ""

kill "$spawned"
svc -dx service/smtpd "$log"
unsupervised() {
	! svok service/smtpd && ! svok "$log"
}
ok "everything is stopped" wait_for 20 unsupervised
done_testing
