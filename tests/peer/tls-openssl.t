#!/bin/sh
# Sessions with openssl s_client and others behind recio -L: resumed sessions, a
# server in Python that moves the bytes of TLS itself (asyncio), and clients under
# recio -c -L.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/peer/sessions.sh"
. "$top/tests/tls.sh"
load=$tools/tls-load
if ! [ -x "$load" ]; then
	skip "there are no headers of OpenSSL and GnuTLS" 1
	done_testing
fi
make_certificate peer.example.org
cat cert.pem key.pem >both.pem
CERT=$T/both.pem TLS_WAY=0 ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0
export CERT TLS_WAY ASAN_OPTIONS

# s_client NAME ARGUMENT...: says a line; its answer is there before the end.
s_client() {
	name=$1
	shift
	begin
	mkfifo "$name.said"
	openssl s_client -connect "127.0.0.1:$port" -ign_eof -crlf \
		-servername peer.example.org "$@" <"$name.said" >"$name.seen" 2>&1 &
	pid=$!
	exec 8>"$name.said"
	echo "NOOP $name" >&8
	wait_for 20 grep -q '^250 that is well said' "$name.seen"
	exec 8>&-
	kill $pid
	wait $pid
	ended "$name"
	records "$name" >"$name.records"
}

serve recio -L "$load" answer
host=peer.example.org
for version in 3 2; do
	for visit in first second; do
		name=$visit-$version
		how=-sess_out
		[ $visit = first ] || how=-sess_in
		s_client "$name" "-tls1_$version" $how "ticket.$version"
		recorded "$name" "< NOOP $name" '> 250 that is well said'
		# In a session of TLS 1.2 that is resumed, OpenSSL does not
		# know the name; the relay takes it from the hello.
		ok "$name: the note has version, cipher and name" grep -qE \
			"^: TLS TLSv1\\.$version TLS_[A-Z0-9_]+ $host\$" \
			"$name.records"
		is "$name: there is one note" \
			"$(grep -c '^: TLS' "$name.records")" 1
	done
	ok "second-$version: TLS 1.$version is resumed" \
		grep -q '^Reused, TLSv1' "second-$version.seen"
done
kill "$server"
wait "$server"

# Large mails, most of whose bytes the companion only counts, by each way to use
# a library; -m needs the bytes themselves.
size=3276800
note="$((size + 2)) bytes, $(((size + 77) / 78)) lines of message"
count() {
	begin
	"$load" "$@"
	ended mail
	records mail >mail.records
}
for way in 0 1 2 3 4 5; do
	export TLS_WAY=$way
	serve recio -L -p smtp "$load" take
	count put "$port" $size
	is "way $way, to the program: all of the mail is counted" \
		"$(sed '/^: TLS /d; /^[<>] .EOF.$/d' mail.records | paste -sd '|')" \
		"< DATA|> 354 go on|: < $note"
	kill "$server"
	wait "$server"
	serve recio -L -p pop3 "$load" send $size
	count get "$port"
	is "way $way, from the program: all of the mail is counted" \
		"$(sed '/^: TLS /d; /^[<>] .EOF.$/d' mail.records | paste -sd '|')" \
		"> +OK hello|< RETR 1|> +OK it follows|: > $note"
	kill "$server"
	wait "$server"
done
export TLS_WAY=0
serve recio -L -m -p smtp "$load" take
count put "$port" $size
is "-m: all bytes of the mail are recorded" \
	"$(sed -n 's/^< \(x*\)$/\1/p' mail.records | tr -d '\n' | wc -c)" \
	"$((size - 2 * (size / 78)))"
kill "$server"
wait "$server"

# A server whose library has no descriptor.
cat >server.py <<'EOF'
import asyncio, socket, ssl, sys

user, password = sys.argv[1:]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("cert.pem", "key.pem")

