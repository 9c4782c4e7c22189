#!/bin/sh
# rlogsess --trace finds mails to exim4 -bs in what recio recorded of them: by
# the queue ID that exim4 gave, the Message-ID, the sender and the recipient.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/peer/smtp.sh"
. "$top/tests/peer/exim.sh"

# mail NAME SENDER RECIPIENT: a mail with a Message-ID of this name.
mail() {
	send "$1" --from "$2" --to "$3" --header "Message-Id: <$1@client.example>" \
		--body "$1"
}
# processes WHAT LOG: those of the sessions of the mails.
processes() {
	rlogsess -o json --trace "$1" "$2" 2>err | perl -MJSON::PP -ne '
		my $m = decode_json($_);
		print "$m->{session}{pid} "'
}
# pid_of NAME: the process that served it.
pid_of() {
	sed -n 's/^tcpserver: end \([0-9]*\) .*/\1/p' "$1.log"
}
queue_id() {
	sed -n 's/^<.*250 OK id=//p' "$1.seen" | tr -d '\r'
}

# serve_mails OPTIONS: three mails through recio with these options, one of
# which is refused; the log directory is smtpd.
serve_mails() {
	rm -rf smtpd
	# shellcheck disable=SC2086 # as_owner is several words
	serve recio "$@" $as_owner exim4 -C "$T/exim.conf" -bs -odi
	mail one a@client.example box@example.org
	mail two b@client.example other@example.org
	mail three c@client.example refused@example.org
	kill "$server"
	wait "$server"
	rlog t ./smtpd <log
	ok "recio $*: exim4 gives queue IDs" test "$(queue_id one)" -a \
		"$(queue_id two)"
	for name in one two; do
		is "recio $*: the queue ID of mail $name" \
			"$(processes "$(queue_id $name)" smtpd)" "$(pid_of $name) "
	done
	is "recio $*: the sender" "$(processes b@client.example smtpd)" \
		"$(pid_of two) "
	is "recio $*: the recipient" "$(processes box@example.org smtpd)" \
		"$(pid_of one) "
	is "recio $*: a mail that was refused" \
		"$(processes refused@example.org smtpd)" "$(pid_of three) "
	ok "recio $*: the reason of the refusal" grep -q \
		'^rlogsess: mail 1: the server did not accept it: 550 ' <<END
$(rlogsess --trace refused@example.org smtpd)
END
	ok "recio $*: its deliveries are in exim4's log" grep -q \
		'^rlogsess: mail 1: no message of qmail-send .*: 250 OK id=' <<END
$(rlogsess --trace one@client.example smtpd
		rlogsess --trace a@client.example smtpd)
END
}

serve_mails -v
is "recio -v: the Message-ID" "$(processes '<two@client.example>' smtpd)" \
	"$(pid_of two) "
serve_mails -p smtp
is "recio -p smtp: no Message-ID is recorded" \
	"$(processes '<two@client.example>' smtpd)" ""
ok "recio -p smtp: a sentence says so" grep -q \
	'2 mails were not recorded, nor were their Message-IDs$' err
serve_mails -x
is "recio -x: the Message-ID" "$(processes '<two@client.example>' smtpd)" \
	"$(pid_of two) "
done_testing
