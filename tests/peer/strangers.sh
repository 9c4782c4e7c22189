# shellcheck shell=sh
# For tests of mail servers that look at their client's address: a stranger can't
# send mail through them to others, no matter whether recio or rawio stands in
# front of them. recordio, behind which a server has no peer, shows that a relay
# would be seen. Sourced after tests/lib.sh.
: "${top:?}"
. "$top/tests/peer/unpacked.sh"
PATH=$PATH:/usr/sbin
chmod 711 .

# The client comes from an address that is this machine's, but is not 127.0.0.1,
# from which servers relay. Prints what its RCPT is answered.
cat >stranger.pl <<'S'
use IO::Socket::INET;
$SIG{ALRM} = sub { print "timed out\n"; exit 1 };
alarm 120;
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

# verdict COMMAND...: what the stranger is told under tcpserver, which $around
# runs.
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

# refuses NAME SERVER...: it does, with us and without.
refuses() {
	refuses_name=$1
	shift
	for relay in env recio 'recio -p smtp' "rawio -d $T/raw" \
		'recio recio' ./chain; do
		# shellcheck disable=SC2086 # several words
		is "$refuses_name: a stranger is refused behind: $relay" \
			"$(verdict $relay "$@")" refused
	done
}
mkdir -m 777 raw
