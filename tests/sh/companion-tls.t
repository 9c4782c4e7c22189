#!/bin/sh
# The companion for TLS hands the clear bytes of the recorded session to the
# relay, whichever library the program uses and however it came to it, and leaves
# the program as it is without. clear-reader plays the relay.
. "$(dirname "$0")/../lib.sh"
needs_linux "only Linux has a companion"
object=$BUILD/companion-tls.so
reader=$tools/clear-reader
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem \
	-days 2 -subj /CN=mx.example.org 2>/dev/null
openssl req -x509 -newkey rsa:2048 -nodes -keyout client.pem -out client.crt \
	-days 2 -utf8 -subj '/C=DE/O=Köln, Süd/CN=client.example.org' 2>/dev/null
cat client.crt >>client.pem

# peer [OPTION...] COMMAND...: plays the client of the script $script.
script='T
>hello
<
>quit
<'
peer() {
	echo "$script" | timeout 300 python3 "$top/tests/tools/tls-peer.py" \
		"$@" >said 2>&1
}

# watched [OPTION...] -- COMMAND...: the same for a command that has the
# companion; the packets are in the file packets.
watched() {
	watched_options=
	while [ "$1" != -- ]; do
		watched_options="$watched_options $1"
		shift
	done
	shift
	rm -f packets*
	# shellcheck disable=SC2086 # several words
	peer $watched_options "$reader" packets "$object" "$@"
}

# seen DESCRIPTION D|-: the packets have what the client has said and heard, of a
# session that is known by its descriptor (D), or by its role.
seen() {
	ok "$1: the client was answered" test -s received || cat said
	is "$1: the program ended well" "$(tail -n 1 said)" "exit 0"
	same "$1: the bytes that the program took" packets.in sent
	same "$1: the bytes that the program gave" packets.out received
	is "$1: each packet has the random of the client" \
		"$(grep '^[<>h]' packets | cut -d ' ' -f 2,3 | sort -u)" \
		"$2 $(cat random)"
	is "$1: first it is loaded, then the handshake ends" \
		"$(cut -d ' ' -f 1 packets | sed 2q | xargs)" "loaded hello"
	is "$1: one hello" "$(grep -c '^hello' packets)" 1
}
hello() {
	sed -n 's/^hello . [^ ]* //p' packets | sed 's/\\00/|/g'
}

cat >blocking.py <<'S'
import socket, ssl
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain('cert.pem', 'key.pem')
s = context.wrap_socket(socket.socket(fileno=0), server_side=True)
f = s.makefile('rwb')
for line in f:
    f.write(b'got ' + line)
    f.flush()
    if line == b'quit\r\n':
        break
s.unwrap()
S
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

for version in 1.2 1.3; do
	watched -V $version -n mx.example.org -- python3 blocking.py
	seen "python, TLS $version" D
	cipher=TLS_AES_256_GCM_SHA384
	[ $version = 1.3 ] || cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
	is "python, TLS $version: the hello" "$(hello)" \
		"TLSv$version|$cipher|mx.example.org||"
done
watched -- python3 memory.py
seen "a session through memory" -
is "a session through memory: no server name" "$(hello)" \
	"TLSv1.3|TLS_AES_256_GCM_SHA384|||"
watched -- perl local.pl
seen "a library of local scope" D
done_testing
