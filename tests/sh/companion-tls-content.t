#!/bin/sh
# The companion for TLS sends counts in place of the bytes of a message, where the
# relay has granted that, and the bytes where they may be its end.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/companion.sh"

# server NAME: makes the server NAME.py of a session, with its statements as
# input. granted(N) waits for the N-th grant.
server() {
	{
		cat <<'S'
import os, socket, ssl, sys, time
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain('cert.pem', 'key.pem')
s = context.wrap_socket(socket.socket(fileno=0), server_side=True)
def granted(n):
    while open('packets').read().split('\n').count('grant') < n:
        time.sleep(0.01)
def take(n):
    while n > 0:
        n -= len(s.recv(16384))
line = b'x' * 70 + b'\r\n'
S
		cat
		echo 's.unwrap()'
	} >"$1.py"
}

# The packets of bytes and counts: the sign of each, and how often in a row.
signs() {
	grep '^[<>c]' packets | cut -d ' ' -f 1 | uniq -c | sed 's/^ *//; s/content/#/' |
		xargs
}
# All bytes of a direction, sent or counted, as often as the client knows of.
total() {
	echo $(($(wc -c <packets."$1") + \
		$(sed -n 's/^content [^ ]* [^ ]* \([0-9]*\) .*/\1/p' packets |
			paste -sd + - | sed 's/^$/0/')))
}
# Each packet of counts: the bytes, the lines, the last bytes.
counts() {
	sed -n 's/^content [^ ]* [^ ]* //p' packets
}
takes() {
	server session
	script=$2
	reader_options=$3
	watched -- python3 session.py
	reader_options=
	is "$1: the session is whole" "$(tail -n 1 said)" "exit 0"
	is "$1: nothing is lost" "$(grep -c -e '^lost' -e '^trouble' packets)" 0
}

mail='T
>hello
<
>>20
>.
>>3
>quit
<'
takes granted "$mail" '-a 2' <<'S'
take(7)
s.send(b'got hello\r\n')
granted(2)
take(20000 + 3 + 3000 + 6)
s.send(b'bye\r\n')
S
is "granted: lines of a message are counted together, until a short read" \
	"$(signs)" '1 < 1 > 1 # 5 < 1 >'
is "granted: the counts are those of all reads, and the last one's end" \
	"$(counts)" '20000 19 \r\n'
is "granted: all bytes are there" "$(total in)" "$(wc -c <sent)"

# 150 reads of 1000 bytes, of which 131 wait at most.
takes many "T
>hello
<
>>150
>.
>>3
>quit
<" '-a 2' <<'S'
take(7)
s.send(b'got hello\r\n')
granted(2)
take(150000 + 3 + 3000 + 6)
s.send(b'bye\r\n')
S
is "many: no more than 128 KiB wait" "$(counts)" '131000 130 \r\n
19000 18 \r\n'
is "many: all bytes are there" "$(total in)" "$(wc -c <sent)"

takes dropped 'T
>hello
<
>>20' '-a 2' <<'S'
take(7)
s.send(b'got hello\r\n')
granted(2)
take(20000)
assert s.recv(1) == b''
os._exit(0)
S
is "a client drops a message: all was counted before the program knows" \
	"$(signs) $(total in)" "1 < 1 > 1 # 20007"

takes forked "$mail" '-a 2' <<'S'
take(7)
s.send(b'got hello\r\n')
granted(2)
take(10000)
if os.fork() == 0:
    sys.exit(0)
os.wait()
take(10000 + 3 + 3000 + 6)
s.send(b'bye\r\n')
S
is "forked: a child that ends does not send its parent's counts" "$(counts)" \
	'20000 19 \r\n'
is "forked: all bytes are there" "$(total in)" "$(wc -c <sent)"

takes stale "$mail" '-a 1' <<'S'
take(7)
granted(1)
s.send(b'got hello\r\n')
take(20000 + 3 + 3000 + 6)
s.send(b'bye\r\n')
S
is "stale: what the program has said since may have ended the message" \
	"$(signs)" '1 < 1 > 25 < 1 >'
same "stale: all bytes are there" packets.in sent

takes ungranted "$mail" '' <<'S'
take(7)
s.send(b'got hello\r\n')
take(20000 + 3 + 3000 + 6)
s.send(b'bye\r\n')
S
is "ungranted: all bytes are sent" "$(signs)" '1 < 1 > 25 < 1 >'
same "ungranted: they are those of the client" packets.in sent

takes taken "$mail" '-u 1' <<'S'
take(7)
s.send(b'got hello\r\n')
take(20000 + 3 + 3000 + 6)
s.send(b'bye\r\n')
S
is "what the program gives is not needed" "$(signs)" '26 <'
same "all that it takes is sent" packets.in sent
ok "the handshake is told" grep -q '^hello' packets

reply='T
>hello
<bye'
takes gives "$reply" '-a 1 -o' <<'S'
take(7)
granted(1)
s.sendall(line * 1000)
s.sendall(line * 200000)
s.sendall(line * 50 + b'.\r\n' + line * 50)
s.sendall(line * 50)
s.sendall(b'bye\r\n')
S
is "gives: counts up to a line with a dot, then bytes" "$(signs)" '1 < 3 # 3 >'
is "gives: one call is one packet, however long" \
	"$(counts | head -n 2)" \
	'72000 999 \r\n
14400000 199999 \r\n'
is "gives: the rest of the line before the dot is sent" \
	"$(head -c 4 packets.out | od -An -c | xargs)" 'n . r n'
is "gives: all bytes are there" "$(total out)" "$(wc -c <received)"

takes given "$reply" '-u 0' <<'S'
take(7)
s.sendall(line * 1000)
s.sendall(b'bye\r\n')
S
is "what the program takes is not needed" "$(signs)" '6 >'
same "all that it gives is sent" packets.out received

# What follows could be the rest of a line with a dot, or of its end. The client
# takes an empty line, which may be the first, for the end.
reply='T
>hello
<
<bye'
for first in CR:'\r' LF:'\n' dot:.; do
	takes "${first%%:*} first" "$reply" '-a 1 -o' <<S
take(7)
granted(1)
s.sendall(b'${first#*:}' + line * 50)
s.sendall(line * 50)
s.sendall(b'bye\\r\\n')
S
	is "${first%%:*} first: such bytes are sent" "$(signs)" '1 < 3 >'
done
# After counted bytes no line of a dot can end there, and none but an empty one
# begins.
reply='T
>hello
<bye'
for first in 'CR:x:\r\n:1' 'LF:x\r:\n:1' 'empty line:x\r\n:\r\n:1' \
	'dot in a line:x:.:1' 'dot at a beginning:x\n:.:0'; do
	IFS=: read -r name before after counted <<-S
		$first
	S
	takes "$name goes on" "$reply" '-a 1 -o' <<S
take(7)
granted(1)
s.sendall(line * 50 + b'$before')
s.sendall(b'$after' + line * 50)
s.sendall(b'bye\\r\\n')
S
	if [ "$counted" = 1 ]; then
		is "$name: such bytes are counted" "$(signs)" '1 < 1 # 1 >'
	else
		is "$name: such bytes are sent" "$(signs)" '1 < 1 # 2 >'
	fi
	is "$name: all bytes are there" "$(total out)" "$(wc -c <received)"
done
done_testing
