#!/bin/sh
# rlogsess knows all that recio writes, with each of its options, and all lines
# of servers and services with a process ID.
. "$(dirname "$0")/../lib.sh"
export TZ=UTC

# A server and a client of a small SMTP, which waits for each answer.
cat >serve <<'END'
printf '220 mx.example.org ESMTP\r\n'
while read -r line; do
	case $line in
	EHLO*) printf '250-mx.example.org\r\n250 8BITMIME\r\n' ;;
	DATA*)
		printf '354 go\r\n'
		while read -r line && [ "$line" != "$(printf '.\r')" ]; do :; done
		printf '250 ok 1 qp 5\r\n'
		;;
	QUIT*) printf '221 bye\r\n' && exit ;;
	*) printf '250 ok\r\n' ;;
	esac
done
END
cat >client <<'END'
use IPC::Open2;
my $pid = open2(my $out, my $in, 'recio', @ARGV, 'sh', 'serve');
sub answer { local $_; while (<$out>) { last if /^\d+ / } }
answer();
for ("EHLO client.example.com", "MAIL FROM:<a\@example.org>",
	"RCPT TO:<b\@example.net>", "DATA",
	"Subject: x\r\n\r\n\\x41 \\ \xe9 \e[1m 4712 > 220 not mine\r\n.", "QUIT") {
	print $in "$_\r\n";
	$in->flush;
	answer();
}
close $in;
answer();
waitpid $pid, 0;
END
export PROTO=TCP TCPREMOTEIP=192.0.2.7 TCPREMOTEPORT=4000
export TCPLOCALIP=2001:db8::25 TCPLOCALPORT=25

# recorded [OPTION...]: the log of a session is then in ./log.
recorded() {
	rm -rf log
	perl client "$@" 2>&1 >/dev/null | rlog t ./log
}

# The fields of the session but its times and its process ID.
facts() {
	rlogsess -o table log | cut -f 3,5- | tr '\t' ' '
}

all='client.example.com a@example.org b@example.net'
counts='221 bye 141 108 -'
# recio's options, and what the table has then.
for row in "|- $all 1 49 $counts -" \
	"-v|192.0.2.7 $all 1 49 $counts -" \
	"-t|- $all 1 49 $counts -" \
	"-tv|192.0.2.7 $all 1 49 $counts -" \
	"-r|- $all 1 49 $counts -" \
	"-rv|192.0.2.7 $all 1 49 $counts -" \
	"-x|- $all 1 49 $counts -" \
	"-xv|192.0.2.7 $all 1 49 $counts -" \
	"-xtv|192.0.2.7 $all 1 49 $counts -" \
	"-xl|- $all 1 49 $counts -" \
	"-x -w 7|- $all 1 49 $counts -" \
	"-w 8|- $all 1 49 $counts -" \
	"-w 1|- $all 1 49 $counts -" \
	"-l|- $all 1 49 $counts -" \
	"-p smtp|- $all 1 49 221 bye 89 108 - -" \
	"-p smtp -v|192.0.2.7 $all 1 49 $counts -" \
	"-p smtp -x|- $all 1 49 $counts -" \
	"-p smtp -xtv|192.0.2.7 $all 1 49 $counts -" \
	"-f in|- $all 1 49 - 141 0 - -" \
	"-f in -v|192.0.2.7 $all 1 49 - 141 108 - -" \
	"-f in -x|- $all 1 49 - 141 0 - -" \
	"-f out|- - - - 0 0 221 bye 0 108 - -" \
	"-f out -v|192.0.2.7 - - - 0 0 $counts -" \
	"-k 0|- - - - 0 0 - 0 0 - lines-missing" \
	"-k 0 -v|192.0.2.7 - - - 0 0 - 141 108 - lines-missing" \
	"-k 31|- - - - 0 0 220 mx.example.org ESMTP 5 26 - lines-missing" \
	"-k 31 -xv|192.0.2.7 - - - 0 0 220 mx.example.org ESMTP 141 108 - lines-missing"; do
	options=${row%%|*}
	# shellcheck disable=SC2086 # each is an option
	recorded $options
	is "recio $options: the table" "$(facts)" "${row#*|}"
	is "recio $options: no failure" "$(rlogsess -s log)" ""
