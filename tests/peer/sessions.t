#!/bin/sh
# 1,000 sessions through tcpserver, recio and rlog, 50 at once, IPv6 among them;
# some are reset, some killed, some stall: rlogsess shows each of them whole, and
# mixes none. The same with recordio, whose sessions have no note of their end.
. "$(dirname "$0")/../lib.sh"
server=$top/tests/tools/session-server
clients=$top/tests/tools/session-clients.pl

# An IPv6 address is served by ucspi-tcp-ipv6's tcpserver, if that is the one
# which is installed, or by what stands in for it.
spawn sh -c 'exec tcpserver -v ::1 "$1" true 2>six' sh "$(free_port)"
wait_for 20 grep -q . six
if grep -q '^tcpserver: status: ' six; then
	six="tcpserver -vHRl0 -b 250 -c 250"
else
	six=$top/tests/tools/tcpserver6.pl
fi
kill "$spawned" 2>/dev/null

# NAME ADDRESS PORT COMMAND: a service with a log directory, and its relay.
serve() {
	mkfifo "$1.pipe"
	spawn sh -c 'exec rlog t s65536 n1000 "./$1" <>"$1.pipe"' rlog "$1"
	logger=$spawned
	# shellcheck disable=SC2086 # a command, and a command in front of another
	spawn sh -c 'name=$1; shift; exec "$@" <>"$name.pipe" >&0 2>&0' \
		service "$1" $4 "$2" "$3" $5 "$server"
	service=$spawned
	wait_for 20 grep -q 'tcpserver: status: 0/' "$1/current"
}

# So many sessions, and all relays, which can outlive them.
ended() {
	cat "$1"/@*.s "$1/current" >ends 2>/dev/null
	[ "$(grep -c ' tcpserver: end ' ends)" -ge "$2" ] &&
		[ "$(grep -c ' : start ' ends)" = "$(grep -c ' : end ' ends)" ]
}

four() {
	serve "$1" 127.0.0.1 "$port" "tcpserver -vHRl0 -b 250 -c 250" "$2"
}

# What rlogsess makes of a log: sessions by client, and what is wrong with them.
# -00: paragraphs, as -o text has them.
judge() {
	rlogsess "$@" | grep -v '^rlogsess: source: ' >text
	perl -00 -ne '
		my %name = map { $_ => 1 } /client-(\d+)/g;
		my ($n) = keys %name;
		print "mixed: ", join(" ", sort keys %name), "\n" if keys %name > 1;
		print "nobody: $_" unless keys %name;
		print "twice: $n\n" if defined $n && $seen{$n}++;
		print "not whole: $_" if /^rlogsess: /m
			|| !/ tcpserver: pid / || !/ tcpserver: end /
			|| (/ : start / && !/ : end </);
		END { print scalar(keys %seen), " sessions\n" }' text
}

port=$(free_port)
ok "the IPv4 service is up" four v4 "recio -v"
ok "800 clients over IPv4 are served" "$clients" 127.0.0.1 "$port" 0 800
ok "all IPv4 sessions have ended" wait_for 30 ended v4 800
kill "$service"
kill "$logger"
wait "$logger"
port=$(free_port)
ok "the IPv6 service is up" serve v6 ::1 "$port" "$six" "recio -v"
ok "200 clients over IPv6 are served" "$clients" ::1 "$port" 800 200
ok "all IPv6 sessions have ended" wait_for 30 ended v6 200
kill "$service"
kill "$logger"
wait "$logger"

is "each of 1,000 sessions is whole, and none is mixed" "$(judge v4 v6)" \
	"1000 sessions"
cat v4/@*.s v4/current v6/@*.s v6/current | grep -v 'tcpserver: status: ' |
	LC_ALL=C sort >want
grep -v '^$' text | LC_ALL=C sort >got
same "each line of the logs is there once" want got
rlogsess -o table v4 v6 >rows
is "rlogsess shows IPv4 and IPv6 peers" \
	"$(cut -f 3 rows | sort | uniq -c | tr -s ' \n' ' ')" \
	" 800 127.0.0.1 200 ::1 "
is "-i ::/64 selects the IPv6 sessions" \
	"$(rlogsess -i ::/64 -o table v4 v6 | wc -l)" 200
is "sessions whose program was killed by SIGKILL" \
	"$(cut -f 13 rows | grep -c sig9)" 100
is "-s selects the killed, the reset, and those without QUIT" \
	"$(rlogsess -s -o table v4 v6 | wc -l)" 300
is "sessions with a message" \
	"$(awk -F '\t' '$8 == 1 && $9 > 0' rows | wc -l)" 700
is "recio's notes say the bytes that the records have" "$(
	rlogsess -o table v4 v6 | cut -f 4,11,12 | sort >want
	cat v4/@*.s v4/current v6/@*.s v6/current | grep -v ' : ' |
		rlogsess -o table | cut -f 4,11,12 | sort | diff - want | head -n 4
)" ""
is "-o json: each line is JSON" "$(rlogsess -o json v4 v6 |
	perl -MJSON::PP -ne '$n += @{decode_json($_)->{lines}};
		END { print $n }')" "$(grep -vc '^$' text)"

port=$(free_port)
ok "the service under recordio is up" four old recordio
ok "recordio: 100 clients are served" "$clients" 127.0.0.1 "$port" 0 100
ok "recordio: all sessions have ended" wait_for 30 ended old 100
kill "$service"
kill "$logger"
wait "$logger"
is "recordio: each session is whole" "$(judge old)" "100 sessions"
done_testing
