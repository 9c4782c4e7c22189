#!/bin/sh
# Dovecot's POP3 through recio -p pop3 and a TCP connection: clients log in in
# every way there is and read mail; the dialogue is in the log, no password and
# nothing of the mail.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/peer/sessions.sh"
. "$top/tests/peer/dovecot.sh"

put_mail
sed 's/$/\r/' message >crlf
start_dovecot
proxy pop3 "$pop3"

# What python's library says.
cat >client.py <<'EOF'
import poplib, ssl, sys
port, user, password, wrong, how = sys.argv[1:]
message = open("message", "rb").read().split(b"\n")[:-1]

client = poplib.POP3("127.0.0.1", int(port))
if how == "stls":
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    client.stls(context)
if how == "apop":
    client.apop(user, password)
else:
    try:
        client.user(user)
        client.pass_(wrong)
        sys.exit("the wrong password is taken")
    except poplib.error_proto as e:
        pass
    client.user(user)
    client.pass_(password)
assert client.stat()[0] == 1
assert client.retr(1)[1] == message
assert client.top(1, 3)[1] == message[:12], client.top(1, 3)
client.uidl()
client.quit()
EOF
for how in user apop stls; do
	ok "$how: python's poplib reads a mail" client $how python3 \
		client.py "$port" "$user" "$password" "$wrong" $how
	hidden $how
done
recorded user "< USER $user" '< PASS ***' '< RETR 1' '< TOP 1 3' '< QUIT'
recorded apop "< APOP $user ***"
recorded stls '< STLS' ': TLS'
is "stls: nothing is recorded behind it but the ends" \
	"$(sed '1,/^: TLS$/d' stls.records | grep -v ' \[EOF\]$')" ''

# By hand, then with each byte alone, then behind -p auto: pipelined, refused, given up.
for how in by-hand bytes auto; do
	[ $how != auto ] || proxy auto "$pop3"
	ok "$how: a client says what libraries do not" talk $how <<EOF
$(echo $how | grep bytes)
want ^\\+OK
send CAPA
want ^\\.
send PASS $wrong
want ^-ERR
send user  $user
send pass  $wrong and $password
want ^\\+OK
want ^-ERR
send AUTH PLAIN
want ^\\+
send $plain_wrong
want ^-ERR
send auth plain $plain_wrong
want ^-ERR
send AUTH LOGIN
want ^\\+
send *
want ^-ERR
send AUTH
want ^\\.
send AUTH PLAIN
want ^\\+
send $plain
want ^\\+OK
send LIST
send UIDL
send RETR 2
send RETR 1
send TOP 1 0
send NOOP
want ^-ERR
want ^\\+OK
want ^\\.
want ^\\+OK
want ^\\+OK
send QUIT
end
EOF
	hidden $how
	recorded $how '< CAPA' '< PASS ***' "< user  $user" '< AUTH PLAIN' \
		'< auth plain ***' '< AUTH LOGIN' '< AUTH' '< ***' '< UIDL' \
		'< RETR 2' '< RETR 1' '< TOP 1 0' '< NOOP' '< QUIT'
	ok "$how: the messages are counted" \
		[ "$(grep -c '^: > [0-9]* bytes, [0-9]* lines of message$' \
			$how.records)" = 2 ]
done

# All at once, before the server has answered any of it.
proxy pop3 "$pop3"
ok "pipelined: a client does not wait for answers" talk pipelined <<EOF
want ^\\+OK
send USER $user
send PASS $wrong
send user $user
send pass $password
send RETR 1
send QUIT
want ^.OK Logged in
end
EOF
hidden pipelined

# Not even for those to AUTH, which it must wait for: then what it asks for can not
# be known for sure. No password is shown all the same.
ok "impatient: a client does not wait for AUTH" talk impatient <<EOF
want ^\\+OK
send AUTH PLAIN
send $plain_wrong
send AUTH PLAIN $plain_wrong
send AUTH LOGIN
send $wrong64
send $wrong64
send user $user
send pass $password
send RETR 1
send QUIT
want ^.OK Logged in
end
EOF
grep -vxF "$marker" secrets >impatient.secrets
hidden impatient

# curl reads the mail.
ok "curl: it reads a mail" client curl curl -s --user "$user:$password" \
	"pop3://127.0.0.1:$port/1"
same "curl: unchanged" curl.seen crlf
hidden curl

# Without -p, rlogsess gives the mail back, byte for byte.
is "-p: rlogsess -o mail says that the mail is left out" \
	"$(rlogsess -o mail curl.log 2>&1 | tr -d 0-9; rlogsess -o mail curl.log \
		>/dev/null 2>&1 || echo "exit $?")" \
	'rlogsess: warning: session , process : recio -p left out messages: 
exit 1'
serve recio tcpclient -RHl0 127.0.0.1 "$pop3" s6-ioconnect
ok "curl: it reads a mail without -p" client curl curl -s \
	--user "$user:$password" "pop3://127.0.0.1:$port/1"
rlogsess -o mail --into curl-mail curl.log
same "rlogsess -o mail: the mail of RETR" curl-mail/*.eml crlf
done_testing
