# shellcheck shell=sh
# For tests of mail servers that check their client's address: a stranger can't
# send mail through the server to other hosts, whether recio, rawio or no relay
# runs it. recordio hides the peer from the server, so a server under recordio
# shows that the test can tell an open relay. Source it after tests/lib.sh.
: "${top:?}"
. "$top/tests/peer/unpacked.sh"
PATH=$PATH:/usr/sbin
chmod 711 .

# The client connects from an address of this machine other than 127.0.0.1, for
# which servers relay. It prints the server's reply to RCPT.
cat >stranger.pl <<'S'
use IO::Socket::INET;
$SIG{ALRM} = sub { print "timed out\n"; exit 1 };
alarm 300;
my $s = IO::Socket::INET->new(PeerAddr => "127.0.0.1:$ARGV[0]",
	LocalAddr => '127.0.0.2') or die "unable to connect: $!\n";
sub answer {
	while (my $line = <$s>) {
		return $line if $line =~ /^\d{3} /;
	}
	return 'end';
}
my @answers = answer();
for ('EHLO stranger.example.net', 'MAIL FROM:<a@stranger.example.net>',
	'RCPT TO:<victim@foreign.example>', 'QUIT') {
	print $s "$_\r\n";
	push @answers, answer();
}
print $answers[3];
S

# verdict COMMAND...: runs the server COMMAND under tcpserver, within $around, and
# prints relayed, refused or the reply that the stranger gets.
verdict() {
	port=$(free_port)
	spawned=
	# shellcheck disable=SC2086 # several words, or none
	spawn sh -c 'exec "$@" 2>>log' sh ${around:-} \
		tcpserver -RHl0 127.0.0.1 "$port" "$@"
	wait_for 20 listening "$port"
	perl stranger.pl "$port" >answer
	kill "$spawned"
	case $(cat answer) in
	2*) echo relayed ;;
	[45]*elay*) echo refused ;;
	*) cat answer ;;
	esac
}

cat >chain <<'S'
#!/bin/sh
exec recio softlimit -o 500 env -i PATH="$PATH" \
	TCPREMOTEIP="$TCPREMOTEIP" QPSMTPD_CONFIG="${QPSMTPD_CONFIG:-}" \
	MAIL_CONFIG="${MAIL_CONFIG:-}" \
	sh -c 'exec "$@"' sh "$@"
S
chmod +x chain

# refuses NAME SERVER...: passes if the server refuses the stranger without a
# relay and with each.
refuses() {
	refuses_name=$1
	shift
	for relay in env recio 'recio -p smtp' "rawio -d $T/raw" \
		'recio recio' ./chain; do
		# shellcheck disable=SC2086 # several words
		is "$refuses_name: a stranger is refused, with relay: $relay" \
			"$(verdict $relay "$@")" refused
	done
}
mkdir -m 777 raw