async def main():
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(reader)
    sock = socket.socket(fileno=0)
    transport, _ = await loop.connect_accepted_socket(lambda: protocol, sock)
    def say(text):
        transport.write((text + "\r\n").encode())
    say("220 asyncio.example.org")
    while line := (await reader.readline()).decode("latin-1").split():
        verb = line[0].upper()
        if verb == "EHLO":
            say("250-asyncio.example.org\r\n250-STARTTLS\r\n250 AUTH PLAIN")
        elif verb == "STARTTLS":
            say("220 go ahead")
            transport = await loop.start_tls(transport, protocol, context,
                                             server_side=True)
            protocol._replace_writer(asyncio.StreamWriter(
                transport, protocol, reader, loop))
        elif verb == "AUTH":
            say("235 welcome")
        elif verb == "DATA":
            say("354 go ahead")
            while (await reader.readline()) not in (b".\r\n", b""):
                pass
            say("250 taken")
        elif verb == "QUIT":
            say("221 goodbye")
            break
        else:
            say("250 ok")
    transport.close()
    await asyncio.sleep(0)

asyncio.run(main())
EOF
serve recio -L -p smtp python3 server.py "$user" x
make_message 20
sed 's/$/\r/; s/^\./../' message >crlf.dots
for how in asyncio asyncio-bytes; do
	ok "$how: a client sends a mail" talk $how <<EOF
$start_tls_by_hand
$(echo $how | grep -o 'bytes$')
$log_in_by_hand
$envelope_by_hand
$message_by_hand
EOF
	hidden $how
	recorded $how '< STARTTLS' '< AUTH PLAIN ***' '< DATA' '< QUIT' \
		": < $(wc -c <crlf.dots) bytes, $(wc -l <message) lines of message"
	ok "$how: the note of TLS has version and cipher" grep -q \
		'^: TLS TLSv1.3 TLS_AES_256_GCM_SHA384$' $how.records
	tr -d '\r' <$how.seen | sed 's/^/> /' >want
	grep '^>' $how.records | grep -v EOF >got
	same "$how: the server's answers are recorded" got want
done

# The client's side: perl on the descriptors of tcpclient, and Python's smtplib.
cat >client.py <<'EOF'
import smtplib, socket, ssl, sys

class Client(smtplib.SMTP):
    def _get_socket(self, host, port, timeout):
        return socket.socket(fileno=6)

user, password = sys.argv[1:]
context = ssl.create_default_context()
context.check_hostname = False
context.verify_mode = ssl.CERT_NONE
client = Client("mx.example.org", 25, "client.example.net")
client.starttls(context=context)
client.ehlo()
client.esmtp_features["auth"] = "PLAIN"
client.login(user, password)
client.sendmail("a@client.example.net", ["box@example.org"],
                open("message", "rb").read())
client.quit()
EOF
cat >steps <<EOF
$start_tls_by_hand
$log_in_by_hand
$envelope_by_hand
want ^250
want ^250
$message_by_hand
EOF
kill "$server"
wait "$server"
serve python3 server.py "$user" x
# outgoing NAME COMMAND...
outgoing() {
	name=$1
	shift
	tcpclient -RHl0 127.0.0.1 "$port" recio -v -c -L -p smtp "$@" <steps \
		>"$name.seen" 2>"$name.log"
	status=$?
	wait_for 20 grep -q ' : end < ' "$name.log"
	cp secrets "$name.secrets"
	return "$status"
}
for client in perl python; do
	if [ $client = perl ]; then
		set -- "$top/tests/tools/dialogue.pl" 6/7
	else
		set -- python3 client.py "$user" "$password"
	fi
	ok "-c: a client in $client sends a mail" outgoing $client "$@" ||
		tail -n 3 $client.log | sed 's/^/# /'
	hidden $client
	recorded $client '> STARTTLS' '> AUTH PLAIN ***' \
		'< 235 welcome' '< 354 go ahead' '< 221 goodbye'
	ok "-c: the message of the client in $client is counted" grep -qE \
		'^: > [0-9]+ bytes, [0-9]+ lines of message$' $client.records
	ok "-c: the note of TLS, $client" grep -qE \
		'^: TLS TLSv1.3 TLS_AES_256_GCM_SHA384( mx.example.org)?$' \
		$client.records
done
tr -d '\r' <perl.seen | sed 's/^/< /' >want
grep '^<' perl.records | grep -v EOF >got
same "-c: the server's answers are recorded" got want
done_testing
