#!/bin/sh
# Mails to qpsmtpd, a server in Perl that knows its clients by the environment of
# tcpserver, behind recio -p smtp: what swaks and a client by hand say is in the
# log as they said it, but no password and nothing of a mail.
. "$(dirname "$0")/../lib.sh"
cancel=
. "$top/tests/peer/smtp.sh"
. "$top/tests/peer/qpsmtpd.sh"

serve recio -p smtp ./qpsmtpd
make_message 20
for mechanism in plain login cram-md5; do
	sent $mechanism --auth $mechanism --auth-user "$user" \
		--auth-password "$password"
done
sent pipeline --pipeline --auth plain --auth-user "$user" \
	--auth-password "$password"

send wrong --auth plain,login,cram-md5 --auth-user "$user" \
	--auth-password "$wrong"
is "wrong: swaks says that it is refused" $? 28
hidden wrong
dialogue wrong

# It takes DATA without a recipient as a mistake: no message follows.
ok "data: DATA is refused" talk data <<EOF
want ^220
send EHLO client.example.net
want ^250 
send MAIL FROM:<a@client.example.net>
want ^250
send DATA
want ^503
send NOOP
want ^250
send QUIT
end
EOF
recorded data '< DATA' '< NOOP' '< QUIT'
is "data: no note of a message" "$(grep -c '^:' data.records)" 0

ok "bytes: a client says what swaks does not" talk bytes <<EOF
bytes
$authenticate_by_hand
send QUIT
end
EOF
hidden bytes
recorded_authentication bytes

make_message 82000
sent big
ok "big: the mail has more than 5 megabytes" [ "$(wc -c <message)" -gt 5000000 ]
ok "big: its log has less than 5 kilobytes" [ "$(wc -c <big.log)" -lt 5000 ]
done_testing
