#!/bin/sh
# The exact bytes of a session come back from its log: by the recipe of
# records(5), and by rlogsess -o bytes and -o hex, whatever recio and rlog were
# told to write; where bytes are missing, a sentence and the exit code say so.
. "$(dirname "$0")/../lib.sh"
export TZ=UTC

# All bytes, all pairs of special bytes, empty and long lines, and no newline at
# the end.  Texts of records and escapes are data, too.
perl -e 'print map(chr, 0 .. 255), "\r\n";
	my @special = ("\\", "\r", "\n", "+", " ", "x00", "\xe2\x80\xae", "\xc3");
	for my $one (@special) { print $one, $_, "." for @special }
	print "\n\n[EOF]\n4711 < no record \n4711 : TLS\n\\x41\\\\x1b \n";
	print "x" x $_, "\r\n" for 250 .. 260, 4070 .. 4100;
	print "y" x 70000, "\n", "\\\0" x 5000, "+"' >sent

# recorded LOG-COMMAND [OPTION...]: the session of a program that answers with
# what it has read is then in log; "cat >log" keeps it as it is.
recorded() {
	keep=$1
	shift
	rm -rf log
	recio "$@" cat 2>&1 >back <sent | sh -c "$keep"
}

# The recipe of the page, for the log $1.
sed -n '/^\$ perl -ne /,/| od /p' "$top/doc/records.5" |
	sed '1s/^\$ //; s/\\e/\\/g; s/| od.*//' >recipe
ok "records.5 has a recipe" test -s recipe
for keep in 'cat >log' 'rlog t s9m ./log' 'rlog T s9m ./log'; do
	for options in '' -t -v -l '-w 7'; do
		# shellcheck disable=SC2086 # each is an option
		recorded "$keep" $options
		set -- log
		[ -f log ] || set -- log/@* log/current
		cat "$@" 2>/dev/null >lines
		sed 's/\blog\(\/current\)\?\b/lines/' recipe >this
		sh ./this >got
		same "records.5's recipe: recio $options, $keep" sent got
	done
done

# What recio wrote, what rlog made of it, and how long the records are: the
# bytes are the same.
for row in '|cat >log' '-t|cat >log' '-v|cat >log' '-l|cat >log' \
	'-w 7|cat >log' '-w 1 -v|cat >log' '-x|cat >log' '-x -w 5 -t|cat >log' \
	'-x -l -v|cat >log' '-r|cat >log' '-r -w 256|cat >log' \
	'-r -v -t|cat >log' '|rlog t s9m ./log' '-t|rlog t s9m ./log' \
	'-v|rlog T s9m ./log' '|rlog t s9m "pmx1: " ./log' \
	'-x|rlog t s9m "pmx1: " ./log' '|rlog r1s s9m ./log' \
	'-f in|rlog t s9m ./log' '-f out -x|rlog t s9m ./log'; do
	options=${row%%|*}
	# shellcheck disable=SC2086 # each is an option
	recorded "${row#*|}" $options
	for direction in in out; do
		case "$options" in *"-f in"*) [ $direction = in ] || continue ;;
		*"-f out"*) [ $direction = out ] || continue ;; esac
		rlogsess -o bytes --direction $direction log >got 2>err
		is "recio $options, ${row#*|}: -o bytes $direction succeeds" \
			"$?$(cat err)" 0
		same "recio $options, ${row#*|}: the bytes $direction" sent got
	done
done

# unhex DIRECTION <HEX: the bytes of one direction of -o hex.
unhex() {
	perl -ne '$on = /^'"$1"' / if /^[IO#]/; next if !$on || !/^[0-9a-f]{6,} /;
		print map chr hex, substr($_, 8, 50) =~ /([0-9a-f]{2}) /g'
}
for options in '-tv' '-x' '-r' '-w 100'; do
	# shellcheck disable=SC2086 # each is an option
	recorded 'rlog t s9m ./log' $options
	rlogsess -o hex log >dump
	unhex I <dump >got
	same "recio $options: -o hex, the input" sent got
	unhex O <dump >got
	same "recio $options: -o hex, the output" sent got
	rlogsess -o hex --direction out log >dump
	is "recio $options: -o hex of one direction" "$(grep -c '^I ' dump)" 0
	unhex O <dump >got
	same "recio $options: -o hex of one direction, the output" sent got
done
rm -rf log
printf 'one\r\ntwo \0' | recio -tv -f in sh -c 'exec cat >/dev/null' 2>&1 |
	cat >log
is "-o hex: packets below their directions, times and offsets" \
	"$(rlogsess -o hex log | sed 's/=[0-9]* off/=PID off/; s/ss [0-9]*/ss PID/
		s/[-0-9]* [0-9:]*\.[0-9]* </TIME </; s/[0-9.]* seconds/N seconds/')" \
	"# session 1, process PID
