#!/bin/sh
# Mails to exim4 -bs behind recio -p smtp: what swaks and a client by hand say is
# in the log as they said it, but no password and nothing of a mail.
. "$(dirname "$0")/../lib.sh"
cancel="*"
. "$top/tests/peer/smtp.sh"
. "$top/tests/peer/exim.sh"

# shellcheck disable=SC2086 # as_owner is several words
serve recio -p smtp $as_owner exim4 -C "$T/exim.conf" -bs -odi
make_message 20
for mechanism in plain login cram-md5; do
	sent $mechanism --auth $mechanism --auth-user "$user" \
		--auth-password "$password"
done
sent pipeline --pipeline --auth plain --auth-user "$user" \
	--auth-password "$password"
sent tls -tls --auth plain --auth-user "$user" --auth-password "$password"

send wrong --auth plain,login,cram-md5 --auth-user "$user" \
	--auth-password "$wrong"
is "wrong: swaks says that it is refused" $? 28
hidden wrong
dialogue wrong

send refused --to refused@example.org --pipeline
is "refused: swaks says that nobody is left to get it" $? 24
dialogue refused

# By hand, and then again with each byte alone. Dots at the start of lines are
# doubled.
sed 's/$/\r/' message >crlf
sed 's/^\./../' crlf >crlf.dots
for how in by-hand bytes; do
	ok "$how: a client says what swaks does not" talk $how <<EOF
$(echo $how | grep -v -)
$authenticate_by_hand
send MAIL FROM:<a@client.example.net>
send RCPT TO:<box@example.org>
send VRFY $user
send NOOP
want ^250 OK
want ^250 Accepted
want ^252
want ^250
send DATA
$message_by_hand
EOF
	arrived $how message
	hidden $how
	recorded_authentication $how
	recorded $how "< VRFY $user" '< DATA' '< NOOP' '< QUIT'
done

# BDAT, in chunks that are cut anywhere, with the next command right behind, and
# one that is refused: its octets come all the same.
head -c 1000 crlf >chunk.1
tail -c +1001 crlf >chunk.2
size=$(wc -c <chunk.2)
ok "bdat: a mail in chunks" talk bdat <<EOF
want ^220
send EHLO client.example.net
want ^250 
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
arrived bdat message
hidden bdat
recorded bdat '< BDAT 1000' "< BDAT $size" '< bdat 0 last' '< NOOP' '< QUIT'

# Refused, perhaps before all of it has come: then it may be lines, of which only
# the names of commands are recorded.
ok "a chunk that is refused" talk refused <<EOF
want ^220
send EHLO client.example.net
want ^250 
send BDAT 1000
file chunk.1
want ^503
send NOOP
send QUIT
end
EOF
hidden refused
recorded refused '< BDAT 1000' '< QUIT'
ok "refused: the next command is named" grep -q '^< NOOP' refused.records

# A message of 5 megabytes, and its log.
make_message 82000
sent big
ok "big: the mail has more than 5 megabytes" [ "$(wc -c <message)" -gt 5000000 ]
ok "big: its log has less than 5 kilobytes" [ "$(wc -c <big.log)" -lt 5000 ]

kill "$server"
wait "$server"
# The same is found where it is not to be hidden.
make_message 20
# shellcheck disable=SC2086 # as_owner is several words
serve recio -p smtp -s -m $as_owner exim4 -C "$T/exim.conf" -bs -odi
send shown --data @message --auth plain --auth-user "$user" \
	--auth-password "$password"
"$top/tests/tools/leaks.pl" shown.secrets shown.log >found
for secret in "$password" "$marker"; do
	ok "-s -m: found in the log: $secret" grep -qF "$secret" found
done

# rlogsess gives the mails back, byte for byte.
rlogsess -o mail --into shown-mail shown.log
{
	cat crlf
	printf '\r\n'
} >want
same "rlogsess -o mail: the mail of swaks" shown-mail/*.eml want
head -c 1000 crlf >chunk.1
tail -c +1001 crlf >chunk.2
size=$(wc -c <chunk.2)
ok "three mails in a session" talk three <<EOF
want ^220
send EHLO client.example.net
want ^250 
$envelope_by_hand
want ^354
file crlf.dots
send .
want ^250
send MAIL FROM:<a@client.example.net> BODY=8BITMIME
send RCPT TO:<box@example.org>
send BDAT 1000
file chunk.1
send BDAT $size LAST
file chunk.2
want ^250
send MAIL FROM:<a@client.example.net>
send RCPT TO:<refused@example.org>
send DATA
want ^503
$envelope_by_hand
want ^354
send From me
send >From me
send .
want ^250
send QUIT
end
EOF
rlogsess -o mail --into three-mail three.log
set -- three-mail/1-*-*.eml
is "rlogsess -o mail: three files" $# 3
same "rlogsess -o mail: the mail of DATA" "$1" crlf
same "rlogsess -o mail: the mail of BDAT" "$2" crlf
printf 'From me\r\n>From me\r\n' >want
same "rlogsess -o mail: the last mail" "$3" want
rlogsess -o mail three.log >mbox
is "rlogsess -o mail: an mbox with three mails" "$(python3 -c '
import mailbox
for mail in mailbox.mbox("mbox", create=False):
    print(mail.get_from().split()[0])' | sort | uniq -c | tr -s ' ')" \
	' 3 a@client.example.net'
done_testing
