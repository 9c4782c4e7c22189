#!/bin/sh
# Which lines rlogsess takes for one session: process IDs that are used again,
# lines behind a prefix, sessions of which one direction is recorded, and the
# order of sessions that were silent.
. "$(dirname "$0")/../lib.sh"
export TZ=UTC

# at SECONDS LINE: a line of that many seconds after 22:00.
at() {
	printf '@%016x00000000 %s\n' $((0x400000006b00c2ea + $1)) "$2"
}
# How many sessions standard input has, and the marks of each.
marks() {
	rlogsess -o json | sed 's/.*"marks":\[\([^]]*\)].*/[\1]/' | tr -d '"\n'
}

# Two sessions of one process ID.
{
	at 0 '7 > 220 one '
	at 1 '7 < [EOF]'
	at 2 '7 > [EOF]'
	at 3 '7 > 220 two '
	at 4 '7 < [EOF]'
	at 5 '7 > [EOF]'
} >log
is 'records after the ends of both directions are of another session' \
	"$(marks <log)" '[][]'
{
	at 0 '7 : start SMTP 192.0.2.7:1 to 192.0.2.25:25 x'
	at 0 '7 > 220 one '
	at 1 '7 : start SMTP 192.0.2.7:2 to 192.0.2.25:25 x'
	at 1 '7 > 220 two '
} >log
is "recio's start after records is of another session" "$(marks <log)" \
	'[no-end][open]'
{
	at 0 '7 > 220 one '
	at 1 '7 : end < 0 bytes, eof; > 9 bytes, eof; 1.000 seconds'
	at 1 '7 > 220 two '
} >log
is "records after recio's end are of another session" "$(marks <log)" \
	'[][open]'
{
	at 0 'tcpserver: pid 7 from 192.0.2.7'
	at 0 '7 > 220 one '
	at 2 'tcpserver: pid 7 from 192.0.2.8'
	at 2 '7 > 220 two '
	at 3 'tcpserver: end 7 status 0'
	at 3 '7 > [EOF]'
	at 4 'tcpserver: ok 7 mx:192.0.2.25:25 :192.0.2.9::1'
} >log
is 'the same process ID starts, and is accepted, again' "$(marks <log)" \
	'[no-end][][no-start,open]'
is 'each has the peer of its own lines' \
	"$(rlogsess -o table log | cut -f 3 | tr '\n' ' ')" \
	'192.0.2.7 192.0.2.8 192.0.2.9 '

{
	at 0 '7 > 220 one '
	at 1 'tcpserver: pid 7 from 192.0.2.7'
	at 2 '7 < QUIT '
} >log
is 'a start joins records that have overtaken it by a second' \
	"$(marks <log)" '[open]'
sed 1s/c2ea/c2e9/ log >earlier
is 'and no older ones' "$(marks <earlier)" '[no-end][open]'

# Counts.
{
	at 0 'tcpserver: pid 7 from 192.0.2.7'
	at 0 '7 : lost 3 records, 99 bytes'
	at 0 '7 > [EOF]'
	at 0 '7 < [EOF]'
	at 1 'tcpserver: end 7 status 0'
} >log
is 'stats: a session with lost records is not whole' \
	"$(rlogsess -o stats log | grep '^not whole' | tr -d ' ')" notwhole1

# A prefix of rlog's p.
{
	at 0 'smtp tcpserver: pid 7 from 192.0.2.7'
	at 1 'smtp greyd: 7 waits'
	at 2 'smtp 7 > 220 one '
	at 3 'smtp tcpserver: end 7 status 0'
	at 4 'smtp greyd: 9 waits'
} >log
is 'a line of another program joins its session behind a prefix' \
	"$(rlogsess -p 7 log | grep -c greyd)" 1
is 'and is of none without a session' "$(rlogsess --rest log)" \
	"$(at 4 'smtp greyd: 9 waits')"
{
	at 0 'send new msg 5'
	at 0 'send info msg 5: bytes 99 from <a@example.org> qp 6 uid 7'
	at 1 'send starting delivery 1: msg 5 to remote b@example.net'
	at 1 'send status: local 0/10 remote 1/20'
	at 2 'send delivery 1: success: did_1+0+0/'
	at 3 'send end msg 5'
} >log
is '-M: messages behind a prefix' \
	"$(rlogsess -M -o table log | cut -f 4,5,6,8,9,10 | tr '\t' ' ')" \
	'5 a@example.org 99 b@example.net success did_1+0+0/'
is '-M text: their lines' "$(rlogsess -M log | grep -vc '^$')" 5
is '-M --rest: the others' "$(rlogsess -M --rest log)" \
	"$(at 1 'send status: local 0/10 remote 1/20')"

# One direction, as recio -f in records it.
{
	at 0 '7 < EHLO me '
	at 0 '7 < MAIL FROM:<a@example.org> '
	at 0 '7 < RCPT TO:<b@example.net> '
	at 0 '7 < DATA '
	at 0 '7 < MAIL FROM:<no@body> '
	at 0 '7 < QUIT '
	at 0 '7 < . '
	at 0 '7 < [EOF]'
} >log
is 'messages are counted where only the client is recorded' \
	"$(rlogsess -o table log | cut -f 5-9 | tr '\t' ' ')" \
	'me a@example.org b@example.net 1 25'

# The order of sessions that are over when the next line arrives.
{
	at 0 '7 > 220 silent '
	at 0 'tcpserver: pid 8 from 192.0.2.8'
	at 1 '8 > 220 whole '
	at 1 'tcpserver: end 8 status 0'
	at 2 '8 > [EOF]'
	at 2 '8 < [EOF]'
	at 1 'tcpserver: pid 9 from 192.0.2.9'
	at 2 '9 > 220 cut '
	at 2 'tcpserver: end 9 status 0'
	at 9000 'tcpserver: pid 10 from 192.0.2.10'
} >log
is 'sessions are shown in the order of their ends' \
	"$(rlogsess -o table log | cut -f 4 | tr '\n' ' ')" '8 9 7 10 '
done_testing
