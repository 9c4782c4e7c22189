#!/bin/sh
# The example of a service behind stunnel, its files themselves, under svscan: mails
# to exim4, by STARTTLS and with TLS from the start. The record has the clear
# dialogue and the client's address.
. "$(dirname "$0")/../lib.sh"
cancel="*"
. "$top/tests/peer/smtp.sh"
. "$top/tests/peer/exim.sh"
no_leak_check
if ! command -v stunnel4 >/dev/null; then
	skip "there is no stunnel4" 1
	done_testing
fi
example=$top/doc/examples/tls
cat cert.pem key.pem >both.pem
# The client has an address of its own, from which exim4 relays nothing.
sed -i "s/^  deny local_parts/  deny hosts = !127.0.0.2\n&/
	s/^\(tls_advertise_hosts\) .*/\1 =/" exim.conf

is "the settings have their defaults" "$(cd "$example/env" &&
	cat IP PORT CONCURRENCY CONFIG PROTOCOL | xargs)" \
	"0 2525 40 ./starttls.conf smtp"
is "the program learns its client's address" "$(cat "$example/env/PROGRAM")" \
	"/usr/sbin/exim4 -bs -oMa \"\$TCPREMOTEIP\""

mkdir service
# service NAME CONFIG PROTOCOL PROGRAM: starts it. It has a log of its own.
service() {
	port=$(free_port)
	cp -R "$example" "$1"
	cp both.pem "$1/cert.pem"
	(
		cd "$1/env" || exit
		echo 127.0.0.1 >IP
		echo "$port" >PORT
		echo "$2" >CONFIG
		echo "$3" >PROTOCOL
		echo "$4" >PROGRAM
	)
	mv "$1" service
	ok "$1: the service is up" wait_for 20 listening "$port"
}

# recorded_end SERVICE PATTERN: the session with a record like that has ended.
recorded_end() {
	last=$(sed -n "s/^@[0-9a-f]* \([0-9]*\) $2.*/\1/p" "$1" | tail -n 1)
	[ -n "$last" ] && grep -q "^@[0-9a-f]* $last : end < " "$1"
}

# session NAME SERVICE PATTERN: its log, in NAME.log without labels.
session() {
	log=service/$2/log/main/current
	ok "$1: the end is recorded" wait_for 20 recorded_end "$log" "$3"
	sed "s/^@[0-9a-f]* //; /^$last [<>:] /!d" "$log" >"$1.log"
	ok "$1: the client's address is recorded" grep -q \
		"^$last : start TCP 127.0.0.2:[0-9]* to 127.0.0.1:$port " "$1.log"
}

# mail NAME SERVICE ARGUMENT...: swaks sends a mail. What it shows from
# the start of TLS on is in the record, after the greeting.
mail() {
	name=$1 of=$2
	shift 2
	ok "$name: swaks sends a mail" sh -c '"$@" >"$0.seen" 2>&1' "$name" \
		swaks --server 127.0.0.1 --local-interface 127.0.0.2 \
		--port "$port" --ehlo "$name.client.example.net" \
		--from a@client.example.net --to box@example.org --timeout 300 \
		--auth plain --auth-user "$user" --auth-password "$password" \
		--data @message "$@" || tail -n 5 "$name.seen" | cut -c 1-80
	session "$name" "$of" "< EHLO $name.client"
	{
		cat message
		echo
	} >want
	arrived "$name" want
	secrets_of "$name.seen" >"$name.secrets"
	hidden "$name"
	records "$name" >"$name.records"
	"$top/tests/tools/swaks-records.pl" -L <"$name.seen" |
		awk 'on; /^: TLS/ { on = 1 }' >"$name.want"
	for sign in '<' '>' ':'; do
		grep "^$sign" "$name.records" |
			grep -v -e ' \[EOF\]$' -e '^> 220 ' -e '^: start ' \
				-e '^: end ' >got
		grep "^$sign" "$name.want" | grep -v '^> 220 ' >want
		same "$name: the dialogue is recorded, $sign" got want
	done
	ok "$name: the dialogue is more than some lines" \
		[ "$(grep -c '^<' "$name.want")" -ge 6 ]
	ok "$name: the greeting is recorded" grep -q '^> 220 exim' "$name.records"
}

make_message 20
server="$as_owner exim4 -C $T/exim.conf -bs -odi -oMa \"\$TCPREMOTEIP\""
spawn svscan service
supervisor=$spawned
service smtp ./starttls.conf smtp "$server"
mail starttls smtp --tls
mail starttls-again smtp --tls --pipeline

# stunnel takes a client that is silent for 200 ms for one of STARTTLS, so it is
# started when the client's first bytes have arrived.
paused() {
	svstat service/smtp | grep -q paused
}
bytes_wait() {
	awk -v port="$(printf ':%04X' "$port")" '$2 ~ port "$" && $4 == "01" &&
		$5 !~ /:00000000$/ { found = 1 } END { exit !found }' /proc/net/tcp
}
svc -p service/smtp
ok "from-start: tcpserver is paused" wait_for 20 paused
{
	wait_for 300 bytes_wait
	svc -c service/smtp
} &
continuing=$!
mail from-start smtp --tlsc
wait "$continuing"

swaks --server 127.0.0.1 --port "$port" --from a@client.example.net \
	--to box@example.org >plain.seen 2>&1
is "a client without STARTTLS is refused" $? 6
ok "the error of stunnel is in the log" wait_for 20 \
	grep -q 'LOG3.*STARTTLS expected' service/smtp/log/main/current
service implicit ./tls.conf smtp "$server"
mail implicit implicit --tlsc

kill "$supervisor"
svc -dx service/* service/*/log
unsupervised() {
	for directory in service/* service/*/log; do
		! svok "$directory" || return
	done
}
ok "everything is stopped" wait_for 20 unsupervised
done_testing
