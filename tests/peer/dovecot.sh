# shellcheck shell=sh
# A Dovecot of the test's own, for tests against it: start_dovecot starts it with
# what is in extra.conf besides. It listens on $imap, $imaps, $pop3, $lmtp, $sieve and
# $submission, which sends on to $relay.
# shellcheck disable=SC2154 # lib.sh and sessions.sh set the others
. "$top/tests/tls.sh"
. "$top/tests/tls.sh"
PATH=$PATH:/usr/sbin
quoted_user=quoted@skagen.invalid
quoted_password='rM2"kT5\wL8 yD6%jS1'
printf '%s\n' "$quoted_password" 'rM2\"kT5\\wL8 yD6' >>secrets

# Started by root, Dovecot gives that up; started by others, it stays what it is.
chmod 711 .
mkdir run mail
dovecot_user=$(id -un) dovecot_group=$(id -gn)
if [ "$(id -u)" = 0 ]; then
	dovecot_user=nobody dovecot_group=$(id -gn nobody)
	chown "$dovecot_user:$dovecot_group" mail
fi
printf '%s:{PLAIN}%s\n' "$user" "$password" "$quoted_user" "$quoted_password" \
	>users
make_certificate dovecot.example.org
chmod 644 users

listener() {
	cat <<EOF
service $1-login {
  chroot =
  inet_listener $1 {
    port = $2
  }
  inet_listener $1s {
    port = $3
  }
}
EOF
}

write_dovecot_conf() {
	cat <<EOF
base_dir = $T/run
state_dir = $T/run
log_path = $T/dovecot.log
protocols = imap pop3 lmtp sieve submission
listen = 127.0.0.1
ssl = yes
ssl_cert = <$T/cert.pem
ssl_key = <$T/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login cram-md5 apop
auth_failure_delay = 0
default_login_user = $dovecot_user
default_internal_user = $dovecot_user
default_internal_group = $dovecot_group
hostname = dovecot.example.org
mail_location = maildir:~/Maildir
first_valid_uid = 1
lda_mailbox_autocreate = yes
submission_relay_host = 127.0.0.1
submission_relay_port = ${relay:-25}
passdb {
  driver = passwd-file
  args = $T/users
}
userdb {
  driver = static
  args = uid=$dovecot_user gid=$dovecot_group home=$T/mail/%u
}
service anvil {
  chroot =
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service lmtp {
  inet_listener lmtp {
    port = $lmtp
  }
}
service managesieve-login {
  chroot =
  inet_listener sieve {
    port = $sieve
  }
}
service stats {
  chroot =
}
protocol imap {
  mail_plugins = zlib imap_zlib
}
plugin {
  sieve = ~/active.sieve
  sieve_dir = ~/sieve
}
EOF
	listener imap "$imap" "$imaps"
	listener pop3 "$pop3" 0
	listener submission "$submission" 0
	cat extra.conf
}

# The message is the user's mail number 1.
put_mail() {
	make_message 20
	maildir=mail/$user/Maildir
	mkdir -p "$maildir/new" "$maildir/cur" "$maildir/tmp"
	cp message "$maildir/new/1.a.example.org"
	chown -R "$dovecot_user:$dovecot_group" mail
}

start_dovecot() {
	imap=$(free_port) imaps=$(free_port) pop3=$(free_port)
	lmtp=$(free_port) sieve=$(free_port) submission=$(free_port)
	[ -e extra.conf ] || : >extra.conf
	write_dovecot_conf >dovecot.conf
	spawn dovecot -F -c "$T/dovecot.conf"
	for service in "$imap" "$pop3" "$lmtp" "$sieve" "$submission"; do
		ok "Dovecot listens on port $service" \
			wait_for 20 listening "$service" || cat dovecot.log
	done
}

# proxy PROTOCOL PORT: recio in front of that port.
proxy() {
	serve recio -p "$1" tcpclient -RHl0 127.0.0.1 "$2" s6-ioconnect
}
