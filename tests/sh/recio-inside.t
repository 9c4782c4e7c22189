#!/bin/sh
# recio -L with programs that speak TLS by OpenSSL: one that forbids itself system
# calls, one whose session can't be followed; and the channel of the clear bytes,
# which no other process can open.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/companion.sh"
calls=$tools/openssl-calls
[ -x "$calls" ] || {
	skip "libssl-dev is needed for openssl-calls" 26
	done_testing
}
script='T
>hello
<got
>quit
<got'

# inside NAME [OPTION...] -- RECIO... : a session of RECIO with options of
# tls-peer.py; NAME is the record without process IDs. It is complete when the
# relay has gone, which had the pipe.
inside() {
	name=$1 inside_options=
	shift
	while [ "$1" != -- ]; do
		inside_options="$inside_options $1"
		shift
	done
	shift
	{
		# shellcheck disable=SC2086 # several words
		echo "$script" | timeout 300 python3 "$top/tests/tools/tls-peer.py" \
			$inside_options "$@" 2>&1 >said |
			sed 's/^[0-9]* //; s/\r *$//; s/ $//' >"$name"
	}
	is "$name: the client is answered" "$(tr -d '\r' <received | xargs)" \
		"got hello got quit"
	is "$name: the program ends well" "$(tail -n 1 said)" "exit 0"
}
# Clear bytes in a record: how many lines of each direction.
lines() {
	grep -c "^$1 .*hello\|^$1 .*quit" "$2"
}

inside by-environment -- env RECIO=-L recio -e "$calls" plain
is "-L in RECIO: all is seen" \
	"$(lines '<' by-environment) $(lines '>' by-environment)" "2 2"

# A filter of system calls, which the program sets for itself before TLS. recv and
# getpid are of use only for messages that are counted.
for call in sendmsg fstat; do
	inside "refused-$call" -- recio -L "$calls" plain $call
	is "$call is refused: a note says that TLS is not seen, and why" \
		"$(grep '^: ' "refused-$call")" \
		": TLS
: TLS, not seen: no function of OpenSSL or GnuTLS was called"
	is "$call is refused: no clear byte is recorded" \
		"$(lines '[<>]' "refused-$call")" 0
done
# The search of sanitizers for leaks needs them, too.
inside refused-others -- env ASAN_OPTIONS="${ASAN_OPTIONS-}:detect_leaks=0" \
	recio -L "$calls" plain recvfrom getpid fcntl
is "other calls are refused: all is seen" \
	"$(lines '<' refused-others) $(lines '>' refused-others)" "2 2"
is "other calls are refused: one note, about TLS" \
	"$(grep '^: ' refused-others)" ": TLS TLSv1.3 TLS_AES_256_GCM_SHA384"

# Through memory the session is known by the random of its first handshake.
inside renewed -V 1.2 -- recio -L "$calls" renew
is "another handshake through memory: a note says so" \
	"$(grep '^: ' renewed)" \
	": TLS TLSv1.2 TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
: TLS, not seen: another handshake in the same session"
is "another handshake through memory: what came before is recorded" \
	"$(lines '[<>]' renewed)" 2
inside update -- recio -L "$calls" renew
is "new keys in TLS 1.3 need no other handshake: all is seen" \
	"$(lines '<' update) $(lines '>' update)" "2 2"
inside again -V 1.2 -- recio -L "$calls" update
is "another handshake on the descriptor: all is seen" \
	"$(lines '<' again) $(lines '>' again)" "2 2"

# The channel is the program's highest descriptor.
cat >channel.pl <<'S'
my ($highest) = sort { $b <=> $a } map { m,/(\d+)$, } glob '/proc/self/fd/*';
my $name = "/proc/self/fd/$highest";
my ($inode) = readlink($name) =~ /^socket:\[(\d+)\]$/;
print "it is a socket\n" if $inode;
print sysopen(my $fh, $name, 2) ? "opened\n" : "$!\n";
for (grep { (split)[6] == $inode } split /\n/, `cat /proc/net/unix`) {
	my @column = split;
	print "type $column[4], ", @column > 7 ? "bound to $column[7]" : 'no name',
		"\n";
}
my @holders = grep { readlink($_) eq "socket:[$inode]" }
	glob '/proc/[0-9]*/fd/*';
print scalar(@holders), " descriptor\n";
S
recio -L -n 3 perl channel.pl >got 3>/dev/null </dev/null
cat >want <<'END'
it is a socket
No such device or address
type 0005, no name
1 descriptor
END
same "the channel can't be opened, has no name, and one process has it" got want
done_testing
