#!/bin/sh
# Dovecot's IMAP through recio -p imap and a TCP connection: clients log in in
# every way there is, store and read mail; the dialogue is in the log, no password
# and nothing of the mail.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/peer/sessions.sh"
. "$top/tests/peer/dovecot.sh"

put_mail
sed 's/$/\r/' message >crlf
size=$(wc -c <crlf) lines=$(wc -l <crlf)
start_dovecot
proxy imap "$imap"

# What python's library says.
cat >client.py <<'EOF'
import imaplib, ssl, sys
port, user, password, wrong, how = sys.argv[1:]
message = open("crlf", "rb").read()

client = imaplib.IMAP4("127.0.0.1", int(port))
if how == "starttls":
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    client.starttls(context)
try:
    client.login(user, wrong)
    sys.exit("the wrong password is taken")
except imaplib.IMAP4.error as e:
    pass
if how == "login" or how == "starttls":
    client.login(user, password)
elif how == "plain":
    client.authenticate("PLAIN",
        lambda _: ("\0%s\0%s" % (user, password)).encode())
else:
    client.login_cram_md5(user, password)
client.create("other")
assert client.append("other", "(\\Seen)", None, message)[0] == "OK"
client.select("other")
fetched = client.fetch("*", "(FLAGS RFC822)")[1][0][1]
assert fetched == message, fetched
assert client.search(None, "SEEN")[0] == "OK"
client.logout()
EOF
for how in login plain cram-md5 starttls; do
	ok "$how: python's imaplib stores and reads a mail" client $how python3 \
		client.py "$port" "$user" "$password" "$wrong" $how
	hidden $how
done

# By hand, then with each byte alone, then behind -p auto: literals of both kinds, with and
# without SASL-IR, refused, given up.
user_size=${#user} password_size=${#password} wrong_size=${#wrong}
printf 'q LOGIN %s "%s"\r\n' "$quoted_user" \
	"$(printf '%s' "$quoted_password" | sed 's/["\\]/\\&/g')" >quoted
for how in by-hand bytes auto; do
	[ $how != auto ] || proxy auto "$imap"
	ok "$how: a client says what libraries do not" talk $how <<EOF
$(echo $how | grep bytes)
want ^\\* OK
send a1 login  $user "$wrong"
want ^a1 NO
send a2 LOGIN {$user_size}
want ^\\+
raw $user {$wrong_size}\\r\\n
want ^\\+
send $wrong
want ^a2 NO
send a3 AUTHENTICATE PLAIN
want ^\\+
send $plain_wrong
want ^a3 NO
send a4 authenticate plain $plain_wrong
want ^a4 NO
send a5 AUTHENTICATE PLAIN
want ^\\+
send *
want ^a5 (NO|BAD)
send a6 LOGIN {$user_size+}
raw $user {$password_size+}\\r\\n
send $password
want ^a6 OK
send b1 SELECT INBOX
send b2 APPEND INBOX (\\\\Seen) {$size+}
file crlf
send
want ^b2 OK
send b3 APPEND INBOX {$size}
want ^\\+
file crlf
send
want ^b3 OK
send b4 FETCH 1 (FLAGS BODY.PEEK[])
want ^b4 OK
send b5 FETCH 1:* BODY.PEEK[TEXT]<0.100>
send b6 IDLE
want ^b5 OK
want ^\\+
send DONE
want ^b6 OK
send b7 STORE 2:* +FLAGS (\\\\Deleted)
send b8 EXPUNGE
want ^b8 OK
send b9 LOGOUT
end
EOF
	hidden $how
	recorded $how "< a1 login  $user ***" "< a2 LOGIN {$user_size}" \
		'< a3 AUTHENTICATE PLAIN' '< a4 authenticate plain ***' \
		'< a5 AUTHENTICATE PLAIN' '< ***' '< b1 SELECT INBOX' \
		'< b4 FETCH 1 (FLAGS BODY.PEEK[])' '< b6 IDLE' '< DONE' \
		'< b9 LOGOUT' \
		": < $size bytes, $lines lines of message" \
		": > $size bytes, $lines lines of message"
