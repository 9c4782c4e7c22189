#!/bin/sh
# rlogsess -o ladder: sessions as pictures with their waits, in the widths and
# characters of the screen, without what could drive it.
. "$(dirname "$0")/../lib.sh"
export TZ=UTC COLUMNS=60 LC_ALL=C
cr=$(printf '\r')

cat >log <<END
2026-11-20T22:00:00.000Z tcpserver: pid 7 from 192.0.2.7
2026-11-20T22:00:00.009Z tcpserver: ok 7 mx:192.0.2.25:25 :192.0.2.7::51234
2026-11-20T22:00:00.250Z 7 > 220 mx.example.net ESMTP$cr 
2026-11-20T22:00:00.255Z 7 < EHLO client.example.org$cr 
2026-11-20T22:00:00.270Z 7 > 250-mx.example.net$cr 
2026-11-20T22:00:00.270Z 7 > 250 8BITMIME$cr 
2026-11-20T22:00:02.670Z 7 < MAIL FROM:<a@example.org>$cr 
2026-11-20T22:00:02.671Z 7 : lost 2 records, 40 bytes
2026-11-20T22:00:14.670Z 7 > 421 a line that does not fit into its column$cr 
2026-11-20T22:00:14.671Z tcpserver: end 7 status 256
2026-11-20T22:00:14.672Z 7 < [EOF]
2026-11-20T22:00:14.673Z 7 > [EOF]
END
cat >want <<'END'
session 1, pid 7, 2026-11-20 22:00:00.000000, 14.673 s, bad,
  peer 192.0.2.7
            client                  server
    0.000   tcpserver: pid 7 from 192.0.2.7
    0.009   tcpserver: ok 7 mx:192.0.2.25:25 :192.0.2.7::512
            34
                                    |-- 0.250 s
    0.250 >                         220 mx.example.net ESMTP
    0.255 < EHLO client.example.org
                                    |. 0.015 s
    0.270 >                         250-mx.example.net
    0.270 >                         250 8BITMIME
            |=== 2.400 s
    2.670 < MAIL FROM:<a@example.org>
    2.671 : lost 2 records, 40 bytes
                                    |#### 12.000 s
   14.670 >                         421 a line that does not
                                     fit into its column
   14.671   tcpserver: end 7 status 256
   14.672 < [EOF]
   14.673 > [EOF]
incomplete: lines-missing

END
rlogsess -o ladder log >got
sed -i 's/ *$//' got
sed -i 's/> \[EOF\]/>                         [EOF]/' want
same "a session as a ladder" got want
is "no line is wider than the screen" "$(awk 'length > 60' got)" ''
is "the narrowest screen, too" "$(COLUMNS=40 rlogsess -o ladder log |
	awk 'length > 40')" ''
COLUMNS=120 rlogsess -o ladder log >got
is "a wide screen: the server is in the middle" \
	"$(sed -n 's/server$//p' got | awk '{ print length }')" 66
is "a wide screen: no line is wrapped" "$(wc -l <got)" 20
sed 's/ 7 / 4194303 /; s/192\.0\.2\.7/2001:db8:1111:2222:3333:4444:5555:6666/' \
	log >long
COLUMNS=80 rlogsess -o ladder long >got
is "80 columns: a long title is wrapped between its parts" "$(head -n 2 got)" \
	'session 1, pid 4194303, 2026-11-20 22:00:00.000000, 14.673 s, bad,
  peer 2001:db8:1111:2222:3333:4444:5555:6666'
LC_ALL=C.UTF-8 rlogsess -o ladder log >got
is "waits in blocks where the locale is UTF-8" \
	"$(grep -c '|▓▓▓▓ 12.000 s$\||▒▒▒ 2.400 s$\||░ 0.015 s$' got)" 3
is "each selected session is drawn" \
	"$(rlogsess -o ladder -p 8 log | wc -l)" 0
is "several logs: the source is named" \
	"$(cp log other && rlogsess -o ladder log other | grep -c "^source $T/")" 2
mkdir -p a-directory/with-a-name/that-is-long/and-goes-on
cp log a-directory/with-a-name/that-is-long/and-goes-on/log
rlogsess -o ladder log a-directory/with-a-name/that-is-long/and-goes-on/log >got
is "a long source is wrapped" "$(awk 'length > 60' got) $(tr -d '\n ' <got |
	grep -c "source$T/a-directory/with-a-name/that-is-long/and-goes-on/log")" ' 1'

