#!/bin/sh
# The companion for TLS in the life of a process: threads, fork, exec, descriptors
# that are closed or used again, a relay that is slow or gone. The program and
# the programs that it starts are as they are without it.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/companion.sh"

# server NAME: makes the server NAME.py; its input are statements and calls of
# serve, which serves the session.
server() {
	{
		echo 'ask = False'
		cat blocking.py -
	} >"$1.py"
}
server blocks <<'S'
serve()
S

# Threads and processes.
server threads <<'S'
import threading
other = threading.Thread(target=serve)
other.start()
other.join()
S
watched -- python3 threads.py
seen "in another thread" D
server forks <<'S'
import os
pid = os.fork()
if pid:
    os._exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
serve()
os._exit(0)
S
watched -- python3 forks.py
seen "in a child of fork, after the handshake" D

# TLS sessions of other sockets, in another thread at the same time: one as the
# server, one as the client, on descriptors; and a client through memory.
cat >others.py <<'S'
import socket, ssl, threading
def client_context():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
def server_context():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain('cert.pem', 'key.pem')
    return context
def answer(end):
    s = server_context().wrap_socket(end, server_side=True)
    for i in range(20):
        s.sendall(s.recv(100))
    s.close()
def ask():
    a, b = socket.socketpair()
    other = threading.Thread(target=answer, args=[b])
    other.start()
    s = client_context().wrap_socket(a)
    for i in range(20):
        s.sendall(b'SECRET')
        assert s.recv(100) == b'SECRET'
    s.close()
    other.join()
def move(outgoing, incoming):
    incoming.write(outgoing.read())
def memory():
    a, b, c, d = (ssl.MemoryBIO() for i in range(4))
    client = client_context().wrap_bio(a, b)
    server = server_context().wrap_bio(c, d, server_side=True)
    for i in range(4):
        for end in client, server:
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                pass
            move(b, c)
            move(d, a)
    client.write(b'SECRET')
    move(b, c)
    assert server.read(100) == b'SECRET'
    open('memory.done', 'w').close()
S
server beside <<'S'
import others
thread = threads = [others.threading.Thread(target=others.ask) for i in range(3)]
for thread in threads:
    thread.start()
serve(others.ask)
for thread in threads:
    thread.join()
S
watched -- python3 beside.py
seen "other sessions of TLS beside it" D
is "nothing of them is sent" "$(grep -c SECRET packets)" 0

# Through memory, the relay knows the session by the client's random: the packets
# of another server have another one. Those of a client are not sent.
server inside <<'S'
import others
serve(others.memory)
S
watched -- python3 inside.py
ok "a server and a client through memory have worked" test -e memory.done
is "only the server's packet is sent, as one that is not known by its descriptor" \
	"$(grep SECRET packets | cut -d ' ' -f 1,2,4-)" "< - SECRET"
is "it has another random" \
	"$(grep SECRET packets | cut -d ' ' -f 3 | grep -cx "$(cat random)")" 0

# The client's side: descriptors 6 and 7.
cat >client.py <<'S'
import socket, others
s = others.client_context().wrap_socket(socket.socket(fileno=6),
                                        server_hostname='mx.example.org')
s.sendall(b'hello\r\n')
s.recv(100)
s.sendall(b'quit\r\n')
s.recv(100)
s.unwrap()
S
cat >client-memory.py <<'S'
import socket, ssl, others
incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
s = others.client_context().wrap_bio(incoming, outgoing,
                                     server_hostname='mx.example.org')
wire = socket.socket(fileno=6)
def complete(call, *arguments):
    while True:
        try:
            result = call(*arguments)
            wire.sendall(outgoing.read())
            return result
        except ssl.SSLWantReadError:
            wire.sendall(outgoing.read())
            data = wire.recv(65536)
            assert data
            incoming.write(data)
complete(s.do_handshake)
for line in b'hello\r\n', b'quit\r\n':
    complete(s.write, line)
    complete(s.read, 100)