done
recorded -w 8
is "json: a CR in a record of its own is no part of helo and reply" \
	"$(rlogsess -o json log | grep -Eo '"(helo|reply)":"[^"]*"' | tr '\n' ' ')" \
	'"helo":"client.example.com" "reply":"221 bye" '
recorded -xv
is "text: a dump is shown as it is" "$(rlogsess log)" "$(cat log/current && echo)"
is "flat: the peer of recio's note" \
	"$(rlogsess -o flat log | cut -d ' ' -f 1,2 | sort -u)" "1 192.0.2.7"
is "-i finds the peer of recio's note" \
	"$(rlogsess -i 192.0.2.0/24 log | grep -c .)" "$(grep -c . log/current)"
is "-i leaves out another peer" "$(rlogsess -i 192.0.2.8 log)" ""
is "json: the addresses of recio's note" "$(rlogsess -o json log |
	grep -Eo '"(peer|port|local)":"[^"]*"' | tr '\n' ' ')" \
	'"peer":"192.0.2.7" "port":"4000" "local":"[2001:db8::25]:25" '

# The text of rlog's p is passed over; T, t and none before it.
for text in 'mx1: ' 'mx1 ' '[mx1]  '; do
	for stamp in T t r1s; do
		rm -rf log
		perl client -tv 2>&1 >/dev/null | rlog $stamp "p$text" ./log
		is "rlog $stamp 'p$text': the table" "$(facts)" \
			"192.0.2.7 $all 1 49 $counts -"
	done
done

# All known forms: their lines belong to the session of their process.
ok "the table of known forms is printed" sh -c '"$0" >forms' "$tools/known-forms"
cut -f 2 forms >examples
while read -r line; do
	printf '4711 < x \n%s\n4711 < y \n4712 < z \n' "$line" >lines
	ok "a session has the line: $line" sh -c \
		'rlogsess -p 4711 lines | grep -qxF "$1"' sh "$line"
	# A client's record with that line.
	printf '4712 < x \n4712 < %s \n4712 < z \n' "$line" >lines
	is "a record with that line is of its own session" \
		"$(rlogsess lines | grep '^4712 ')" "$(cat lines)"
done <examples
{
	echo '4711 < x '
	grep -v -e ' end ' -e 'pid 4711 from 192.0.2.7$' -e count examples
} >lines
is "lines of services are of one session" "$(rlogsess lines | grep -c '^$')" 1
mandoc -T ascii "$top/doc/rlogsess.1" | sed "s/.$(printf '\b')//g" |
	tr -s ' \n' ' ' >page
cut -f 1 forms | while read -r form; do
	grep -qF "$form" page || echo "$form"
done >missing
is "rlogsess.1 lists all known forms" "$(cat missing)" ""

# The lines of no session, and all others in sessions: each line once.
printf '%s\n' 'tcpserver: status: 0/40' 'CHKUSER accepted rcpt: 4711 < x' \
	'some-program: 4711 too early' '4711 < x ' 'some-program: 4711 waits' \
	'' >lines
printf '%s\n' 'tcpserver: status: 0/40' 'CHKUSER accepted rcpt: 4711 < x' \
	'some-program: 4711 too early' '' >want
rlogsess --rest lines >got
same "--rest: the lines of no session, in order" want got
rlogsess --rest -o json -i 192.0.2.7 lines >got
same "--rest: whatever filter and form" want got
is "-v counts the lines of no session" \
	"$(rlogsess -v lines 2>&1 >got | grep 'no session')" \
	"rlogsess: warning: lines of no session: 4; --rest shows them"
is "without -v they are not counted" "$(rlogsess lines 2>&1 >got)" ""
printf '%s\n' 'status: local 0/10 remote 0/20' 'new msg 5' 'end msg 5' >lines
is "-M --rest: the lines of no message" "$(rlogsess -M --rest lines)" \
	"status: local 0/10 remote 0/20"
done_testing