# Long lines, and lines without stamps.
perl -e 'print "7 > ", "x" x 500, "\n7 < short\n7 < [EOF]\n7 > [EOF]\n"' >log
rlogsess -o ladder log >got
is "a long line is cut after four rows, and its size is told" \
	"$(grep -c '^ *>* *xxxxxxxxxxxxxxxxxxxxxxxx$' got) $(grep -o '\.\.\. .*' got)" \
	'4 ... (500 bytes)'
is "without stamps there are no times" \
	"$(grep -c '|\|[0-9]\.[0-9]' got)" 0

# A peer's bytes, as recio -r and other loggers write them.
printf '7 > \033]0;title\007\033[2J \302\233x \342\200\256 \303\274\t|\r\n7 < [EOF]\n7 > [EOF]\n' >log
is "bytes of peers cannot drive a terminal" \
	"$(rlogsess -o ladder log | LC_ALL=C tr -d '\n -~' | wc -c)" 0
printf 'tcpserver: pid 7 from \033]0;\302\233\n7 > x\n' >peer
is "nor does the name of a peer" \
	"$(rlogsess -o ladder peer | LC_ALL=C tr -d '\n -~' | wc -c) $(
		rlogsess -o ladder peer | grep -c '^  *peer .*x1b\|, peer .*x1b')" '0 1'
is "ASCII for other characters" \
	"$(COLUMNS=200 rlogsess -o ladder log | grep -c '\\xe2\\x80\\xae \\xc3\\xbc |$')" 1
is "UTF-8: letters stay, controls do not" \
	"$(COLUMNS=200 LC_ALL=C.UTF-8 rlogsess -o ladder log |
		grep -c '\\xe2\\x80\\xae ü |$')" 1

# The colours of a terminal.
printf '7 > 220 mx \n7 < [EOF]\n7 > [EOF]\n' >log
coloured() {
	env "$@" script -qec "rlogsess -o ladder log" /dev/null </dev/null |
		grep -c "$(printf '\033\\[32m')"
}
is "a terminal gets colours" "$(coloured TERM=vt100)" 2
is "NO_COLOR: a terminal gets none" "$(coloured TERM=vt100 NO_COLOR=1)" 0
is "TERM=dumb: a terminal gets none" "$(coloured TERM=dumb)" 0
is "a pipe gets none" "$(TERM=vt100 rlogsess -o ladder log | grep -c "$(printf '\033')")" 0
printf 'new msg 1\n' >log
rlogsess -M -o ladder log 2>err
is "-M: exit 100" "$?" 100

printf '%s\n' '2026-11-20T22:00:00.000Z 7 > 220 mx ' \
	'2026-11-20T22:00:00.009Z 7 < NOOP ' '2026-11-20T22:00:00.019Z 7 > 250 ok ' \
	'2026-11-20T22:00:00.119Z 7 < NOOP ' '2026-11-20T22:00:01.119Z 7 > 250 ok ' \
	'2026-11-20T22:00:11.119Z 7 < QUIT ' >log
is "a wait at a bound is of the longer class" \
	"$(COLUMNS=60 LC_ALL=C rlogsess -o ladder log |
		sed -n 's/^ *\(|.*\)/\1/p' | tr '\n' ,)" \
	"|. 0.010 s,|-- 0.100 s,|=== 1.000 s,|#### 10.000 s,"
printf '%s\n' '2026-11-20T22:00:00.000Z 7 < DATA ' \
	'2026-11-20T22:00:00.001Z 7 > 354 go ' \
	'2026-11-20T22:00:02.001Z 7 : < 21 bytes, 3 lines of message' \
	'2026-11-20T22:00:17.001Z 7 > 250 ok ' >log
cat >want <<'END'
    0.000 < DATA
    0.001 >                         354 go
            |=== 2.000 s
    2.001 : < 21 bytes, 3 lines of message
                                    |#### 15.000 s
   17.001 >                         250 ok
END
rlogsess -o ladder log | sed '1,/server$/d; /^incomplete/,$d' >got
same "a message that recio -p left out: the client has sent it at its note" got want
done_testing
