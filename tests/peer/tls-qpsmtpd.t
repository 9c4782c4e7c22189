#!/bin/sh
# Mails with TLS to qpsmtpd, a server in Perl whose OpenSSL the dynamic linker knows
# for that module alone, behind recio -L -p smtp: what swaks and a client by hand say
# inside of TLS is in the log as they said it, but no password and nothing of a mail.
. "$(dirname "$0")/../lib.sh"
cancel='' inside=-L
. "$top/tests/peer/smtp.sh"
. "$top/tests/peer/qpsmtpd.sh"
. "$top/tests/tls.sh"
make_certificate qpsmtpd.example.org
setting plugins "tls $T/cert.pem $T/key.pem $T/cert.pem" auth/auth_flat_file \
	rcpt_ok "queue/maildir $T/box"

serve recio -L -p smtp ./qpsmtpd
make_message 20
for mechanism in plain login cram-md5; do
	inside $mechanism --tls --auth $mechanism
done
ok "the note of TLS names version and cipher" grep -q \
	'^: TLS TLSv1.3 TLS_AES_256_GCM_SHA384$' plain.records
inside pipeline --tls --pipeline --auth plain
inside old --tls --tls-protocol tlsv1_2 --auth plain
host=mx.example.org
inside sni --tls --tls-sni $host --auth plain
host=''

send wrong --tls --auth plain,login,cram-md5 --auth-user "$user" \
	--auth-password "$wrong"
is "wrong: swaks says that it is refused" $? 28
hidden wrong
dialogue wrong
send refused --tls --to refused@elsewhere.example
is "refused: swaks says that nobody is left to get it" $? 24
dialogue refused

ok "bytes: a client says what swaks does not, each byte alone" talk bytes <<EOF
$start_tls_by_hand
bytes
$(echo "$authenticate_by_hand" | sed 1,2d)
send QUIT
end
EOF
hidden bytes
recorded_authentication bytes

make_message 82000
inside big --tls --auth plain
ok "big: its log has less than 5 kilobytes" [ "$(wc -c <big.log)" -lt 5000 ]
done_testing
