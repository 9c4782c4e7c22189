#!/bin/sh
# Odd streams to real servers behind recio -p: no password that a server took is
# in the record, and every command that a server carried out is. The streams are
# made from a seed, which DIFFERENTIAL_SEED can name. With CRASH_LONG streams
# from a new seed go on for DIFFERENTIAL_SECONDS, or 6000.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/peer/sessions.sh"
. "$top/tests/peer/dovecot.sh"
. "$top/tests/peer/cyrus.sh"
. "$top/tests/peer/postfix.sh"
fuzz=$top/tests/fuzz/differential

# A login is used once; after all of them have been, again.
perl -e 'srand 1; my @c = ("a" .. "z", "A" .. "Z", 0 .. 9);
	printf "user%05d %s\n", $_, join "", map { $c[rand @c] } 1 .. 14
		for 1 .. 4000' >logins
awk '{ print $1 ":{PLAIN}" $2 }' logins >>users
awk '{ print $1 ": " $2 }' logins >exim.users

relay=$(free_port)
spawn sh -c 'exec tcpserver -RHl0 127.0.0.1 "$@" 2>relay.log' sh "$relay" \
	"$top/doc/examples/smtp-responder"
mkdir pop3-mail imap-mail
cat >extra.conf <<EOF
log_debug = category=smtp-server
service auth {
  unix_listener auth-client {
    mode = 0666
  }
}
service imap-login {
  service_count = 0
}
service pop3-login {
  service_count = 0
}
service managesieve-login {
  service_count = 0
}
service submission-login {
  service_count = 0
}
protocol imap {
  mail_location = maildir:$T/imap-mail
}
protocol pop3 {
  mail_location = maildir:$T/pop3-mail
}
EOF
for directory in imap-mail pop3-mail; do
	mkdir $directory/new $directory/cur $directory/tmp
	make_message 3
	cp message $directory/new/1.a.example.org
done
chown -R "$dovecot_user:$dovecot_group" imap-mail pop3-mail
start_dovecot

mkdir exim
chown "$dovecot_user:$dovecot_group" exim
as_user=
[ "$(id -u)" != 0 ] || as_user="setuidgid $dovecot_user"
cat >exim.conf <<EOF
exim_user = $dovecot_user
exim_group = $dovecot_group
spool_directory = $T/exim
log_file_path = $T/exim/%slog
primary_hostname = exim.example.org
qualify_domain = example.org
acl_smtp_rcpt = accept
acl_smtp_vrfy = accept
acl_smtp_expn = accept
acl_smtp_data = discard
never_users =
keep_environment =
host_lookup =
rfc1413_query_timeout = 0s
auth_advertise_hosts = *
smtp_accept_max_nonmail = 100
begin routers
all:
  driver = accept
  transport = none
begin transports
none:
  driver = appendfile
  file = /dev/null
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = \${if eq{\$auth3}{\${lookup{\$auth2}lsearch{$T/exim.users}}}}
login:
  driver = plaintext
  public_name = LOGIN
  server_prompts = Username:: : Password::
  server_condition = \${if eq{\$auth2}{\${lookup{\$auth1}lsearch{$T/exim.users}}}}
cram:
  driver = cram_md5
  public_name = CRAM-MD5
  server_secret = \${lookup{\$auth1}lsearch{$T/exim.users}{\$value}fail}
EOF
chmod 644 exim.conf exim.users

aiosmtpd=$(free_port)
spawn sh -c 'exec "$@" 2>aiosmtpd.log' sh "$fuzz/aiosmtpd" "$aiosmtpd" logins
. "$top/tests/peer/qpsmtpd.sh"
setting logging 'logging/warn LOGDEBUG'
setting plugin_dirs "$fuzz/plugins" /usr/share/qpsmtpd/plugins
setting plugins auth_users rcpt_ok "queue/maildir $T/box"
setting auth_users "$T/logins"
qpsmtpd=$(free_port)
spawn sh -c 'exec "$@" 2>qpsmtpd.log' sh "$fuzz/qpsmtpd" "$qpsmtpd"
for port in "$aiosmtpd" "$qpsmtpd"; do
	ok "a server listens on port $port" wait_for 20 listening "$port"
done

cat >servers <<EOF
exim4 smtp exim run $as_user exim4 -C $T/exim.conf -bs -oMa 192.0.2.1 -d-all+receive+auth
qpsmtpd smtp qpsmtpd port $qpsmtpd qpsmtpd.log
aiosmtpd smtp aiosmtpd port $aiosmtpd aiosmtpd.log
dovecot-submission smtp dovecot port $submission dovecot.log
dovecot-lmtp lmtp dovecot port $lmtp dovecot.log
dovecot-imap imap dovecot port $imap dovecot.log
dovecot-pop3 pop3 dovecot port $pop3 dovecot.log
dovecot-sieve sieve dovecot port $sieve dovecot.log
EOF
if unpack_cyrus; then
	start_cyrus logins
	cat >>servers <<EOF
cyrus-imap imap cyrus port $cyrus_imap
cyrus-pop3 pop3 cyrus port $cyrus_pop3
EOF
else
	skip "Cyrus needs its packages from package/deps" 2
fi
if can_start_postfix; then
	port=$(free_port)
	cat >postfix.main <<EOF
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = $T/run/auth-client
smtpd_client_port_logging = yes
smtpd_error_sleep_time = 0
smtpd_discard_ehlo_keywords =
smtpd_client_connection_count_limit = 0
default_transport = discard
local_transport = discard
EOF
	echo "127.0.0.1:$port inet n - n - - smtpd -v" >postfix.master
	start_postfix
	ok "Postfix listens on port $port" wait_for 20 listening "$port"
	echo "postfix smtp postfix port $port postfix.log" >>servers
else
	skip "Postfix needs root, and its package from package/deps" 3
fi

# Streams that once showed a fault, in recio as it is or broken on purpose.
known_streams() {
	"$fuzz/fuzz" servers logins "$fuzz"/seeds/* >fuzz.out
}
ok "no known stream shows a fault" known_streams
sed 's/^[^#]/# &/' fuzz.out

how="-n 700 -s ${DIFFERENTIAL_SEED:-1}"
[ -z "${CRASH_LONG:-}" ] || how="-t ${DIFFERENTIAL_SECONDS:-6000}"
random_streams() {
	# shellcheck disable=SC2086 # how is several words
	"$fuzz/fuzz" $how servers logins >fuzz.out
}
ok "no odd stream shows a fault" random_streams
sed 's/^[^#]/# &/' fuzz.out
counted() {
	sed -n "s/^# $1: \([0-9]*\) .*/\1/p" fuzz.out
}
ok "servers let a third of the streams log in" \
	[ "$(($(counted yes) * 3))" -ge "$(counted streams)" ]
ok "servers carry out two commands a stream" \
	[ "$(counted commands)" -ge "$(($(counted streams) * 2))" ]
[ -z "${postfix_waiting:-}" ] || stop_postfix
done_testing
