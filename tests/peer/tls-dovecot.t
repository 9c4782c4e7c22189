#!/bin/sh
# Dovecot with TLS: the services of doc/examples tls and proxy together, where stunnel
# ends TLS and recio records the connection to Dovecot; and stunnel behind recio -L,
# which sees inside of it.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/peer/sessions.sh"
. "$top/tests/peer/dovecot.sh"
if ! command -v stunnel4 >/dev/null; then
	skip "there is no stunnel4" 1
	done_testing
fi

put_mail
sed 's/$/\r/' message >crlf
size=$(wc -c <crlf) lines=$(wc -l <crlf)
# What submission sends on to: without it, Dovecot ends the session at some time.
relay=$(free_port)
spawn tcpserver -RHl0 127.0.0.1 "$relay" "$top/doc/examples/smtp-responder"
wait_for 20 listening "$relay"
start_dovecot

cp -R "$top/doc/examples/tls" service
cp "$top/doc/examples/proxy/connect" service
cat cert.pem key.pem >service/cert.pem
(
	cd service/env || exit
	echo imap >PROTOCOL
	echo ./tls.conf >CONFIG
	echo ./connect >PROGRAM
	cp "$top/doc/examples/proxy/env/"* .
	rm PROXY
	echo 127.0.0.1 >IP
	echo "$imap" >SERVER_PORT
	free_port >PORT
)
port=$(cat service/env/PORT)
spawn sh -c 'cd service && exec ./run >../example.log'
wait_for 20 listening "$port"

# ended_with PATTERN: the session with a record like that has ended.
ended_with() {
	last=$(sed -n "s/^\([0-9]*\) < $1.*/\1/p" example.log | tail -n 1)
	[ -n "$last" ] && grep -q "^$last : end < " example.log
}

ok "the examples tls and proxy: curl reads a mail" curl -sk -o seen \
	--user "$user:$password" "imaps://127.0.0.1:$port/INBOX;MAILINDEX=1"
same "the examples: unchanged" seen crlf
ok "the examples: the session ends" wait_for 20 ended_with 'A00. LOGOUT'
cp example.log curl.log
cp secrets curl.secrets
hidden curl
recorded curl '< A003 SELECT INBOX' ": > $size bytes, $lines lines of message"

"$top/tests/tools/dialogue.pl" "$port" >seen <<EOF
tls
bytes
want ^\\* OK
send a login $user $password
want ^a OK
send b logout
end
EOF
is "by hand: a client says each byte alone" $? 0
ok "by hand: the session ends" wait_for 20 ended_with 'b logout'
sed "/^$last [<>:] /!d" example.log >bytes.log
cp secrets bytes.secrets
hidden bytes
recorded bytes "< a login $user ***" '< b logout'
tr -d '\r' <seen | sed 's/^/> /' >want
grep '^>' bytes.records | grep -v EOF >got
same "by hand: the server's answers are recorded" got want

# stunnel NAME PORT: a file for stunnel in front of this port.
stunnel() {
	cat >"$1.conf" <<EOF
foreground = yes
syslog = no
debug = err
cert = $T/service/cert.pem
CAfile = $T/service/cert.pem
connect = 127.0.0.1:$2
EOF
}
stunnel imap "$imap"
# shellcheck disable=SC2154 # dovecot.sh sets it
stunnel submission "$submission"
serve recio -L -p imap stunnel4 "$T/imap.conf"
ok "recio -L: a client reads and stores mails" talk inside <<EOF
tls
want ^\\* OK
send a login $user "$wrong"
want ^a NO
send b AUTHENTICATE PLAIN
want ^\\+
send $plain
want ^b OK
send c SELECT INBOX
send d APPEND INBOX {$size}
want ^\\+
file crlf
send
want ^d OK
send e FETCH 1 (FLAGS BODY.PEEK[])
want ^e OK
send f LOGOUT
end
EOF
hidden inside
recorded inside "< a login $user ***" '< b AUTHENTICATE PLAIN' '< ***' \
	'< c SELECT INBOX' '< e FETCH 1 (FLAGS BODY.PEEK[])' '< f LOGOUT' \
	": < $size bytes, $lines lines of message" \
	": > $size bytes, $lines lines of message"
ok "recio -L: the note of TLS has version and cipher" \
	grep -q '^: TLS TLSv1.3 TLS_AES_256_GCM_SHA384$' inside.records
ok "recio -L: curl reads a mail" client curl-inside curl -sk \
	--user "$user:$password" "imaps://127.0.0.1:$port/INBOX;MAILINDEX=1"
same "recio -L: the mail is unchanged" curl-inside.seen crlf
hidden curl-inside
recorded curl-inside '< A003 SELECT INBOX' \
	": > $size bytes, $lines lines of message"

kill "$server"
wait "$server"
serve recio -L -p smtp stunnel4 "$T/submission.conf"
ok "submission: swaks authenticates" client submission swaks --tlsc \
	--server 127.0.0.1 --port "$port" --ehlo client.example.net \
	--auth plain --auth-user "$user" --auth-password "$password" \
	--quit-after AUTH --timeout 300
hidden submission
records submission | grep -v '\[EOF\]$' >got
"$top/tests/tools/swaks-records.pl" -L <submission.seen >want
same "submission: the dialogue is recorded in order" got want
done_testing
