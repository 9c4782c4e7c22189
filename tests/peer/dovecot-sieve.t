#!/bin/sh
# Dovecot's ManageSieve through recio -p sieve and a TCP connection: a client logs
# in in every way there is, stores and reads a script; the dialogue is in the log,
# no password and nothing of the script.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/peer/sessions.sh"
. "$top/tests/peer/dovecot.sh"

printf '# %s\r\nkeep;\r\nOK "AUTHENTICATE PLAIN"\r\n' "$marker" >wrong.sieve
{
	i=0
	while [ $((i += 1)) -le 100 ]; do
		printf '# %s, line %d\r\n' "$marker" "$i"
	done
	printf 'keep;\r\n'
} >script.sieve
size=$(wc -c <script.sieve) wrong_size=$(wc -c <wrong.sieve)
plain_size=${#plain} plain_wrong_size=${#plain_wrong}
start_dovecot
proxy sieve "$sieve"

for how in by-hand bytes auto; do
	[ $how != auto ] || proxy auto "$sieve"
	ok "$how: a client stores and reads a script" talk $how <<EOF
$(echo $how | grep bytes)
want ^OK
send AUTHENTICATE "PLAIN"
want ^""
send {$plain_size+}
send $plain
want ^OK
send CHECKSCRIPT {$wrong_size+}
file wrong.sieve
send
want ^NO
send PUTSCRIPT "mine" {$size+}
file script.sieve
send
want ^OK
send LISTSCRIPTS
send GETSCRIPT "mine"
want ^OK
want ^\\{
take $size
want ^OK
send GETSCRIPT "none"
send SETACTIVE "mine"
send SETACTIVE ""
send DELETESCRIPT "mine"
send NOOP
want ^NO
send LOGOUT
end
EOF
	hidden $how
	recorded $how '< AUTHENTICATE "PLAIN"' '< LISTSCRIPTS' \
		'< GETSCRIPT "mine"' '< GETSCRIPT "none"' '< SETACTIVE "mine"' \
		'< DELETESCRIPT "mine"' '< NOOP' '< LOGOUT' '> "mine"'
	ok "$how: the scripts are counted" \
		[ "$(grep -c '^: [<>] [0-9]* bytes, [0-9]* lines of ' \
			$how.records)" = 3 ]
done

# After a refused attempt, Dovecot wants an initial response.
for how in refused refused-bytes; do
	ok "$how: the fourth attempt succeeds" talk $how <<EOF
$(echo $how | sed -n 's/.*-//p')
want ^OK
send AUTHENTICATE "LOGIN"
want ^"
send "$(printf '%s' "$user" | base64 -w 0)"
want ^"
send "*"
want ^NO
send AUTHENTICATE "PLAIN" "$plain_wrong"
want ^NO
send authenticate  "plain" {$plain_wrong_size+}
send $plain_wrong
want ^NO
send AUTHENTICATE "PLAIN" "$plain"
want ^OK
send LOGOUT
end
EOF
	hidden $how
	recorded $how '< AUTHENTICATE "LOGIN"' '< AUTHENTICATE "PLAIN" ***' \
		'< LOGOUT'
done

ok "tls: behind STARTTLS" talk tls <<EOF
want ^OK
send STARTTLS
want ^OK
tls
want ^OK
send AUTHENTICATE "PLAIN" "$plain"
want ^OK
send LOGOUT
end
EOF
hidden tls
recorded tls '< STARTTLS' ': TLS'
is "tls: nothing is recorded behind it but the ends" \
	"$(sed '1,/^: TLS$/d' tls.records | grep -v ' \[EOF\]$')" ''
done_testing
