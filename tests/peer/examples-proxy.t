#!/bin/sh
# The example of a recorder in front of any server, its files themselves, under
# svscan: in front of a Dovecot, with and without the PROXY protocol.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/peer/sessions.sh"
. "$top/tests/peer/dovecot.sh"
no_leak_check

put_mail
sed 's/$/\r/' message >crlf
proxied=$(free_port)
cat >extra.conf <<EOF
haproxy_trusted_networks = 127.0.0.1
service imap-login {
  inet_listener recorded {
    port = $proxied
    haproxy = yes
  }
}
EOF
start_dovecot
is "the settings have their defaults" "$(cd "$top/doc/examples/proxy/env" &&
	cat IP PORT CONCURRENCY PROTOCOL SERVER SERVER_PORT PROXY | xargs)" \
	"0 1143 40 imap 127.0.0.1 143"

mkdir service
# service NAME SERVER_PORT PROXY
service() {
	port=$(free_port)
	cp -R "$top/doc/examples/proxy" "$1"
	echo 127.0.0.1 >"$1/env/IP"
	echo "$port" >"$1/env/PORT"
	echo "$2" >"$1/env/SERVER_PORT"
	printf '%s' "$3" >"$1/env/PROXY"
	mv "$1" service
	wait_for 20 listening "$port"
}
spawn svscan service

# read_mail NAME: curl does, from an address of its own.
read_mail() {
	ok "$1: curl reads a mail" sh -c 'exec "$@" >seen' sh curl -s \
		--interface 127.0.0.3 --user "$user:$password" \
		"imap://127.0.0.1:$port/INBOX;MAILINDEX=1"
	same "$1: unchanged" seen crlf
	ended_well() {
		grep -q ' > \[EOF\]$' "service/$1/log/main/current" &&
			grep -q " < $2 LOGOUT" "service/$1/log/main/current"
	}
	ok "$1: its end is recorded" wait_for 20 ended_well "$1" A00.
	ok "$1: the dialogue is recorded" grep -qE "< A00[0-9] SELECT INBOX" \
		"service/$1/log/main/current"
	is "$1: no secret and nothing of the mail is in the log" \
		"$("$top/tests/tools/leaks.pl" secrets \
			"service/$1/log/main/current")" 0
}
# clients_seen ADDRESS: how many logins from there Dovecot has logged. Its log
# process may do so late.
clients_seen() {
	wait_for 20 grep -q "Login: user=<$user>.* rip=$1," dovecot.log
	grep -c "Login: user=<$user>.* rip=$1," dovecot.log
}

service plain "$imap" ''
read_mail plain
is "plain: Dovecot sees the recorder's address" "$(clients_seen 127.0.0.1)" 1
service proxy "$proxied" yes
read_mail proxy
is "proxy: Dovecot sees the client's address" "$(clients_seen 127.0.0.3)" 1

supervisor=$spawned

# Either half of a connection ends alone: this server answers when its client has
# sent all, and that one ends before its client does.
half_closes() {
	what=$1
	shift
	port=$(free_port)
	spawn tcpserver -HRl0 127.0.0.1 "$port" sh -c "$2"
	wait_for 20 listening "$port"
	SERVER=127.0.0.1 SERVER_PORT=$port PROXY='' perl \
		"$top/tests/tools/peer.pl" "$1" recio -p auto \
		"$top/doc/examples/proxy/connect" >seen 2>/dev/null
	printf '%s\n' "$3" '<eof>' '<status 0>' >want
	same "$what ends first" seen want
}
half_closes "the client" 'send:b\na\n shut end gone' sort 'a
b'
half_closes "the server" 'end shut gone' \
	'perl -e "print qq(bye\n); \$| = 1; shutdown STDOUT, 1; 1 while <STDIN>"' bye

kill "$supervisor"
svc -dx service/plain service/proxy service/plain/log service/proxy/log
unsupervised() {
	! svok service/plain && ! svok service/proxy &&
		! svok service/plain/log && ! svok service/proxy/log
}
ok "everything is stopped" wait_for 20 unsupervised
done_testing
