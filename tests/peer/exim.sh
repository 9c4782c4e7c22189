# shellcheck shell=sh
# An exim4 for tests that source lib.sh, and sessions.sh or set user and password:
# $as_owner exim4 -C "$T/exim.conf" -bs -odi. It knows $user, offers TLS, and stores
# mails in $mailbox.
# Mails to refused@ are refused.
# shellcheck disable=SC2154,SC2034 # set by lib.sh and sessions.sh, used by tests
. "$top/tests/tls.sh"
PATH=$PATH:/usr/sbin

# exim4 is setuid root, and gives that up for a configuration of our own. Only
# when root starts it, it would not; then an ordinary user does.
chmod 711 .
mkdir spool mail
mailbox=mail/box
owner=$(id -un) group=$(id -gn) as_owner=
if [ "$(id -u)" = 0 ]; then
	owner=nobody group=$(id -gn nobody) as_owner="setuidgid nobody"
	chown "$owner:$group" spool mail
fi
make_certificate exim.example.org
cat >exim.conf <<EOF
exim_user = $owner
exim_group = $group
spool_directory = $T/spool
log_file_path = $T/spool/%slog
primary_hostname = exim.example.org
qualify_domain = example.org
acl_smtp_rcpt = check_rcpt
acl_smtp_data = accept
never_users =
keep_environment =
host_lookup =
rfc1413_query_timeout = 0s
auth_advertise_hosts = *
tls_advertise_hosts = *
tls_certificate = $T/cert.pem
tls_privatekey = $T/key.pem
begin acl
check_rcpt:
  deny local_parts = refused
  accept
begin routers
box:
  driver = accept
  transport = file
begin transports
file:
  driver = appendfile
  file = $T/mail/box
  user = $owner
  group = $group
  message_prefix =
  message_suffix =
  check_string =
  escape_string =
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = \${if and {{eq{\$auth2}{$user}}{eq{\$auth3}{$password}}}}
login:
  driver = plaintext
  public_name = LOGIN
  server_prompts = Username:: : Password::
  server_condition = \${if and {{eq{\$auth1}{$user}}{eq{\$auth2}{$password}}}}
cram:
  driver = cram_md5
  public_name = CRAM-MD5
  server_secret = \${if eq{\$auth1}{$user}{$password}fail}
EOF
chmod 644 exim.conf
