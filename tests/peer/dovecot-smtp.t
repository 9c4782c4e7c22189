#!/bin/sh
# Dovecot's submission and LMTP through recio -p smtp and lmtp, and a TCP
# connection: the mail arrives unchanged, the dialogue is in the log, no password
# and nothing of the mail.
. "$(dirname "$0")/../lib.sh"
cancel='*'
# A line with two spaces is wrong to Dovecot, which says so when it has the CR:
# that may be before the end of the line, and recio takes it for no answer to it.
auth_plain='auth plain'
. "$top/tests/peer/smtp.sh"
. "$top/tests/peer/dovecot.sh"

# What submission sends on to: it keeps the message, between DATA and its end.
relay=$(free_port)
mkdir submitted
spawn sh -c 'exec tcpserver -RHl0 127.0.0.1 "$1" recio -f in -r -n 3 \
	"$2" 3>relay.log' sh "$relay" "$top/doc/examples/smtp-responder"
wait_for 20 listening "$relay"
submitted() {
	grep -q '< QUIT' relay.log
}
# arrived NAME WANT: here the message is in the record of the relay, with dots
# doubled.
submission_arrived() {
	ok "$1: the mail is sent on" wait_for 20 submitted
	LC_ALL=C sed -n '/< Date: /,/< \.\r* $/p' relay.log |
		sed 's/^[0-9]* < //; s/ $//; s/\r$//; s/^\.//; $d' >got
	same "$1: unchanged" got "$2"
	: >relay.log
}
start_dovecot
make_message 20
{
	cat message
	echo
} >with_end

proxy smtp "$submission"
for mechanism in plain login cram-md5; do
	ok "$mechanism: swaks sends a mail" send $mechanism --data @message \
		--auth $mechanism --auth-user "$user" --auth-password "$password"
	submission_arrived $mechanism with_end
	hidden $mechanism
	dialogue $mechanism
done
ok "tls: swaks sends a mail" send tls --data @message -tls \
	--auth plain --auth-user "$user" --auth-password "$password"
submission_arrived tls with_end
hidden tls
dialogue tls
send wrong --auth plain,login,cram-md5 --auth-user "$user" \
	--auth-password "$wrong"
is "wrong: swaks says that it is refused" $? 28
hidden wrong
dialogue wrong

# In chunks, pipelined.
sed 's/$/\r/' message >crlf
head -c 1000 crlf >chunk.1
tail -c +1001 crlf >chunk.2
size=$(wc -c <chunk.2)
for how in by-hand bytes; do
	ok "$how: a client says what swaks does not" talk $how <<EOF
$(echo $how | grep -v -)
$authenticate_by_hand
send MAIL FROM:<a@client.example.net> BODY=8BITMIME
send RCPT TO:<box@example.org>
send BDAT 1000
file chunk.1
send BDAT $size
file chunk.2
send bdat 0 last
send NOOP
send QUIT
end
EOF
	hidden $how
	recorded_authentication $how
	recorded $how '< BDAT 1000' "< BDAT $size" '< bdat 0 last' '< NOOP' \
		'< QUIT'
	submission_arrived $how message
done
kill "$server"
wait "$server" 2>/dev/null

# LMTP: one recipient is there, another is not, so one answer comes behind the
# message, and then two.
proxy lmtp "$lmtp"
mailbox="mail/$user/Maildir/new/*"
send two --protocol LMTP --to "$user,nobody@skagen.invalid" --data @message
arrived two with_end
hidden two
dialogue two
ok "both: swaks sends a mail to two" send both --protocol LMTP \
	--to "$user,$quoted_user" --data @message --pipeline
arrived both with_end
hidden both
dialogue both
done_testing
