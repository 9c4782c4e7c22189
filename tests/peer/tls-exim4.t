#!/bin/sh
# Mails with TLS to exim4 -bs, which uses GnuTLS, behind recio -L -p smtp: what swaks
# and a client by hand say inside of TLS is in the log as they said it, but no
# password and nothing of a mail.
. "$(dirname "$0")/../lib.sh"
cancel="*" inside=-L
. "$top/tests/peer/smtp.sh"
. "$top/tests/peer/exim.sh"
if [ "$(id -u)" != 0 ]; then
	skip "only root can preload into exim4, which is setuid root" 1
	done_testing
fi
# The client's certificate is asked for.
sed -i '/^tls_privatekey/a tls_try_verify_hosts = *' exim.conf

serve recio -L -p smtp exim4 -C "$T/exim.conf" -bs -odi
make_message 20
for mechanism in plain login cram-md5; do
	inside $mechanism --tls --auth $mechanism
	ok "$mechanism: a secret is hidden" grep -q '^< .*\*\*\*$' \
		"$mechanism.records"
done
is "the note of TLS is there once" \
	"$(grep -c '^: TLS TLSv1.3 TLS_AES_256_GCM_SHA384$' plain.records)" 1
inside pipeline --tls --pipeline --auth plain
inside old --tls --tls-protocol tlsv1_2 --auth plain
ok "old: the note names TLS 1.2" grep -q '^: TLS TLSv1.2 TLS_ECDHE_' old.records
host=mx.example.org
inside sni --tls --tls-sni $host --auth plain
ok "sni: the note names the host" grep -q "^: TLS .* $host\$" sni.records
host=
# As the name of a host, the subject of the client's certificate stands in the note.
openssl req -x509 -newkey rsa:2048 -nodes -keyout client.key -out client.pem \
	-days 2 -subj '/O=Skagen/CN=client.example.net' 2>/dev/null
inside='' send certificate --tls --tls-cert client.pem --tls-key client.key \
	--auth plain --auth-user "$user" --auth-password "$password" \
	--data @message
rm -f mail/box
records certificate >certificate.records
ok "certificate: the note has its subject" grep -q \
	'^: TLS TLSv1.3 [^ ]*, client .*CN=client.example.net' certificate.records ||
	grep '^:' certificate.records | sed 's/^/# /'

send wrong --tls --auth plain,login,cram-md5 --auth-user "$user" \
	--auth-password "$wrong"
is "wrong: swaks says that it is refused" $? 28
hidden wrong
dialogue wrong
in_order wrong
send refused --tls --to refused@example.org
is "refused: swaks says that nobody is left to get it" $? 24
dialogue refused
in_order refused
ok "refused: the answer to RCPT is recorded" grep -q '^> 550 ' refused.records

# By hand, and then again with each byte alone in a packet of TLS.
sed 's/$/\r/' message >crlf
sed 's/^\./../' crlf >crlf.dots
for how in by-hand bytes; do
	ok "$how: a client says what swaks does not" talk $how <<EOF
$start_tls_by_hand
$(echo $how | grep -v -)
$(echo "$authenticate_by_hand" | sed 1,2d)
send MAIL FROM:<a@client.example.net>
send RCPT TO:<box@example.org>
send VRFY $user
send NOOP
want ^250 OK
want ^250 Accepted
want ^252
want ^250
send DATA
$message_by_hand
EOF
	arrived $how message
	hidden $how
	recorded_authentication $how
	recorded $how '< STARTTLS' "< VRFY $user" '< DATA' '< NOOP' '< QUIT' \
		": < $(wc -c <crlf.dots) bytes, $(wc -l <message) lines of message"
	tr -d '\r' <$how.seen | sed 's/^/> /' >want
	grep '^>' $how.records | grep -v 'EOF' >got
	same "$how: the server's answers are recorded" got want
done

head -c 1000 crlf >chunk.1
tail -c +1001 crlf >chunk.2
size=$(wc -c <chunk.2)
ok "bdat: a mail in chunks" talk bdat <<EOF
$start_tls_by_hand
send EHLO client.example.net
want ^250 
send MAIL FROM:<a@client.example.net> BODY=8BITMIME
send RCPT TO:<box@example.org>
send BDAT 1000
file chunk.1
send BDAT $size
file chunk.2
send bdat 0 last
send NOOP
send QUIT
end
EOF
arrived bdat message
hidden bdat
recorded bdat '< BDAT 1000' "< BDAT $size" '< bdat 0 last' '< NOOP' '< QUIT'

# A client that goes in the middle of the handshake: when it has sent a part of its
# first packet, and when it has sent all of that.
python3 - <<'EOF'
import ssl
context = ssl.create_default_context()
out = ssl.MemoryBIO()
tls = context.wrap_bio(ssl.MemoryBIO(), out, server_hostname="exim.example.org")
try:
    tls.do_handshake()
except ssl.SSLWantReadError:
    pass
hello = out.read()
open("hello", "wb").write(hello)
open("half", "wb").write(hello[:len(hello) // 2])
EOF
for part in half hello; do
	ok "$part: a client sends it, and goes" talk drop-$part <<EOF
want ^220
send EHLO client.example.net
want ^250 
send STARTTLS
want ^220
file $part
$([ $part = half ] && echo shut || echo take 200)
EOF
	recorded drop-$part '< STARTTLS' ': TLS'
	is "$part: nothing else is recorded behind it but the ends and why" "$(
		sed '1,/^: TLS$/d' drop-$part.records | grep -v \
			-e ' \[EOF\]$' -e '^: TLS, not seen: '
	)" ''
done

make_message 82000
inside big --tls --auth plain
ok "big: the mail has more than 5 megabytes" [ "$(wc -c <message)" -gt 5000000 ]
ok "big: its log has less than 5 kilobytes" [ "$(wc -c <big.log)" -lt 5000 ]

kill "$server"
wait "$server"
make_message 20
serve recio -L -p smtp exim4 -C "$T/exim.conf" -tls-on-connect -bs -odi
inside implicit --tlsc --auth login
inside implicit-old --tlsc --tls-protocol tlsv1_2 --auth plain

kill "$server"
wait "$server"
# Without -p, the records are each byte of both directions.
serve recio -L exim4 -C "$T/exim.conf" -bs -odi
ok "all: a client keeps what it sends and gets" talk all <<EOF
keep all
$start_tls_by_hand
$log_in_by_hand
$envelope_by_hand
$message_by_hand
EOF
mkdir bytes
is "all: each line of the log is a record" "$(
	grep -v '^tcpserver: ' all.log | perl "$top/tests/tools/rebuild.pl" bytes
)" ''
same "all: the client's bytes are recorded" bytes/*.in all.sent
same "all: the server's bytes are recorded" bytes/*.out all.got
"$top/tests/tools/leaks.pl" all.secrets all.log >found
for secret in "$password" "$marker"; do
	ok "all: found in the log: $secret" grep -qF "$secret" found
done
done_testing
