#!/bin/sh
# -p: what of a session is recorded, and that the session is the same.
. "$(dirname "$0")/../lib.sh"

cat >commands <<'END'
EHLO client.example.com
AUTH PLAIN AGFsaWNlAHMzY3JldA==
MAIL FROM:<alice@example.com>
RCPT TO:<bob@example.org>
DATA
Subject: hello

the words
.
QUIT
END
# A server that answers each line, so that the order is always the same.
cat >server <<'END'
printf '220 mx.example.org ESMTP\r\n'
cr=$(printf '\r')
while IFS= read -r line; do
	echo "$line" >>got
	line=${line%"$cr"}
	case $line in
	DATA) printf '354 go ahead\r\n'
		while IFS= read -r line && [ "$line" != ".$cr" ]; do
			echo "$line" >>got
		done
		echo "$line" >>got
		printf '250 taken\r\n' ;;
	AUTH*) printf '235 welcome\r\n' ;;
	QUIT) printf '221 bye\r\n'; exit ;;
	*) printf '250 ok\r\n' ;;
	esac
done
END
# Each line as a packet, when the server has answered the one before it.
cat >converse <<'END'
use IO::Handle;
open my $lines, '<', 'commands'; my $content;
pipe my $reply, my $to_me; pipe my $for_server, my $from_me;
if (!fork) {
	open STDIN, '<&', $for_server; open STDOUT, '>&', $to_me;
	close $from_me; close $reply;
	exec @ARGV or die;
}
close $to_me; close $for_server; $from_me->autoflush(1);
<$reply>;
while (<$lines>) {
	s/\n/\r\n/; print $from_me $_;
	$content = 1, <$reply>, next if /^DATA/;
	$content = 0 if $_ eq ".\r\n";
	<$reply> unless $content;
}
close $from_me; 1 while <$reply>;
END
session() {
	rm -f got log
	perl converse recio "$@" sh ./server 2>log
	wait_for 10 grep -q "^[0-9]* > .EOF.$" log
	sed 's/^[0-9]* //; s/\r* $//' log
}
want=$(
	cat <<'END'
> 220 mx.example.org ESMTP
< EHLO client.example.com
> 250 ok
< AUTH PLAIN ***
> 235 welcome
< MAIL FROM:<alice@example.com>
> 250 ok
< RCPT TO:<bob@example.org>
> 250 ok
< DATA
> 354 go ahead
: < 29 bytes, 3 lines of message
> 250 taken
< QUIT
> 221 bye
> [EOF]
< [EOF]
END
)
without_ends() {
	grep -v '\[EOF\]$'
}
is "-p smtp: secrets and the message are hidden" \
	"$(session -p smtp | without_ends)" \
	"$(echo "$want" | without_ends)"
ok "-p smtp: the session is unchanged" sh -c \
	"sed 's/\$/\r/' commands | cmp - got"
is "-s: secrets are recorded" \
	"$(session -p smtp -s | grep AUTH)" '< AUTH PLAIN AGFsaWNlAHMzY3JldA=='
sed -i '/^QUIT/i XYZZY some words' commands
is "a command that is not known is counted" "$(session -p smtp | grep XYZ)" \
	'< XYZZY *** 11 bytes'
is "-s: a command that is not known is shown" \
	"$(session -p smtp -s | grep XYZ)" '< XYZZY some words'
sed -i /^XYZZY/d commands
session -p smtp -m >shown
is "-m: the message is recorded, and no note" \
	"$(sed -n '/354/,/taken/p' shown | sed 1d | grep -v ^\>)" \
	"$(printf '< %s\n' 'Subject: hello' '' 'the words' .)"
is "-m: secrets are hidden" "$(grep AUTH shown)" '< AUTH PLAIN ***'
is "-f out: nothing of the client is recorded" \
	"$(session -p smtp -f out | grep -c '^[<:]')" 0
is "-r: secrets are hidden" "$(session -p smtp -r | without_ends)" \
	"$(echo "$want" | without_ends)"
is "without -p all bytes are recorded" \
	"$(session | grep -c 's3cret\|AGFsaWN\|words')" 2

# The program goes away in the middle of a message; nobody else ends it.
spoken() {
	wait_for 10 grep -q "$1" log >&2
}
rm -f log
(
	printf 'DATA\r\n'
	spoken '> 354'
	printf 'one\r\ntwo\r\n'
	spoken '> \[EOF\]'
) | recio -v -p smtp sh -c 'read x; echo 354; read y' 2>log >/dev/null
spoken ' : end '
is "a message without an end is counted as unfinished" \
	"$(sed -n 's/^[0-9]* : </</p' log)" \
	'< 10 bytes, 2 lines of message, unfinished'

# What waits for the record does not wait for the program.
mkfifo pipe
rm -f got
spawn sh -c 'exec recio -p smtp sh -c "cat >got" <pipe 2>log 3>&-'
exec 3>pipe
printf 'STARTTLS\r\nAUTH PLA' >&3
waiting() {
	[ "$(wc -c <got)" = 18 ] && grep -q '< STARTTLS' log
}
ok "a line without its end: the program has all of it" wait_for 10 waiting
ok "a line without its end is not recorded yet" sh -c '! grep -q AUTH log'
exec 3>&-
spoken '< AUTH \*\*\*'
wait_for 10 gone "$spawned"

# Each answer alone or all at once: what was said too early is what they make it.
pipelined() {
	printf 'MAIL FROM:<>\r\nDATA\r\nAUTH PLAIN AGFsaWNlAHMzY3JldA==\r\n.\r\n' |
		recio -p smtp sh -c "$1" 2>log >/dev/null
	wait_for 10 grep -q '< \[EOF\]$' log
	wait_for 10 grep -q '> \[EOF\]$' log
	sed -n 's/^[0-9]* \([<:]\)/\1/p' log | tr -d '\r'
}
is "a message sent before its 354 is hidden, and its commands named" \
	"$(pipelined 'cat >/dev/null; echo 250; echo 354; echo 250')" \
	"$(printf '< MAIL FROM:<> \n< DATA \n%s\n%s\n< [EOF]' \
		': < 33 bytes, 1 lines of message' \
		': < not taken: lines begin with AUTH')"
is "commands sent before a refusal of DATA are no message" \
	"$(pipelined 'cat >/dev/null; echo 250; echo 503; echo 250')" \
	"$(printf '< MAIL FROM:<> \n< DATA \n< AUTH PLAIN *** \n%s\n< [EOF]' \
		'< *** ')"
done_testing