done
proxy imap "$imap"

ok "quoted: a password with quotes and backslashes" talk quoted <<EOF
want ^\\* OK
file quoted
want ^q OK
send r LOGOUT
end
EOF
hidden quoted
recorded quoted "< q LOGIN $quoted_user ***" '< r LOGOUT'

# Dovecot wants a literal before the line with its size has ended.
ok "early: a client ends its lines behind the server's answer" talk early <<EOF
want ^\\* OK
raw a1 LOGIN {$user_size}
want ^\\+
raw \\r\\n$user {$password_size}
want ^\\+
send
send $password
want ^a1 OK
send a2 LOGOUT
end
EOF
hidden early
recorded early "< a1 LOGIN {$user_size}" "< $user ***" \
	'< a2 LOGOUT'

# All at once, before the server has answered any of it: what could be a secret is
# hidden, also when it was none.
ok "pipelined: a client does not wait for answers" talk pipelined <<EOF
want ^\\* OK
send a1 login $user "$wrong"
send a2 LOGIN {$user_size+}
raw $user {$wrong_size+}\\r\\n
send $wrong
send a3 AUTHENTICATE PLAIN
send $plain_wrong
send a4 AUTHENTICATE PLAIN $plain_wrong
send a5 AUTHENTICATE LOGIN
send $wrong64
send *
send a6 LOGIN {$user_size+}
raw $user {$password_size+}\\r\\n
send $password
send b1 SELECT INBOX
send b2 APPEND INBOX {$size+}
file crlf
send
send b3 FETCH 1 BODY[]
send b4 LOGOUT
want ^b3 OK
end
EOF
hidden pipelined

# Behind COMPRESS there is nothing to show.
ok "compress: a client switches to compression" talk compress <<EOF
want ^\\* OK
send a LOGIN $user $password
want ^a OK
send b COMPRESS DEFLATE
want ^b OK
raw $password
shut
end
EOF
hidden compress
recorded compress '< b COMPRESS DEFLATE'

ok "tls: behind STARTTLS" talk tls <<EOF
want ^\\* OK
send a STARTTLS
want ^a OK
tls
send b LOGIN $user $password
want ^b OK
send c LOGOUT
end
EOF
hidden tls
recorded tls '< a STARTTLS' ': TLS'
is "tls: nothing is recorded behind it but the ends" \
	"$(sed '1,/^: TLS$/d' tls.records | grep -v ' \[EOF\]$')" ''

proxy imap "$imaps"
ok "imaps: curl reads a mail by TLS from the start" client imaps curl -sk \
	--user "$user:$password" "imaps://127.0.0.1:$port/INBOX;MAILINDEX=1"
same "imaps: unchanged" imaps.seen crlf
hidden imaps
records imaps >imaps.records
is "imaps: a note and the ends are all that is recorded" \
	"$(grep -v ' \[EOF\]$' imaps.records)" ': TLS'

proxy imap "$imap"
# curl reads the mail.
ok "curl: it reads a mail" client curl curl -s --user "$user:$password" \
	"imap://127.0.0.1:$port/INBOX;MAILINDEX=1"
same "curl: unchanged" curl.seen crlf
hidden curl

# Without -p, rlogsess gives the mails back, byte for byte.
serve recio tcpclient -RHl0 127.0.0.1 "$imap" s6-ioconnect
ok "imaplib: it stores and reads a mail without -p" client both python3 \
	client.py "$port" "$user" "$password" "$wrong" login
rlogsess -o mail --into both-mail both.log
set -- both-mail/*.eml
is "rlogsess -o mail: two files" $# 2
same "rlogsess -o mail: the mail of APPEND" "$1" crlf
same "rlogsess -o mail: the mail of FETCH" "$2" crlf
done_testing
