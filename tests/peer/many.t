#!/bin/sh
# 200 sessions at once through one tcpserver into one logger: every record is
# whole and none is lost, in either direction. Some lines are longer than a
# record, so that records of the greatest size are among them.
. "$(dirname "$0")/../lib.sh"

clients=200
lines=60
longest=6000
port=$(free_port)

records() {
	cat log/@*.s log/current
}

all_ended() {
	[ "$(records | grep -c ' tcpserver: end ')" = "$clients" ] &&
		[ "$(records | grep -c ' [<>] \[EOF\]$')" = $((2 * clients)) ]
}

# Every session leaves an end of either direction and four lines of tcpserver's.
mkfifo pipe
# The fifo is opened for reading and writing, so that nobody waits for anybody.
spawn sh -c 'exec rlog t s1048576 n100 ./log <>pipe'
logger=$spawned
spawn sh -c 'exec tcpserver -vHRl0 -b 250 -c 250 127.0.0.1 "$1" \
	recio cat <>pipe >&0 2>&0' tcpserver "$port"
status='tcpserver: status: 0/250'
up() {
	records 2>/dev/null | grep -q "$status"
}
ok "the service is up" wait_for 20 up

ok "$clients clients get back what they sent" sh -c '"$@" >want' client \
	"$top/tests/tools/echo-clients.pl" "$port" many $clients $lines $longest
ok "every session has ended" wait_for 30 all_ended
kill "$logger"
ok "the logger ends" wait "$logger"

records >everything
is "every record is whole" \
	"$("$top/tests/tools/records.pl" -a <everything >got.all || echo no)" ""
grep MALFORMED got.all | cut -c 1-200 | sed 's/^/# /'
is "all sessions were open at the same time" \
	"$(grep -c "^tcpserver: status: $clients/250\$" got.all)" 1

grep -v '^tcpserver: ' got.all | LC_ALL=C sort >got
LC_ALL=C sort want >want.sorted
same "every line is there once in each direction" got want.sorted
is "the log has the number of lines that clients sent" \
	"$(grep -c . got)" $((2 * clients * lines))
is "each direction of each session ends once" \
	"$(grep -c ' [0-9]* [<>] \[EOF\]$' everything)" $((2 * clients))
for what in 'pid [0-9]* from' 'ok [0-9]*' 'end [0-9]* status 0'; do
	is "tcpserver's own lines are whole: $what" \
		"$(grep -c "^tcpserver: $what" got.all)" $clients
done
is "records of more than 4000 bytes are among them" \
	"$(awk 'length > 4000 { n = 1 } END { print n }' everything)" 1
done_testing
