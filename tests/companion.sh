# shellcheck shell=sh
# For the tests of the companion for TLS; sourced after lib.sh. clear-reader plays
# the relay, tls-peer.py the client.
#
#   watched [OPTION...] -- COMMAND...  runs a server that has the companion, with
#                                      the steps of $script; options of tls-peer.py
#   seen DESCRIPTION D|-               the packets have what the client has said
#                                      and heard, and the session was known by its
#                                      descriptor (D) or by its role
# shellcheck disable=SC2154 # lib.sh sets them
: "$top" "$tools"
needs_linux "only Linux has a companion"
object=$BUILD/companion-tls.so
reader=$tools/clear-reader
reader_options=
. "$top/tests/tls.sh"
make_certificate mx.example.org
script='T
>hello
<
>quit
<'
peer() {
	echo "$script" | timeout "300" python3 "$top/tests/tools/tls-peer.py" \
		"$@" >said 2>&1
}
# The packets are in the file packets, their bytes in packets.in and packets.out.
watched() {
	watched_options=
	while [ "$1" != -- ]; do
		watched_options="$watched_options $1"
		shift
	done
	shift
	rm -f packets*
	# shellcheck disable=SC2086 # several words
	peer $watched_options "$reader" $reader_options packets "$object" "$@"
}
seen() {
	ok "$1: the client was answered" test -s received || cat said
	is "$1: the program ended well" "$(tail -n 1 said)" "exit 0"
	same "$1: the bytes that the program took" packets.in sent
	same "$1: the bytes that the program gave" packets.out received
	is "$1: each packet has a random of the client" \
		"$(grep '^[<>h]' packets | cut -d ' ' -f 2,3 | sort -u)" \
		"$(tr ' ' '\n' <random | sort -u | sed "s/^/$2 /")"
	is "$1: it is loaded, then each handshake ends" "$(grep -v -e '^loaded' -e '^begun' packets |
		head -n 1 | cut -d ' ' -f 1)$(grep -c '^hello' packets)" \
		"hello$(wc -w <random)"
	is "$1: nothing is lost, nothing lacks" \
		"$(grep -c -e '^lost' -e '^trouble' packets)" 0
}
# The texts of the hello, separated by "|".
hello() {
	sed -n 's/^hello . [^ ]* //p' packets | sed 's/\\00/|/g'
}

# Servers that answer each line with "got " and the line, and end at "quit".
cat >blocking.py <<'S'
import socket, ssl
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain('cert.pem', 'key.pem')
context.load_verify_locations('client.crt' if ask else 'cert.pem')
context.verify_mode = ssl.CERT_OPTIONAL if ask else ssl.CERT_NONE
s = context.wrap_socket(socket.socket(fileno=0), server_side=True)
f = s.makefile('rwb')
def serve(*after_hello):
    for line in f:
        f.write(b'got ' + line)
        f.flush()
        if line == b'quit\r\n':
            break
        for call in after_hello:
            call()
    s.unwrap()
S