# : start sh
I TIME < pid=PID offset=0
000000  6f 6e 65 0d 0a 74 77 6f  20 00                    |one..two .|
# < [EOF]
# : end < 10 bytes, eof; > 0 bytes, eof; N seconds"
echo '@400000006b00c2ea009a1f14 7 < a 
@400000006b00c2ea009a1f15 7 < b 
@400000006b00c2eb009a1f15 7 < c 
@400000006b00c2eb009a1f16 7 > d+
@400000006b00c2eb009a1f17 7 < e+' >log
is "-o hex: records of one read are one packet, with the offset of its first byte" \
	"$(rlogsess -o hex log 2>/dev/null | grep offset)" \
	"I 2026-11-20 22:00:00.010100 < pid=7 offset=0
I 2026-11-20 22:00:01.010100 < pid=7 offset=4
O 2026-11-20 22:00:01.010100 > pid=7 offset=0
I 2026-11-20 22:00:01.010100 < pid=7 offset=6"

# text2pcap reads the dump; the text beside the digits deceives nobody.
perl -e 'srand 12; print join " ", map { sprintf "%02x", rand 256 } 1 .. 40000' |
	recio -t cat 2>&1 >/dev/null | cat >log
if [ "$(command -v text2pcap)" ]; then
	rlogsess -o hex --direction in log >dump
	rlogsess -o bytes --direction in log >want
	text2pcap -q -F pcap -D -t '%Y-%m-%d %H:%M:%S.%f' dump pcap 2>err
	perl -e 'local $/; $_ = <STDIN>; for (my $at = 24; $at < length;) {
		my $len = unpack "V", substr $_, $at + 8, 4;
		print substr $_, $at + 16, $len; $at += 16 + $len }' <pcap >got
	same "text2pcap: the packets have the bytes" want got
else
	skip "text2pcap is not installed" 1
fi

# Sessions are chosen as ever, and several follow one another.
echo 'tcpserver: pid 7 from 192.0.2.7
tcpserver: pid 8 from 192.0.2.8
7 < for seven
8 < for eight
7 > seven
8 > eight
7 < [EOF]
8 < [EOF]
7 > [EOF]
8 > [EOF]
tcpserver: end 7 status 0
tcpserver: end 8 status 256' | sed 's/^[0-9] [<>] [a-z].*/& /' >log
is "-p chooses" "$(rlogsess -p 8 -o bytes --direction in log)" "for eight"
is "-i chooses" "$(rlogsess -i 192.0.2.7 -o bytes --direction out log)" seven
is "-s chooses" "$(rlogsess -s -o bytes --direction out log)" eight
is "-m chooses" "$(rlogsess -m seven -o bytes --direction out log)" seven
rlogsess -o bytes --direction in log >got 2>err
is "several sessions: a sentence, and success" "$?$(cat got err)" "0for seven
for eight
rlogsess: warning: the bytes of several sessions follow one another; -p, -i, -S and -U choose one"
sed 's/^/@400000006b00c2ea009a1f14 /' log >stamped
head -n 5 stamped | rlogsess -k state -o bytes --direction in >got 2>&1
{
	tail -n +6 stamped
	echo '@400000006b00d2ea009a1f14 tcpserver: pid 9 from 192.0.2.9'
} | rlogsess -k state -p 7 -o bytes --direction in >>got 2>&1
is "-k carries bytes over" "$(cat got)" "for seven"

# incomplete DESCRIPTION DIRECTION WANT SENTENCE
incomplete() {
	rlogsess -o bytes --direction "$2" log >got 2>err
	is "$1: exit 1" "$?" 1
	is "$1: the bytes that are there" "$(od -An -c got)" "$(printf %b "$3" | od -An -c)"
	is "$1: a sentence" "$(cat err)" \
		"rlogsess: warning: session 1, process 7, $2: $4"
	rlogsess -o hex --direction "$2" log >/dev/null 2>err
	is "$1: -o hex, exit 1" "$?" 1
	is "$1: -o hex, a sentence" "$(cat err)" \
		"rlogsess: warning: session 1, process 7, $2: $4"
}
# session LINE...: the lines of process 7 and its ends.
session() {
	printf '7 %s\n' "$@" '< [EOF]' '> [EOF]'
}
cr=$(printf '\r')
session "< DATA$cr " ': < 31 bytes, 2 lines of message' "< QUIT$cr " >log
incomplete "-p: a message" in 'DATA\r\nQUIT\r\n' \
	"recio -p left out messages: 1, of 31 bytes"
session "< RETR 1$cr " "> +OK$cr " ': > 31 bytes, 2 lines of message' >log
incomplete "-p: a message to the client" out '+OK\r\n' \
	"recio -p left out messages: 1, of 31 bytes"
