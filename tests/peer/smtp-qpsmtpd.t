#!/bin/sh
# Mails to qpsmtpd, a server in Perl that knows its clients by the environment of
# tcpserver, behind recio -p smtp: what swaks and a client by hand say is in the
# log as they said it, but no password and nothing of a mail.
. "$(dirname "$0")/../lib.sh"
cancel=
. "$top/tests/peer/smtp.sh"

# Its own starter for tcpserver is not in Debian's package; this is one. It
# prints its answers on a descriptor that has to be a connected socket.
cat >qpsmtpd <<'EOF'
#!/usr/bin/perl -T
use strict;
use warnings;
use IO::Socket;
use Qpsmtpd::TcpServer;

$| = 1;
delete @ENV{qw(ENV BASH_ENV)};
$ENV{PATH} = '/usr/bin:/bin';
my $server = Qpsmtpd::TcpServer->new;
$server->load_plugins;
$server->start_connection;
$server->run(IO::Socket->new->fdopen(0, 'r+'));
EOF
chmod +x qpsmtpd
mkdir config spool box box/cur box/new box/tmp
chmod 700 spool
mailbox='box/new/*'
# setting NAME VALUE...
setting() {
	file=config/$1
	shift
	printf '%s\n' "$@" >"$file"
}
setting me qpsmtpd.example.org
setting spool_dir "$T/spool"
setting plugin_dirs /usr/share/qpsmtpd/plugins
setting logging 'logging/warn LOGERROR'
setting rcpthosts example.org
setting flat_auth_pw "$user:$password"
setting plugins auth/auth_flat_file rcpt_ok "queue/maildir $T/box"
QPSMTPD_CONFIG=$T/config
export QPSMTPD_CONFIG

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