complete(s.unwrap)
S
# outgoing COMMAND...: runs the client.
outgoing() {
	rm -f packets*
	python3 - "$reader" "$object" "$@" <<'S' >said 2>&1
import os, socket, subprocess, sys
a, b = socket.socketpair()
server = subprocess.Popen(['python3', 'blocks.py'], stdin=b, stdout=b)
b.close()
os.dup2(a.fileno(), 6)
os.dup2(a.fileno(), 7)
a.close()
client = subprocess.run([sys.argv[1], '-c', 'packets'] + sys.argv[2:],
                        pass_fds=[6, 7])
os.close(6)
os.close(7)
print(client.returncode, server.wait())
S
}
# told DESCRIPTION NAME D|-: what it gave and took was sent.
told() {
	is "$1: both sides end well" "$(cat said)" "0 0"
	is "$1: all that it gave and took" \
		"$(grep -v -e loaded -e begun packets | cut -d ' ' -f 1,2,4-)" \
		"hello $3 TLSv1.3\\00TLS_AES_256_GCM_SHA384\\00$2\\00\\00
> $3 hello\\r\\n
< $3 got hello\\r\\n
> $3 quit\\r\\n
< $3 got quit\\r\\n"
}
outgoing python3 client.py
told "a client" mx.example.org D
outgoing python3 client-memory.py
told "a client through memory" mx.example.org -
if [ -x "$tools/gnutls-calls" ]; then
	outgoing "$tools/gnutls-calls" client
	told "a client by GnuTLS" '' D
	outgoing "$tools/gnutls-calls" client-memory
	told "a client by GnuTLS, through memory" '' -
else
	skip "libgnutls28-dev is needed for gnutls-calls" 4
fi

# Exec: the companion, its channel and its descriptor reach the program that
# inherits the session, and no other one.
printf '#!/bin/sh\nexec python3 blocks.py\n' >script.sh
chmod +x script.sh
mkdir env
for chain in "sh -c 'exec python3 blocks.py'" "sh -c 'python3 blocks.py; true'" \
	./script.sh "envdir ./env env python3 blocks.py" \
	"perl -e 'system qw(python3 blocks.py)'" \
	"$tools/becomes execvp python3 blocks.py" \
	"$tools/becomes posix_spawnp python3 blocks.py" \
	"$tools/becomes vfork $(command -v python3) blocks.py" \
	"$tools/becomes actions python3 blocks.py" \
	"$tools/becomes system python3 blocks.py" \
	"perl -e 'exec q(/nowhere/x); exec qw(python3 blocks.py)'"; do
	echo "exec $chain" >chain.sh
	watched -- sh chain.sh
	seen "a chain: ${chain##"$tools"/}" D
done

# What the program and its children see of it: one closed-on-exec descriptor.
server looks <<'S'
import fcntl, os, subprocess
def flags(name):
    print(name, fcntl.fcntl(900, fcntl.F_GETFD), file=out)
out = open('flags', 'w')
flags('at the start')
try:
    os.execv('/nowhere', ['x'])
except OSError:
    flags('after a failed exec')
os.system('true')
flags('after system')
os.waitpid(os.posix_spawnp('true', ['true'], os.environ), 0)
flags('after posix_spawn')
out.close()
null = open('/dev/null')
subprocess.run('ls -l /proc/self/fd >child.fds; env >child.env', shell=True,
               stdin=null, stdout=null, close_fds=False)
open('own.env', 'w').write(open('/proc/self/environ').read())
open('os.env', 'w').write('\n'.join(k + '=' + v for k, v in os.environ.items()))
serve()
S
watched -- python3 looks.py
seen "a program that looks at itself" D
is "its descriptor is closed on exec, always" "$(cut -d ' ' -f 1- flags)" \
	"at the start 1
after a failed exec 1
after system 1
after posix_spawn 1"
is "a program without the session does not get the descriptor" \
	"$(grep -c ' 900 ' child.fds)" 0
mv child.env child.env.with
mv os.env os.env.with
peer python3 -c 'import os; os.dup2(1, 900, inheritable=False); exec(open("looks.py").read())'
same "its environment is the same without" os.env.with os.env
grep -v '^_=' child.env >bare
grep -v '^_=' child.env.with >with
same "a child's environment is the same without" with bare

