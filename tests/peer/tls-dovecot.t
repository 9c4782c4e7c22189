#!/bin/sh
# Dovecot's IMAP with TLS: the services of doc/examples tls and proxy together, where
# stunnel ends TLS and recio records the connection to Dovecot.
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
spawn sh -c 'cd service && exec ./run >../log'
wait_for 20 listening "$port"

# ended_with PATTERN: the session with a record like that has ended.
ended_with() {
	last=$(sed -n "s/^\([0-9]*\) < $1.*/\1/p" log | tail -n 1)
	[ -n "$last" ] && grep -q "^$last : end < " log
}

ok "the examples tls and proxy: curl reads a mail" curl -sk -o seen \
	--user "$user:$password" "imaps://127.0.0.1:$port/INBOX;MAILINDEX=1"
same "the examples: unchanged" seen crlf
ok "the examples: the session ends" wait_for 20 ended_with 'A00. LOGOUT'
cp log curl.log
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
sed "/^$last [<>:] /!d" log >bytes.log
cp secrets bytes.secrets
hidden bytes
recorded bytes "< a login $user ***" '< b logout'
tr -d '\r' <seen | sed 's/^/> /' >want
grep '^>' bytes.records | grep -v EOF >got
same "by hand: the server's answers are recorded" got want
done_testing
