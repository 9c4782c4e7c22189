#!/bin/sh
# Side by side with the real recordio: the same sessions give recio -r -w 256
# the same records, where the kernel gives both the same packets; and where
# recordio is wrong, both are shown.
. "$(dirname "$0")/../lib.sh"

# session STEPS COMMAND...: once under each; logs to log.a and log.b, what the
# client saw to seen.a and seen.b.
session() {
	steps=$1
	shift
	# The log is whole when the relay has closed it, after the client's end.
	: >log.b
	perl "$top/tests/tools/peer.pl" "$steps" recordio "$@" 2>&1 >seen.a |
		cat >log.a
	perl "$top/tests/tools/peer.pl" "$steps" recio -r -w 256 "$@" 2>&1 \
		>seen.b | cat >log.b
}
# The records of each direction; how the two mix is a matter of chance where
# client and program do not wait for each other.
equal() {
	what=$1
	shift
	session "$@"
	for log in a b; do
		for dir in '<' '>'; do
			sed 's/^[0-9]* //' "log.$log" | grep -a "^$dir"
		done >$log
	done
	same "$what: the same records" b a
	same "$what: the client sees the same" seen.b seen.a
}
long=$(printf '%0600d' 0)
equal "nothing at all" 'shut end' cat
equal "nothing, the program ends first" 'end' true
equal "only the program speaks" 'end' echo hello
equal "only the client speaks" 'send:hello\r\n shut end' \
	sh -c 'read -r x; read -r x'
equal "a dialogue" 'send:EHLO\r\n line send:\r\n line send:x\n line shut end' cat
sed 's/^[0-9]* //' log.a >a
sed 's/^[0-9]* //' log.b >b
same "a dialogue: in the same order" b a
equal "a last line without a newline" 'send:a\nb line shut end' cat
equal "binary" 'send:\0\0\r\r\n line send:\0 shut end' cat
equal "control and 8-bit bytes" 'end' printf 'a\033[31m\b\177\200\377\\x\tb\r'
equal "a long line" "send:$long\n line shut end" cat
equal "a line of exactly 256 bytes" "send*256:A send:\n line shut end" cat
equal "many lines in one packet" 'send*100:line\r\n shut end' sh -c 'wc -c'
equal "many packets" "$(i=0
	while [ $i -lt 40 ]; do
		printf 'send:%d\\n line ' $i
		i=$((i + 1))
	done) shut end" cat
equal "the client half-closes" 'send:a\nb\n shut end gone' sh -c 'sort -r'
equal "exit status" 'send:a\n shut end gone' sh -c 'cat; exit 9'
equal "two pipes" 'pipes send:a\n line send:b shut end gone' cat
equal "packets of two kilobytes" 'send*300:1234567 line shut end' \
	perl -e 'read STDIN, $_, 2100; syswrite STDOUT, "$_\n"; 1 while <STDIN>'

# Much data: the packets differ, the bytes must not.
session 'pipes send*20000:abc\ndef shut end' cat
mkdir bytes.a bytes.b
perl "$top/tests/tools/rebuild.pl" bytes.a <log.a
perl "$top/tests/tools/rebuild.pl" bytes.b <log.b
same "much data: the bytes to the program" bytes.b/*.in bytes.a/*.in
same "much data: the bytes from the program" bytes.b/*.out bytes.a/*.out

# Where recordio is wrong.
cat >half.pl <<'S'
$| = 1;
print "bye\n";
close STDOUT;
open my $f, '>', 'read';
print $f $_ while <STDIN>;
S
rm -f read
session 'pipes line end send:one\n send:two\n shut gone' perl half.pl
is "output closed first: recio relays what still comes" \
	"$(grep -c '< \(one\|two\) $' log.b)" 2
is "output closed first: recordio relays no more" \
	"$(grep -c '< \(one\|two\) $' log.a)" 0

cat >late.sh <<'S'
read -r x
exec <&-
>closed
until grep -q '< two ' log.?; do sleep 0.01; done
echo late
S
for log in a b; do
	rm -f closed log.?
	[ $log = a ] && relay=recordio || relay='recio -r'
	# shellcheck disable=SC2086 # recio has an option
	perl "$top/tests/tools/peer.pl" \
		'send:one\n file:closed send:two\n shut end gone' \
		$relay sh late.sh 2>log.$log >seen.$log
done
is "input closed, more comes: recio delivers the answer" "$(cat seen.b)" \
	"$(printf 'late\n<eof>\n<status 0>')"
is "input closed, more comes: recordio's program is killed" \
	"$(tail -n 1 seen.a)" \
	'<status signal 13>'

perl "$top/tests/tools/peer.pl" 'line' recordio perl -e 'print STDOUT
	eval { open my $f, ">&=0"; syswrite $f, "x" } ? "yes\n" : "no\n"' \
	2>log.a >seen.a
perl "$top/tests/tools/peer.pl" 'line' recio perl -e '
	open my $f, ">&=0"; syswrite $f, "on 0\n"' 2>log.b >seen.b
is "a socket stays a socket: 0 can be written" "$(cat seen.b)" "on 0"
is "with recordio 0 can't be written" "$(cat seen.a)" no

printf 'a\033[2Jb\n' | recio cat 2>escapes.b >seen.b
printf 'a\033[2Jb\n' | recordio cat 2>escapes.a >seen.a
esc=$(printf '\033')
wait_for 20 grep -q '> .EOF.' escapes.b
wait_for 20 grep -q '> .EOF.' escapes.a
is "terminal escapes: none by default" "$(grep -c "$esc" escapes.b)" 0
is "terminal escapes: recordio lets them through" "$(grep -c "$esc" escapes.a)" 2
done_testing