# The results of its calls: with and without the companion.
cat >results.pl <<'S'
use Net::SSLeay;
use Errno;
$| = 1;
open my $log, '>', $ARGV[0];
my $context = Net::SSLeay::CTX_new();
Net::SSLeay::CTX_use_certificate_chain_file($context, 'cert.pem');
Net::SSLeay::CTX_use_PrivateKey_file($context, 'key.pem', 1);
my $ssl = Net::SSLeay::new($context);
Net::SSLeay::set_fd($ssl, 0);
sub told {
	my ($name, @result) = @_;
	my $errno = $! + 0;
	print $log "$name: @result errno $errno",
		' get_error ', Net::SSLeay::get_error($ssl, $result[0] // -1),
		' queue ', Net::SSLeay::ERR_peek_error(), "\n";
}
sub queue {	# an error that waits in the library's queue
	Net::SSLeay::ERR_clear_error();
	Net::SSLeay::CTX_use_PrivateKey_file($context, '/nowhere', 1);
	$! = 42;
}
queue();
told 'accept', Net::SSLeay::accept($ssl);
for (1 .. 2) {
	queue();
	my $line = Net::SSLeay::read($ssl);
	told 'read', length $line;
	queue();
	told 'write', Net::SSLeay::write($ssl, "got $line");
	queue();
	told 'empty write', Net::SSLeay::write($ssl, '');
}
Net::SSLeay::ERR_clear_error();
$! = 42;
my $end = Net::SSLeay::read($ssl);
told 'read at the end', defined $end ? length $end : 'none';
told 'write at the end', Net::SSLeay::write($ssl, 'x');
S
peer perl results.pl bare.results
watched -- perl results.pl with.results
ok "the results of the calls were written" grep -q '^write at the end' bare.results
same "results, errno and queue of errors are the same" with.results bare.results

if [ -x "$tools/gnutls-calls" ]; then
	peer "$tools/gnutls-calls" errno
	grep errno said >bare.results
	watched -- "$tools/gnutls-calls" errno
	grep errno said >with.results
	ok "GnuTLS: errno was told after each call" \
		test "$(grep -c . bare.results)" -gt 5
	same "GnuTLS: errno is the same after each call" with.results bare.results
else
	skip "libgnutls28-dev is needed for gnutls-calls" 2
fi

# A handshake that does not end: the client does not trust the certificate, or
# goes. It is told that it has begun, and the results are the same.
cat >fails.pl <<'S'
use Net::SSLeay;
use Errno;
open my $log, '>', $ARGV[0];
my $context = Net::SSLeay::CTX_new();
Net::SSLeay::CTX_use_certificate_chain_file($context, 'cert.pem');
Net::SSLeay::CTX_use_PrivateKey_file($context, 'key.pem', 1);
my $ssl = Net::SSLeay::new($context);
Net::SSLeay::set_fd($ssl, 0);
$! = 42;
my $result = Net::SSLeay::accept($ssl);
printf $log "%d errno %d error %d queue %d\n", $result, $!,
	Net::SSLeay::get_error($ssl, $result), Net::SSLeay::ERR_peek_error();
S
distrust() {
	openssl s_client -verify_return_error -verify 1 -connect \
		"127.0.0.1:$port" >/dev/null 2>&1 </dev/null
}
# Serves $port by a program. The port that tcpserver prints tells that it listens:
# a connection to try it would be another handshake that fails.
await_client() {
	rm -f listens
	spawn sh -c 'exec tcpserver -1HRl0 127.0.0.1 "$@" >listens' \
		tcpserver "$port" "$@"
	wait_for 20 test -s listens
}
for way in perl gnutls; do
	program="perl fails.pl with.fails"
	[ $way = perl ] || program="$tools/gnutls-calls record"
	port=$(free_port)
	rm -f packets*
	# shellcheck disable=SC2086 # words
	await_client "$reader" packets "$object" $program
	distrust
	ok "$way, a handshake that fails: it is told once that it has begun" \
		wait_for 20 grep -q '^begun D' packets
	is "$way, a handshake that fails: nothing else is told" \
		"$(cut -d ' ' -f 1 packets | sort | uniq -c | xargs)" \
		"1 begun 1 loaded"
done
port=$(free_port)
await_client perl fails.pl bare.fails
distrust
ok "a handshake that fails: the results are there" wait_for 20 \
	sh -c 'test -s bare.fails && test -s with.fails'
same "a handshake that fails: the results are the same" with.fails bare.fails

# Early data of TLS 1.3: the ticket is that of a session with another process.
if [ -x "$tools/openssl-calls" ]; then
	printf 'hello\r\n' >early
	for option in -sess_out "-early_data early -sess_in"; do
		port=$(free_port)
		rm -f packets*
		await_client sh -c 'exec "$@" 2>early.err' sh "$reader" packets \
			"$object" "$tools/openssl-calls" early
		# shellcheck disable=SC2086 # words
		printf 'quit\r\n' | timeout 60 openssl s_client -quiet $option session \
			-connect "127.0.0.1:$port" >/dev/null 2>&1
		wait_for 20 grep -q quit packets.in
	done
	is "early data: the program takes it" "$(tr -d '\r' <early.err)" "early hello"
	printf 'hello\r\nquit\r\n' >want
	same "early data: it is sent before all other bytes" packets.in want
	is "early data: one hello" "$(grep -c '^hello D' packets)" 1
else
	skip "libssl-dev is needed for openssl-calls" 3
fi

# A program that closes all descriptors, or gives the number to another file.
server closes <<'S'
import os
os.closerange(3, 2000)
serve()
S
watched -- python3 closes.py
is "all descriptors closed: the session goes on" "$(tail -n 1 said)" "exit 0"
is "all descriptors closed: nothing more is sent" \
	"$(cut -d ' ' -f 1 packets | xargs)" "loaded hello"
server reuses <<'S'
import os
a, b = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
def reuse():
    os.dup2(b.fileno(), 900)
    os.system('ls -l /proc/self/fd/900 >inherited')
serve(reuse)
a.setblocking(False)
try:
    open('foreign', 'wb').write(a.recv(65536))
except BlockingIOError:
    open('nothing', 'w')
S
watched -- python3 reuses.py
is "the number is used again: the session goes on" "$(tail -n 1 said)" "exit 0"
ok "the number is used again: the other file gets nothing" test -e nothing
is "the number is used again: packets before that are sent" \
	"$(grep -c hello packets.in)$(grep -c quit packets.in)" 10

# A session that was told once is not looked for again.
watched -- strace -f -o trace -e trace=fstat,newfstatat,sendmsg python3 blocks.py
is "each packet takes one call that compares the channel, and one that sends" \
	"$(sed -n '/sendmsg.*hello/,$ s/.*\(stat\|sendmsg\)[at]*(.*/\1/p' trace |
		xargs)" "sendmsg stat sendmsg stat sendmsg stat sendmsg"

