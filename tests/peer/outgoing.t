#!/bin/sh
# Outgoing connections: recio -c between tcpclient and a client records what that
# says on descriptors 6 and 7. The server is a qpsmtpd.
. "$(dirname "$0")/../lib.sh"
if ! recio --help | grep -q '^  -c '; then
	skip "this recio has no -c" 1
	done_testing
fi
. "$top/tests/peer/sessions.sh"
. "$top/tests/peer/qpsmtpd.sh"

serve ./qpsmtpd
make_message 20
sed 's/$/\r/' message >crlf
sed 's/^\./../' crlf >crlf.dots
cat >steps <<EOF
want ^220
send EHLO client.example.net
want ^250 
send AUTH PLAIN $plain_wrong
want ^5
send AUTH PLAIN
want ^334
send $plain
want ^235
$envelope_by_hand
want ^250
want ^250
$message_by_hand
EOF

# outgoing NAME COMMAND...: a session, and what is recorded of it.
outgoing() {
	name=$1
	shift
	tcpclient -RHl0 127.0.0.1 "$port" "$@" \
		"$top/tests/tools/dialogue.pl" 6/7 <steps >"$name.seen" 2>"$name.log"
	status=$?
	ends_are_there() {
		[ "$(grep -c '\[EOF\]$' "$name.log")" = 2 ]
	}
	wait_for 20 ends_are_there
	cp secrets "$name.secrets"
	return "$status"
}

ok "-c -p smtp: a client sends a mail" outgoing smtp recio -c -p smtp ||
	sed 's/^/# /' smtp.seen
# shellcheck disable=SC2086 # a pattern
LC_ALL=C sed -n '/^Date: /,$p' "$(ls $mailbox)" >got
same "-c -p smtp: it arrives unchanged" got message
hidden smtp
recorded smtp '> EHLO client.example.net' '> AUTH PLAIN ***' '> AUTH PLAIN' \
	'> ***' '> MAIL FROM:<a@client.example.net>' '> DATA' '> QUIT' \
	": > $(wc -c <crlf.dots) bytes, $(wc -l <crlf.dots) lines of message"
tr -d '\r' <smtp.seen | sed 's/^/< /' >want
grep '^<' smtp.records | grep -v 'EOF' >got
same "-c -p smtp: the server's answers are recorded" got want

ok "-c: a client sends a mail" outgoing all recio -c
"$top/tests/tools/leaks.pl" all.secrets all.log >found
for secret in "$password" "$marker"; do
	ok "-c without -p: found in the log: $secret" grep -qF "$secret" found
done
done_testing
