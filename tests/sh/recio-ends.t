#!/bin/sh
# Half-closes, early ends and slow peers: nothing is lost, and the relay goes.
. "$(dirname "$0")/../lib.sh"
peer() {
	rm -f log
	perl "$top/tests/tools/peer.pl" "$@" 2>log
}
ended() {
	grep -q ' : end ' log
}
end_note() {
	wait_for 30 ended
	sed -n 's/^[0-9]* : \(end .*\); .* seconds$/\1/p' log
}

cat >half-close.pl <<'S'
$| = 1;
print "bye\n";
shutdown STDOUT, 1;
close STDOUT;
open my $f, '>', 'read';
print $f $_ while <STDIN>;
S
cat >closes-input.sh <<'S'
read -r x
exec <&-
>closed
until grep -q '< two ' log; do sleep 0.01; done
echo "answer $x"
echo done
S
for kind in '' 'pipes '; do
	name=${kind:-socket }
	peer "${kind}send:a\nb\n shut end" recio -v wc -l >got
	is "$name: the client half-closes, the answer comes" "$(cat got)" \
		"$(printf '2\n<eof>')"
	is "$name: the note on the client's half-close counts both ends" \
		"$(end_note)" "end < 4 bytes, eof; > 2 bytes, eof"

	peer "${kind}line end send:one\n send:two\n shut gone" \
		recio -v perl half-close.pl >got
	is "$name: the program half-closes and reads on" "$(cat got)" \
		"$(printf 'bye\n<eof>\n<status 0>')"
	is "$name: after its half-close the program reads all bytes" \
		"$(cat read)" "$(printf 'one\ntwo')"
	is "$name: the note on the program's half-close counts both ends" \
		"$(end_note)" "end < 8 bytes, eof; > 4 bytes, eof"

	rm -f closed
	peer "${kind}send:one\n file:closed send:two\n shut end gone" \
		recio -v sh closes-input.sh >got
	is "$name: a program closes its input and answers later" "$(cat got)" \
		"$(printf 'answer one\ndone\n<eof>\n<status 0>')"
	ok "$name: bytes that the program did not take are recorded" \
		grep -q '^[0-9]* < two $' log
	# A socket is only closed when both of its descriptors are.
	untaken=
	[ -z "$kind" ] || untaken=' (4 not taken)'
	is "$name: bytes that the program did not take are counted" \
		"$(end_note)" \
		"end < 8 bytes$untaken, eof; > 16 bytes, eof"
done

# recordio in the same place: the answer is lost (what we are better at).
rm -f closed
peer "send:one\n file:closed send:two\n shut end gone" \
	recordio sh closes-input.sh >got
is "recordio loses that answer and kills the program" \
	"$(tail -n 1 got)" '<status signal 13>'

# The peer begins to read when the program has said all and has gone.
printf 'head -c 300000 /dev/zero\n>said\n' >much.sh
rm -f said
peer 'file:said gone end' recio -v sh much.sh >got
is "the last byte comes to a slow peer" "$(cat got)" \
	"$(printf '<status 0>\n300000 bytes<eof>')"

# An answer, with the peer still sending when the program ends: a bare socket
# is reset then, and the answer may be lost.
printf 'until [ "$(wc -c <log)" -gt 200000 ]; do sleep 0.01; done
echo answer' >answer.sh
peer 'send*300000:abc line shut end' recio -v sh answer.sh >got
is "an answer comes to a peer that still sends" "$(cat got)" \
	"$(printf 'answer\n<eof>')"
is "a peer that still sends: all its bytes are counted" \
	"$(end_note | sed 's/(.*)/(...)/')" \
	"end < 900000 bytes (...), eof; > 7 bytes, eof"

# The client has an answer on its way that it does not take yet, and sends more:
# a relay that had closed its socket would reset it.
printf 'read -r x\nhead -c 300000 /dev/zero\n' >late.sh
rm -f log go
spawn sh -c 'exec perl "$@" 2>log >got' sh "$top/tests/tools/peer.pl" \
	'slow send:one\nunread gone file:go send:more end' \
	recio -v -f out sh late.sh
ok "a slow client: the relay has passed on the program's output" \
	wait_for 30 grep -q '> \[EOF\]$' log
is "a slow client: the relay stays until it has its answer" \
	"$(grep -c ' : end ' log)" 0
touch go
ok "a slow client that still sends ends" wait_for 30 gone "$spawned"
is "a slow client that still sends has all of the answer" "$(cat got)" \
	"$(printf '<status 0>\n300000 bytes<eof>')"

needs_linux "no system tells what a client has"
# A client that has all and sends no more does not hold up the relay.
rm -f log
spawn sh -c 'exec perl "$@" 2>log >got' sh "$top/tests/tools/peer.pl" \
	'send:QUIT\nx end file:never' recio -v sh -c 'read -r x; echo bye'
is "the relay ends before a client that stays open" "$(end_note)" \
	"end < 6 bytes, program gone; > 4 bytes, eof"
wait_for 30 grep -q '<eof>' got
is "a client that stays open has its answer" \
	"$(cat got)" "$(printf 'bye\n<eof>')"

printf 'head -c 150000 /dev/zero\n>said\n' >stall.sh
rm -f said log
spawn sh -c 'exec perl "$@" 2>log' sh "$top/tests/tools/peer.pl" \
	'small file:never' recio -v -T 1 sh stall.sh
ok "a peer that takes nothing is given up" wait_for 30 grep -q \
	' : gave up: the peer took nothing for 1 seconds, [0-9]* bytes' log
is "a peer that takes nothing: the note says that it timed out" \
	"$(end_note | sed 's/[0-9][0-9]*/N/g')" \
	'end < N bytes, program gone; > N bytes (N not taken), timed out'

peer 'send:x\n line reset' recio -v sh -c \
	'read -r x; echo y; cat >rest; cat >rest2' >got
ok "the relay ends after a reset by the peer" wait_for 30 ended
is "a reset by the peer: the note says so" \
	"$(end_note | sed 's/.*bytes, \(.*\);.*/\1/')" "reset"

# The program writes on, to a peer that has gone: it gets an error, with SIGPIPE
# or, when it was waiting in a write, without, as on a socket.
printf 'x=0\nwhile echo y; do :; done 2>/dev/null\n' >yes.sh
peer 'line close gone' recio -v sh yes.sh >got
ok "a program that writes to a peer that has gone ends" \
	grep -Eqx '<status (signal 13|0)>' got
is "a write to a peer that has gone: the note says reset" \
	"$(end_note | sed 's/.*, //')" reset

# A pipe whose reader has gone is noticed by a program that writes later.
is "a pipe closed at the other end" \
	"$(recio -v sh -c 'trap "" PIPE; while echo y; do :; done 2>/dev/null
	echo over >&3' 3>&1 2>log | head -n 1 | sort -u)" \
	y
done_testing
