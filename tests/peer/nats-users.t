#!/bin/sh
# doc/examples/nats/nats-server.conf: a server with TLS whose users, with keys of
# make-nkey, can do what rlogship and rlogfetch need, and nothing else; without any
# one of their permissions they can't.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/nats.sh"
. "$top/tests/tls.sh"
needs_nats
example=$top/doc/examples/nats

# Prints the example with files, ports and keys of the test.
print_example() {
	sed -e "s|0.0.0.0:4222|127.0.0.1:$port|" -e "s|/etc/nats|$T|" \
		-e "s|/var/lib/nats|$T/store|" -e "s|UMX1|$ship|" \
		-e "s|UCOLLECT|$collect|" "$example/nats-server.conf"
}

server_up() {
	spawn nats-server -c "$1" -l "$T/server.log"
	server=$spawned
	wait_for 30 listening "$port"
}

server_down() {
	kill -s TERM "$server"
	wait_for 30 gone "$server"
}

# client USER: nats-client as a user, its commands are on standard input.
client() {
	NATS_NKEY=$T/$1 "$tools/nats-client" -t 8000 \
		"natss://localhost:$port/RLOG/rlog.mx1.smtp"
}

# What rlogship does, and what rlogfetch does.
ships() {
	printf '%s\n' open last 'send id - 100' | client ship
}

fetches() {
	printf '%s\n' 'feed 1' 'take 1' 'left 1 1' leave | client collect
}

port=$(free_port)
! echo open | "$tools/nats-client" "nats://localhost:$port/S" |
	grep 'built without' || {
	skip 'the programs were built without libnats' 1
	done_testing
}
make_certificate localhost
CAFILE=$T/cert.pem
export CAFILE
ship=$("$example/make-nkey" ship)
collect=$("$example/make-nkey" collect)
is "only its owner can read a key" "$(stat -c %a ship)" 600
is "a key is not overwritten" "$("$example/make-nkey" ship 2>&1)" \
	'make-nkey: fatal: unable to create ship: File exists'
cp cert.pem ca.pem
print_example >conf
ok "nats-server takes the configuration" nats-server -t -c conf
sed 's/^#\([a-z	}]\)/\1/' conf >cluster.conf
ok "nats-server takes it with the cluster" nats-server -t -c cluster.conf
ok "the lines of the cluster are there" grep -q '^cluster {' cluster.conf

server_up conf
echo admin CHANGE-ME >password
NATS_USERFILE=$T/password "$example/make-stream" -r 1 "localhost:$port" RLOG \
	'rlog.*.*' >answer
is "the administrator makes a stream" "$?" 0
ships >got
is "a shipper logs in by its key, and sends" \
	"$(sed 's/room .*/room/' got | xargs)" 'open: room none, last 0 sent 1'
fetches >got
is "the collector gets the message" "$(sed -n '2s/ bytes.*//p' got)" \
	'1 rlog.mx1.smtp 100'
echo 'feed 1' | client ship >got
is "a shipper makes no consumer" "$(cut -d: -f1,2 got)" \
	'fault: the user may not do this'
printf '%s\n' open 'send other - 10 rlog.mx2.smtp' | client ship >got
is "a shipper sends nothing as another host" "$(sed -n 2p got | cut -d: -f1,2)" \
	'fault: the user may not do this'
printf '%s\n' open 'send other - 10' | client collect >got
is "the collector sends nothing" "$(sed -n 2p got | cut -d: -f1,2)" \
	'fault: the user may not do this'
is "the server has all messages still" \
	"$(NATS_USERFILE=$T/password "$example/jetstream-api" "localhost:$port" \
		'$JS.API.STREAM.INFO.RLOG' |
		sed 's/.*"messages":\([0-9]*\).*/\1/')" 1
server_down

# Each permission alone is taken away.
grep -n '^					"' conf >permissions
while IFS=: read -r line permission <&7; do
	sed "${line}d" conf >less.conf
	server_up less.conf
	user=ships
	# The first three are those of the shipper.
	[ "$line" -lt "$(grep -n "nkey: $collect" conf | cut -d: -f1)" ] ||
		user=fetches
	$user >got 2>&1
	case $permission in
	*DELETE*)
		# Without it a consumer stays for five minutes.
		is "the collector's consumer is left without this permission" \
			"$(NATS_USERFILE=$T/password "$example/jetstream-api" \
				"localhost:$port" '$JS.API.CONSUMER.NAMES.RLOG' |
				grep -c '"total":1,')" 1
		;;
	*)
		ok "$user fails without ${permission##*	}" grep -q 'may not' got
		;;
	esac
	server_down
done 7<permissions
is "eight permissions were taken away" "$(wc -l <permissions)" 8

# The three that sending sessions needs.
sed 's/^\(	*\)#"/\1"/' conf >sessions.conf
server_up sessions.conf
NATS_USERFILE=$T/password "$example/make-stream" -s -r 1 "localhost:$port" \
	SESSIONS 'sessions.>' >answer
is "the administrator makes a stream of sessions" "$?" 0
server_down
mkdir log
printf '%s\n' 'tcpserver: pid 4711 from 192.0.2.7' '4711 > 220 mx' \
	'4711 < QUIT' '4711 < [EOF]' '4711 > [EOF]' 'tcpserver: end 4711 status 0' |
	awk '{ printf "@400000006b00c2%02x00000000 %s\n", NR * 8, $0 }' >log/current
sessions="-o sessions -n mx1/smtp
	natss://localhost:$port/SESSIONS/sessions.mx1.smtp log"
grep -nE '"(sessions|.*SESSIONS)' sessions.conf >permissions
while IFS=: read -r line permission <&7; do
	sed "${line}d" sessions.conf >less.conf
	server_up less.conf
	# shellcheck disable=SC2086 # words
	spawn env NATS_NKEY="$T/ship" rlogship -c "cursor$line" $sessions 2>got
	ok "no sessions are sent without ${permission##*	}" \
		wait_for 60 grep -q 'may not' got
	kill -s TERM "$spawned"
	wait_for 30 gone "$spawned"
	server_down
done 7<permissions
is "three permissions were taken away" "$(wc -l <permissions)" 3
server_up sessions.conf
# shellcheck disable=SC2086 # words
NATS_NKEY=$T/ship rlogship -1 -c cursor $sessions 2>got
is "a shipper sends a session with them" "$? $(cat got)" '0 '
is "the session is in the stream" \
	"$(NATS_USERFILE=$T/password "$example/jetstream-api" "localhost:$port" \
		'$JS.API.STREAM.INFO.SESSIONS' |
		sed 's/.*"messages":\([0-9]*\).*/\1/')" 1
server_down
done_testing
