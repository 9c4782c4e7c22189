#!/bin/sh
# The program finds its peer: its descriptors answer as the socket that recio was
# started with. The same holds for each program that it becomes or starts, as
# long as that one inherits the session. No other program has the companion, and
# the environment shows no trace of it.
. "$(dirname "$0")/../lib.sh"
needs_linux "only Linux tells all of a peer"
asks=$tools/asks
becomes=$tools/becomes

# on STEPS COMMAND...: runs the command on a new socket.
on() {
	timeout 300 perl "$top/tests/tools/peer.pl" "$@" >/dev/null 2>&1
}

# agree DESCRIPTION KIND COMMAND...: passes if asks writes the same answers to the
# files bare and with. Both runs have one socket: asks itself runs first, then
# COMMAND, which runs asks in a session.
agree() {
	agree_what=$1 agree_kind=$2
	shift 2
	rm -f bare with
	on "${agree_kind:+$agree_kind }end" sh -c '"$0" bare; "$@" 2>log' \
		"$asks" "$@"
	ok "$agree_what: the bare run has answers" test -s bare || return
	same "$agree_what" with bare
}

agree "IPv4" "" recio "$asks" with
agree "IPv6" inet6 recio "$asks" with
agree "a local socket" unix recio "$asks" with
ok "the local client has a name" grep -q \
	'^getpeername of 0: 01 00 63 6c 69 65 6e 74 .*len 9$' bare
agree "-c with descriptors 6 and 7" "" sh -c \
	'"$0" bare 6 7 6>&1 7>&1; exec recio -c "$0" with 6 7 6>&1 7>&1' "$asks"
# The object of -L is another one, which answers, too.
agree "-L" "" recio -L "$asks" with
agree "-L, a shell that starts the program" "" recio -L sh -c '"$0" with; true' \
	"$asks"
agree "rawio" "" sh -c 'mkdir -p raw; exec rawio -d raw "$0" with' "$asks"
agree "recio in recio" "" recio recio -n 2 "$asks" with
agree "rawio in recio" "" recio rawio -d raw "$asks" with

# Through the other programs of a chain.
printf '#!/bin/sh\nexec "%s" "$@"\n' "$asks" >script
chmod +x script
agree "a script" "" recio ./script with
agree "a shell that executes the program" "" recio sh -c 'exec "$0" with' "$asks"
agree "a shell that starts the program" "" recio sh -c '"$0" with; true' "$asks"
agree "in a pipeline" "" sh -c \
	'"$0" bare 1; exec recio sh -c "true | \"\$0\" with 1" "$0"' "$asks"
agree "perl" "" recio perl -e 'exec @ARGV' "$asks" with
agree "python" "" recio python3 -c 'import sys, subprocess
subprocess.run(sys.argv[1:])' "$asks" with
agree "an emptied environment" "" recio env -i "PATH=$PATH" \
	"ASAN_OPTIONS=$ASAN_OPTIONS" "$asks" with
if [ -x "$(command -v softlimit)" ]; then
	mkdir env
	echo x >env/X
	agree "softlimit, envdir, env" "" recio softlimit -o 500 \
		envdir env env X=y "$asks" with
else
	skip "there is no softlimit" 2
fi
for how in execve execv execvp execvpe execl execlp execle fexecve execveat \
	posix_spawn posix_spawnp actions vfork system; do
	agree "by $how" "" recio "$becomes" $how "$asks" with
done
# popen gives descriptor 0 to a pipe.
agree "by popen" "" sh -c \
	'"$0" bare 1; exec recio "$1" popen "$0" with 1' "$asks" "$becomes"

if echo 'int main(int c, char **v, char **e) { return !execve(v[1], v + 1, e);
	}' | gcc -static -x c -include unistd.h -o static - 2>/dev/null; then
	agree "a static program in the chain" "" recio ./static "$asks" with
else
	skip "unable to link a static program" 2
fi

if musl-gcc -std=gnu11 -o musl "$top/tests/tools/asks.c" 2>/dev/null; then
	agree "a program with another libc" "" sh -c \
		'./musl bare; exec recio ./musl with'
else
	skip "musl-gcc is needed for a program with another libc" 2
fi

# The environment has the same variables in the same order as without recio.
# shellcheck disable=SC2086 # one word each
for preload in -u "$T/other.so:$T/more.so" ''; do
	case $preload in
	-u) set -- -u LD_PRELOAD what='not set' ;;
	'') set -- LD_PRELOAD= what='empty' ;;
	*) set -- "LD_PRELOAD=$preload" what="$preload" ;;
	esac
	for inside in '' ' -L'; do
		rm -f want got
		on 'end gone' env -u RECIO_COMPANION "$@" sh -c \
			'env >want 2>log; env >got.bare 2>log
			recio$0 perl -e "open STDOUT, q(>got); exec q(env)" 2>log' \
			"$inside" 2>log
		ok "recio$inside, LD_PRELOAD is $2: something is in the environment" \
			test -s want
		grep -v '^_=' want >want.rest
		grep -v '^_=' got >got.rest
		same "recio$inside, LD_PRELOAD is ${2#LD_PRELOAD=}: the environment is the same" \
			got.rest want.rest
	done
done

# Also in a second recio that inherits the first one's session.
on 'end gone' recio sh -c 'exec recio perl -e "
	open STDOUT, q(>twice); exec q(env)" 5<&0'
