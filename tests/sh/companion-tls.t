#!/bin/sh
# The companion for TLS hands the clear bytes of the recorded session to the
# relay, whichever library the program uses and however it came to it.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/companion.sh"

openssl req -x509 -newkey rsa:2048 -nodes -keyout client.pem -out client.crt \
	-days 2 -utf8 -subj '/C=DE/O=Köln, Süd/CN=client.example.org' 2>/dev/null
cat client.crt >>client.pem
server() {
	printf 'ask = %s\n' "$1"
	cat blocking.py
	printf 'serve()\n'
}
server False >linked.py
server True >asks.py
cat >memory.py <<'S'
import asyncio, socket, ssl
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain('cert.pem', 'key.pem')
class Server(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport
    def data_received(self, data):
        self.transport.write(b'got ' + data)
        if b'quit' in data:
            self.transport.close()
    def connection_lost(self, error):
        done.set_result(None)
async def main():
    global done
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    await loop.connect_accepted_socket(Server, socket.socket(fileno=0),
                                       ssl=context)
    await done
asyncio.run(main())
S
cat >local.pl <<'S'
use IO::Socket::SSL;
open my $fh, '+<&=', 0 or die;
my $s = IO::Socket::SSL->start_SSL($fh, SSL_server => 1,
	SSL_cert_file => 'cert.pem', SSL_key_file => 'key.pem') or die;
while (<$s>) {
	print $s "got $_";
	last if /^quit/;
}
close $s;
S

# OpenSSL. Python calls SSL_read_ex and SSL_write_ex, Perl SSL_read and SSL_write.
cipher() {
	if [ "$1" = 1.3 ]; then
		echo TLS_AES_256_GCM_SHA384
	else
		echo TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
	fi
}
for version in 1.2 1.3; do
	watched -V $version -n mx.example.org -- python3 linked.py
	seen "python, TLS $version" D
	is "python, TLS $version: the hello" "$(hello)" \
		"TLSv$version|$(cipher $version)|mx.example.org||"
	watched -V $version -C client.pem -- python3 asks.py
	seen "python, TLS $version, a client with a certificate" D
	is "python, TLS $version: the hello has the certificate's subject" "$(hello)" \
		"TLSv$version|$(cipher $version)||CN=client.example.org,O=K\\c3\\b6ln\\5c, S\\c3\\bcd,C=DE|"
	watched -V $version -- perl local.pl
	seen "perl, a library of local scope, TLS $version" D
done
watched -- python3 memory.py
seen "python, through memory" -

# A program that is linked with OpenSSL, and uses two descriptors.
if command -v stunnel4 >/dev/null; then
	cat >stunnel.conf <<-S
		foreground = yes
		debug = 0
		cert = $T/cert.pem
		key = $T/key.pem
		exec = /usr/bin/perl
		execArgs = perl -pe \$|=1;print"got\ ";last/^quit/
	S
	cat >answers.pl <<-'S'
		$| = 1;
		while (<STDIN>) { print "got $_"; last if /^quit/ }
	S
	sed -i "s,^execArgs.*,execArgs = perl $T/answers.pl," stunnel.conf
	watched -- stunnel4 stunnel.conf
	seen "stunnel, linked with OpenSSL" D
else
	skip "stunnel4 is needed" 7
fi

# A client that sends much at once.
script='T
>hello
<
>>40
>quit
<got quit'
watched -- perl local.pl
seen "40,000 bytes from the client" D

# OpenSSL, in each way to use it. With TLS 1.2 the keys change by a handshake of
# its own, which has another random.
script='T
>hello
<got
>big
<got
>quit
<got'
if [ -x "$tools/openssl-calls" ]; then
	for version in 1.2 1.3; do
		for how in plain ex peek dup two socket update renew partial \
			threads clear; do
			watched -V $version -- "$tools/openssl-calls" $how
			case $how in renew) by=- ;; *) by=D ;; esac
			if [ "$how $version" = "renew 1.2" ]; then
				is "OpenSSL, $how, TLS $version: it is told" \
					"$(sed '/^trouble/!d' packets | sort -u)" \
					"trouble - 00000000 another handshake in the same session"
				sed -i '/^trouble/d' packets
			fi
			seen "OpenSSL, $how, TLS $version" $by
		done
		before=$script
		script="$script
>after"
		watched -V $version -- "$tools/openssl-calls" half
		seen "OpenSSL, half a session is over, TLS $version" D
		script=$before
		watched -V $version -- "$tools/openssl-calls" bio
		is "OpenSSL, a chain of BIOs, TLS $version: it ends well" \
			"$(tail -n 1 said)" "exit 0"
		is "OpenSSL, a chain of BIOs, TLS $version: nothing is seen" \
			"$(cut -d ' ' -f 1 packets)" loaded
	done
