#!/bin/sh
# recio: what nobody will see is moved inside the system, where it can be, and
# nothing else is different.
. "$(dirname "$0")/../lib.sh"
needs_linux "there is no splice"
head -c 3000000 /dev/urandom >bytes
# Through a pipe.
cat_bytes() {
	cat bytes
}
moved() { grep -q ' splice(.* = [1-9]' trace; }

strace -f -o trace -e trace=splice recio -v -f out sh -c 'cat >got' \
	<bytes 2>log
same "-f out: the program gets the bytes unchanged" got bytes
ok "-f out: the bytes to the program pass by splice" moved
ok "-f out: the bytes to the program are counted" grep -q ' : .*3000000' log
cat_bytes | strace -f -o trace -e trace=splice recio -v -f in cat bytes 2>log |
	cat >got
same "-f in: the client gets the bytes unchanged" got bytes
ok "-f in: the bytes from the program pass by splice" moved
ok "-f in: the bytes from the program are counted" grep -q ' : .*3000000' log

strace -f -o trace -e trace=splice recio -v -k 1k sh -c 'cat >got' \
	<bytes 2>log
same "-k: the program gets the bytes behind the limit unchanged" got bytes
ok "-k: the bytes behind the limit pass by splice" moved
wait_for 10 grep -q ' : end ' log
ok "-k: the bytes behind the limit are counted" grep -q ' : end < 3000000 ' log

# A system that can't, from the start or from somewhere on, in any direction.
for error in ENOSYS EINVAL; do
	for when in 1 2 3 8 9; do
		cat_bytes | strace -f -o trace -e trace=splice \
			-e inject=splice:error=$error:when=$when+ \
			recio -f out sh -c 'cat >got' 2>log
		same "$error at splice $when: the bytes pass unchanged" \
			got bytes
	done
done

# A program that takes nothing more, and a client that takes nothing more.
is "a program that reads only a part gets that part" \
	"$(cat_bytes | recio -f out sh -c 'head -c 100000 | cksum' 2>/dev/null)" \
	"$(head -c 100000 bytes | cksum)"
recio -f in cat bytes 2>/dev/null </dev/null | head -c 100000 | cksum >got
is "a client that reads only a part gets that part" \
	"$(cat got)" "$(head -c 100000 bytes | cksum)"

# Behind a handshake, over TCP, both ways at once. The server's bytes may come
# with its part of the handshake, so the client does not mix read and sysread.
cat >server <<'EOF'
#!/usr/bin/perl
$| = 1;
print "220 x\r\n";
<STDIN>;
print "220 go\r\n";
read STDIN, my $hello, 3;
print "\x16\x03\x03";
if (!fork) { open F, "<", "bytes"; local $/; print <F>; exit }
open F, ">", "got";
while (sysread STDIN, my $b, 65536) { syswrite F, $b }
wait;
EOF
chmod +x server
port=$(free_port)
spawn sh -c 'exec strace -f -o trace -e trace=splice tcpserver -1RHl0 127.0.0.1 "$1" \
	recio -v -p smtp ./server >listens 2>log' sh "$port"
# A client that tried the port would be a session, too.
wait_for 10 test -s listens
perl -MIO::Socket::INET -e '
	my $s = IO::Socket::INET->new(PeerAddr => "127.0.0.1", PeerPort => shift) or die;
	local $/ = "\n"; <$s>; print $s "STARTTLS\r\n"; <$s>;
	print $s "\x16\x03\x01"; read $s, my $hello, 3;
	if (!fork) { open F, "<", "bytes"; local $/; print $s <F>; $s->flush; shutdown $s, 1; exit }
	open F, ">", "back"; while (read $s, my $b, 65536) { print F $b } wait' "$port"
same "behind STARTTLS the client gets the server's bytes" back bytes
wait_for 10 cmp -s got bytes
same "behind STARTTLS the server gets the client's bytes" got bytes
wait_for 10 grep -q ' : .*3000' log
kill -s TERM -- "-$spawned"
wait_for 10 gone "$spawned"
ok "behind STARTTLS the bytes pass by splice" moved
ok "a note says that TLS begins" grep -qx '[0-9]* : TLS' log
ok "behind STARTTLS no bytes are recorded" [ "$(wc -c <log)" -lt 1000 ]
done_testing