session '> 220 go ' ': TLS' >log
incomplete "-p: TLS" out '220 go\n' "recio -p left out what TLS encrypts"
session '> 220 go ' ': compressed' >log
incomplete "-p: compression" out '220 go\n' \
	"recio -p left out compressed bytes"
session '< PASS *** ' >log
incomplete "-p: a secret" in 'PASS ***\n' \
	"there is ***, which recio -p writes in place of hidden bytes"
session '< FOO *** 12 bytes ' >log
incomplete "-p: hidden text" in 'FOO *** 12 bytes\n' \
	"there is ***, which recio -p writes in place of hidden bytes"
session "< a LOGIN b {3}$cr " "< ***$cr " >log
incomplete "-p: a hidden literal" in 'a LOGIN b {3}\r\n***\r\n' \
	"there is ***, which recio -p writes in place of hidden bytes"
session '< PASS *** ' "> no ***ful$cr " >log
incomplete "-p: a repeated secret" out 'no ***ful\r\n' \
	"there is ***, which recio -p writes in place of hidden bytes"
session '< ab+' ': recorded 2 bytes, the rest is left out' >log
incomplete "-k" in ab "recio -k left out the rest"
session '< a ' ': lost 2 records, 10 bytes' '< b ' >log
incomplete "lost records" in 'a\nb\n' "recio lost records"
session '< a ' | grep -v '< .EOF' | head -n 1 >log
incomplete "the end of the log" in 'a\n' "its end is not in this log"
# The program's output has ended, and later nothing was said for two hours.
printf '@400000006b00c2ea009a1f14 7 %s\n' '< a ' '> b ' '> [EOF]' >log
rlogsess -o bytes --direction in log >got 2>err
is "an input without its end: exit 1 while the session may go on" "$?" 1
echo '@400000006b00e2ea009a1f14 8 < x ' >>log
is "an input without its end: success when it was silent" \
	"$(rlogsess -p 7 -o bytes --direction in log 2>&1)$?" a0
session '> a ' | grep -v '< ' >log
incomplete "recio -f out" in '' "the log has no record of it"
session '< a ' ': end < 5 bytes, eof; > 0 bytes, eof; 1.000 seconds' |
	grep -v EOF >log
incomplete "the count of -v" in 'a\n' \
	"the log has 2 of its 5 bytes"
session "< \\x1bx\\x0d " | sed 's/\\/\\\\/; s/\\\\x0d/\\x0d/' >log
incomplete "v of rlog" in '\\x1bx\r\n' "v of rlog has changed its escapes"
printf '7 < a\n7 < [EOF]\n7 > [EOF]\n' >log
incomplete "a logger that removes spaces" in 'a\n' \
	"a logger has removed the ends of records: 1"
session '< 00000010  61                                                |a|' |
	sed 's/61  */61                                                /' >log
incomplete "a gap in the offsets of a dump" in a \
	"the offsets of its dumps have gaps: 1"
for line in "*** x$cr " "x ***$cr " "+*** a bytes$cr " "**+" "a{3}$cr "; do
	session "< $line" "> *** ***$cr " >log
	ok "data that is no hidden text: $line" \
		sh -c 'rlogsess -o bytes --direction in log >got'
done
session '< a\x00b ' '< a ' >log
is "an escape that could be raw text: recio's count decides" \
	"$({ sed '/EOF/d' log; echo '7 : end < 9 bytes, eof; > 0 bytes, eof; 1.0 seconds'; } |
		rlogsess -o bytes --direction in)" 'a\x00b
a'

# Nothing of a peer reaches a terminal.
script -qec "rlogsess -o bytes --direction in '$T/log'" /dev/null </dev/null >got
is "a terminal: exit 100" "$?" 100
is "a terminal: a sentence" "$(tr -d '\r' <got)" \
	"rlogsess: fatal: -o bytes writes bytes of peers as they are, which could drive a terminal: redirect them, or take -o hex"
ok "a terminal: -o hex" \
	sh -c 'script -qec "rlogsess -o hex log" /dev/null </dev/null >got'

# refused MESSAGE ARGUMENT...: wrong use.
refused() {
	message=$1
	shift
	rlogsess "$@" log >got 2>&1
	is "rlogsess $*: wrong use" "$?$(cat got)" "100rlogsess: fatal: $message"
}
refused "-o bytes needs --direction in or out" -o bytes
refused "invalid direction 'up': give in, to the program, or out, from it" \
	-o bytes --direction up
refused "--direction belongs to -o bytes and hex" -o text --direction in
refused "-n excludes -o bytes, hex and mail" -n 1 -o hex
refused "-o bytes, hex, mail, pcapng, ladder and metrics show sessions, -M shows messages" -M -o hex
done_testing