else
	skip "libssl-dev is needed for openssl-calls" 173
fi

# Resumption: two sessions with one server program each; tickets of one key.
cat >resumes.pl <<'S'
use IO::Socket::SSL;
open my $fh, '+<&=', 0 or die;
my $s = IO::Socket::SSL->start_SSL($fh, SSL_server => 1,
	SSL_cert_file => 'cert.pem', SSL_key_file => 'key.pem',
	SSL_session_id_context => 'x', SSL_ticket_keycb => sub {
		return ('k' x 32, 'n' x 16) }) or die;
while (<$s>) {
	print $s "got $_";
	last if /^quit/;
}
close $s;
S
script='T
>hello
<
>quit
<'
for version in 1.2 1.3; do
	watched -r -V $version -- perl resumes.pl
	seen "a session that is resumed, TLS $version" D
	is "TLS $version: it was resumed" "$(grep -c resumed said)" 1
	is "a session that is resumed, TLS $version: the hello" "$(hello)" \
		"TLSv$version|$(cipher $version)|||"
done

# Programs whose TLS runs on sockets of their own: nothing of it is sent, and they
# work as without.
port=$(free_port)
own() {
	own_what=$1
	shift
	rm -f packets*
	timeout 300 "$reader" packets "$object" "$@" >own.out 2>own.err </dev/null
	is "$own_what: it ends well" "$?" 0
	is "$own_what: nothing is sent but that it is loaded" \
		"$(grep -vc '^loaded' packets)" 0
	ok "$own_what: it is loaded" grep -q '^loaded' packets
}
spawn openssl s_server -quiet -accept "127.0.0.1:$port" -cert cert.pem \
	-key key.pem -WWW
wait_for 20 listening "$port"
echo "the page" >page
own "curl" curl -sSk "https://127.0.0.1:$port/page"
is "curl: the page" "$(cat own.out)" "the page"
own "openssl s_client" sh -c 'printf "GET /page HTTP/1.0\r\n\r\n" |
	openssl s_client -quiet -connect "127.0.0.1:$0" 2>&1' "$port"
is "openssl s_client: the page" "$(tail -n 1 own.out)" "the page"
if command -v gnutls-cli >/dev/null; then
	own "gnutls-cli" sh -c 'printf "GET /page HTTP/1.0\r\n\r\n" |
		gnutls-cli --insecure --logfile=log --port="$0" 127.0.0.1' \
		"$port"
	is "gnutls-cli: the page" "$(grep -ac "the page" own.out)" 1
else
	skip "gnutls-cli is needed" 4
fi
port=$(free_port)
spawn "$reader" served "$object" openssl s_server -quiet -WWW \
	-accept "127.0.0.1:$port" -cert cert.pem -key key.pem
wait_for 20 listening "$port"
is "openssl s_server: the page" \
	"$(curl -sSk "https://127.0.0.1:$port/page")" "the page"
is "openssl s_server: nothing is sent but that it is loaded" \
	"$(cut -d ' ' -f 1 served)" loaded

# GnuTLS, each of its calls.
script='T
>hello
<
>big
<
>quit
<'
if [ ! -x "$tools/gnutls-calls" ]; then
	skip "libgnutls28-dev is needed for gnutls-calls" 194
	done_testing
fi
for version in 1.2 1.3; do
	for how in record seq packet cork file memory bare again flush; do
		watched -V $version -- "$tools/gnutls-calls" $how
		case $how in memory | bare | again | flush) by=- ;; *) by=D ;; esac
		seen "GnuTLS, $how, TLS $version" $by
		is "GnuTLS, $how, TLS $version: the hello" "$(hello)" \
			"TLSv$version|$(cipher $version)|||"
	done
	watched -r -V $version -n mx.example.org -- "$tools/gnutls-calls" tickets
	seen "GnuTLS, a session that is resumed, TLS $version" D
	is "GnuTLS, TLS $version: it was resumed" "$(grep -c resumed said)" 1
	is "GnuTLS, a session that is resumed, TLS $version: the hello" "$(hello)" \
		"TLSv$version|$(cipher $version)|mx.example.org||"
	watched -V $version -- "$tools/gnutls-calls" wiped
	seen "GnuTLS, a file from a thread, TLS $version" D
	is "GnuTLS, TLS $version: the companion leaves no bytes of a file" \
		"$(grep -e '^left' -e '^wiped' said | sort -u)" wiped
	watched -V $version -n mx.example.org -C client.pem -- \
		"$tools/gnutls-calls" record
	seen "GnuTLS, TLS $version, a client with a certificate" D
	is "GnuTLS, TLS $version: the hello has name and subject" "$(hello)" \
		"TLSv$version|$(cipher $version)|mx.example.org|CN=client.example.org,O=K\\c3\\b6ln\\5c, S\\c3\\bcd,C=DE|"
done
done_testing