# A relay that does not read: the program does not wait, packets are counted.
script='T
>>50
>sign
<got sign
!go
?go.read
>quit
<got'
reader_options="-w go"
watched -- python3 blocks.py
reader_options=
is "a full channel: the session is whole" "$(tail -n 1 said)" "exit 0"
# shellcheck disable=SC2046 # two words
set -- $(sed -n 's/^lost //p' packets | tail -n 1) 0 0
ok "a full channel: packets are lost and counted" test "$1" -gt 40
is "a full channel: what was sent and what was lost is all" \
	"$(($(cat packets.in packets.out | wc -c) + $2))" \
	"$(cat sent received | wc -c)"

# The last packets are lost; the process tells that when it ends.
script='T
>hello
<
>>50
>quit
<got quit
!went'
server ends <<'S'
import os, time
serve()
while not os.path.exists('went.read'):
    time.sleep(0.01)
S
reader_options="-w went"
watched -- python3 ends.py
reader_options=
is "losses at the end: the session is whole" "$(tail -n 1 said)" "exit 0"
is "losses at the end: the last packet has the counts" \
	"$(tail -n 1 packets | cut -d ' ' -f 1)" loss
# shellcheck disable=SC2046 # two words
set -- $(sed -n 's/^lost //p' packets | tail -n 1) 0 0
is "losses at the end: what was sent and what was lost is all" \
	"$(($(cat packets.in packets.out | wc -c) + $2))" \
	"$(cat sent received | wc -c)"

# A relay that is gone.
script='T
>hello
<
>hello
<
>quit
<'
for n in 0 1 3; do
	for program in "python3 blocks.py" "$tools/gnutls-calls record"; do
		reader_options="-g $n"
		# shellcheck disable=SC2086 # two words
		watched -- $program
		is "${program##*/}, a relay that is gone after $n packets: no harm" \
			"$(tail -n 1 said)" "exit 0"
		is "${program##*/}, a relay that is gone after $n packets" \
			"$(grep -c . packets)" "$n"
	done
done
done_testing
