# shellcheck shell=sh
# A qpsmtpd for the chain of tcpserver, ./qpsmtpd: it knows $user, and stores mails
# in $mailbox.
# shellcheck disable=SC2154 # lib.sh and sessions.sh set the others
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
# shellcheck disable=SC2034 # for the tests
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