ok "recio in recio: something is in the environment" test -s twice
is "recio in recio: nothing is left in the environment" \
	"$(grep -c -e companion.so -e COMPANION twice)" 0

# Without a record no relay hides the peer.
on 'end gone' env -u RECIO recio -e perl -e 'open STDOUT, q(>off); exec q(env)'
ok "-e without RECIO: something is in the environment" test -s off
is "-e without RECIO: the environment names no companion" \
	"$(grep -c -e companion.so -e COMPANION off)" 0

# A program that does not inherit the session has no companion.
on 'end gone' recio perl -e '
	open my $maps, "<", "/proc/self/maps"; my $own = join "", <$maps>;
	open my $saved, "<&", 0;
	close STDIN; close STDOUT; open STDIN, "<", "/dev/null";
	open STDOUT, ">", "maps"; print $own; close STDOUT;
	open STDOUT, ">", "others"; exec "cat", "/proc/self/maps"'
ok "the program has the companion" grep -q companion.so maps
ok "another program has been started" test -s others
is "a program without the session has no companion" \
	"$(grep -c companion.so others)" 0
on 'end gone' recio perl -e 'system "exec cat /proc/self/maps >theirs"'
ok "a program with the session has the companion" grep -q companion.so theirs
recio cat /proc/self/maps </dev/null 2>log | cat >piped
ok "a session of pipes is served" test -s piped
is "a session of pipes needs no companion" "$(grep -c companion.so piped)" 0

# The address stays when the client is gone, since its last bytes can still be
# read: a server must not take a client that has reset its connection for a
# local user.
mkfifo gone
perl "$top/tests/tools/peer.pl" 'send:hello\n line reset file:told' \
	sh -c 'exec recio perl -MSocket -e "
		\$_ = <STDIN>; syswrite STDOUT, \$_;
		vec(my \$r = q(), 0, 1) = 1;
		select \$r, undef, undef, undef; sysread STDIN, \$_, 1;
		my \$peer = getpeername STDIN;
		open my \$told, q(>), q(telling);
		print \$told \$peer ? inet_ntoa((sockaddr_in \$peer)[1]) : \$!;
		close \$told; rename qw(telling told)" 2>log' >/dev/null
is "a client that is gone still has an address" "$(cat told)" 127.0.0.1

# Each direction has its own answers if the two are not one socket.
perl "$top/tests/tools/peer.pl" end sh -c 'exec 3>&1; recio perl -MSocket -e "
	print inet_ntoa((sockaddr_in getpeername STDIN)[1]);
	print getpeername STDOUT ? q( yes) : qq( \$!)" 2>log 3>&- | cat >&3' >mixed
is "a socket in, a pipe out: the socket has an address" "$(cat mixed)" \
	'127.0.0.1 Socket operation on non-socket<eof>'

perl "$top/tests/tools/peer.pl" 'end gone' sh -c 'true | exec recio perl -MSocket -e "
	open my \$told, q(>), q(out);
	print \$told inet_ntoa((sockaddr_in getpeername STDOUT)[1]);
	print \$told getpeername STDIN ? q( yes) : qq( \$!)" 2>log' >/dev/null
is "a pipe in, a socket out: the socket has an address" "$(cat out)" \
	'127.0.0.1 Socket operation on non-socket'

# Credentials and process handles would be the relay's, so they are refused.
cat >refused.pl <<'S'
use Socket;
open my $out, '>', 'refused';
for my $option (16, 34, 76) {	# SO_PASSCRED, SO_PASSSEC, SO_PASSPIDFD
	print $out setsockopt(STDIN, SOL_SOCKET, $option, 1) ? "yes\n" : "$!\n";
}
print $out getsockopt(STDIN, SOL_SOCKET, 77) ? "yes\n" : "$!\n";
S
on 'unix end gone' recio perl refused.pl
is "credentials of messages and a pidfd can't be asked for" \
	"$(sort refused | uniq -c | sed 's/^ *//')" \
	"$(printf '3 Operation not supported\n1 Protocol not available')"

# The credentials of another user's client, not those of root's relay.
if [ "$(id -u)" = 0 ] && command -v s6-ipcserver >/dev/null; then
	chmod 755 "$T"
	cat >who.pl <<'S'
use Socket;
my ($pid, $uid, $gid) = unpack 'i3', getsockopt STDIN, SOL_SOCKET, 17;
syswrite STDOUT, "$uid $gid " . ($pid > 0 ? "pid $pid" : 'none') . "\n";
S
	cat >client.pl <<'S'
use IO::Socket::UNIX;
use POSIX qw(setgid setuid);
setgid(65534) && setuid(65534) or die;
my $s = IO::Socket::UNIX->new(Peer => $ARGV[0]) or exit 1;
print "65534 65534 pid $$\n", <$s>;
S
	for relay in env recio "rawio -d raw"; do
		rm -f ./socket
		# -1: it writes a line as soon as it listens.
		# shellcheck disable=SC2086 # several words
		spawn s6-ipcserver -1 -a 777 ./socket $relay perl who.pl >listens
		wait_for 20 test -s listens
		perl client.pl ./socket >answer
		is "the credentials of another user's client, with $relay" \
			"$(tail -n 1 answer)" "$(head -n 1 answer)"
		kill "$spawned"
	done
else
	skip "only root can be another user, and s6-ipcserver is needed" 3
fi
done_testing
