#!/bin/sh
# The relay of tests/tools that cuts a connection: it passes exactly the bytes
# that it was told to, each way, and all of them without a cut.
. "$(dirname "$0")/../lib.sh"

# A server that sends $answer after each line, and writes all it gets to `got`.
answer=0123456789
port=$(free_port)
spawn perl -MIO::Socket::INET -e '
	my ($port, $answer) = @ARGV;
	my $listener = IO::Socket::INET->new(LocalAddr => "127.0.0.1",
		LocalPort => $port, Listen => 9, ReuseAddr => 1) or die;
	$SIG{PIPE} = "IGNORE";
	while (my $client = $listener->accept) {
		open my $got, ">", "got.new" or die;
		while (sysread $client, my $bytes, 100) {
			syswrite $got, $bytes;
			syswrite $client, $answer while $bytes =~ /\n/g;
		}
		rename "got.new", "got";
	}' "$port" "$answer"
relay=$(free_port)
wait_for 10 listening "$port"
wait_for 10 [ -e got ]
rm got
spawn "$top/tests/tools/cut-relay.pl" "$relay" "127.0.0.1:$port"
wait_for 10 listening "$relay"
wait_for 10 [ -e got ]

# talk: sends three lines of five bytes, each after the answer to the one before,
# prints what was answered, and waits for the end of the connection on the server.
talk() {
	rm -f got
	perl -MIO::Socket::INET -e '
		my $socket = IO::Socket::INET->new(PeerAddr => "127.0.0.1",
			PeerPort => $ARGV[0]) or die;
		$SIG{PIPE} = "IGNORE";
		for (1 .. 3) {
			syswrite $socket, "ask$_\n" or last;
			my $want = 10;
			while ($want) {
				my $n = sysread $socket, my $bytes, $want or exit;
				print $bytes;
				$want -= $n;
			}
		}' "$relay"
	echo
	wait_for 10 [ -e got ]
}

is 'without a cut all answers arrive' "$(talk)" "$answer$answer$answer"
is 'and all bytes reach the server' "$(cat got)" 'ask1
ask2
ask3'
ok 'the log counts the bytes of an ended connection' \
	wait_for 10 grep -qx '15 30 end' log
for n in 0 1 4 5 6 14; do
	echo "to $n" >next
	talk >answers
	is "to $n: the server gets so many bytes" "$(wc -c <got)" "$n"
done
is 'the answers before the cut arrived' "$(cat answers)" "$answer$answer"
for n in 0 1 10 11 29; do
	echo "from $n" >next
	is "from $n: the client gets so many bytes" \
		"$(talk | tr -d '\n' | wc -c)" "$n"
done
is 'the connection after a cut passes all' "$(talk)" "$answer$answer$answer"
ok 'all ends are in the log' \
	wait_for 10 sh -c "[ \$(grep -c ' ' log) = \$(grep -c connect log) ]"
is 'all connections are counted' "$(grep -c connect log)" 14
is 'and all cuts' "$(grep -c ' cut$' log)" 11
done_testing
