# shellcheck shell=sh
# A Cyrus of the test's own: start_cyrus FILE starts it for the users and
# passwords in FILE, one pair a line. It listens on $cyrus_imap and $cyrus_pop3,
# and has a file below cyrus/log/USER for each session of a user that logged in.
# Its packages conflict with Dovecot's: unpack_cyrus is false if they are not
# there to be unpacked.
# shellcheck disable=SC2154 # lib.sh and dovecot.sh set the others
. "$top/tests/peer/unpacked.sh"
cyrus_programs=$T/cyrus-imapd/usr/lib/cyrus/bin

unpack_cyrus() {
	unpacked cyrus-common cyrus-imapd cyrus-pop3d &&
		cp cyrus-common/usr/lib/cyrus/bin/master \
			cyrus-pop3d/usr/lib/cyrus/bin/pop3d "$cyrus_programs"
}

write_cyrus_conf() {
	cat <<EOF
configdirectory: $T/cyrus
partition-default: $T/cyrus/spool
defaultpartition: default
cyrus_user: $dovecot_user
admins: admin
servername: cyrus.example.org
allowplaintext: yes
sasl_mech_list: PLAIN LOGIN CRAM-MD5
sasl_pwcheck_method: auxprop
sasl_auxprop_plugin: sasldb
sasl_sasldb_path: $T/cyrus/sasldb
autocreate_quota: 0
failedloginpause: 0
EOF
}

# cyrus_service PROGRAM PORT
cyrus_service() {
	printf '%s cmd="%s -C %s" listen="127.0.0.1:%s" proto=tcp4\n' "$1" \
		"$cyrus_programs/$1" "$T/cyrus.imapd.conf" "$2"
}

# Accounts, and a directory for what the sessions of each say.
add_cyrus_users() {
	perl -e 'use DB_File;
		tie my %of, "DB_File", "cyrus/sasldb", O_RDWR | O_CREAT, 0600,
			$DB_HASH or die $!;
		while (<>) {
			my ($user, $password) = split;
			$of{"$user\0cyrus.example.org\0userPassword"} = $password;
			mkdir "cyrus/log/$user";
		}' "$1"
}

start_cyrus() {
	mkdir cyrus
	for directory in spool db proc socket log msg ptclient lock; do
		mkdir "cyrus/$directory"
	done
	add_cyrus_users "$1"
	[ "$(id -u)" != 0 ] || chown -R "$dovecot_user" cyrus
	cyrus_imap=$(free_port) cyrus_pop3=$(free_port)
	write_cyrus_conf >cyrus.imapd.conf
	{
		printf 'START {\n}\nSERVICES {\n'
		cyrus_service imapd "$cyrus_imap"
		cyrus_service pop3d "$cyrus_pop3"
		printf '}\nEVENTS {\n}\n'
	} >cyrus.conf
	spawn env LD_LIBRARY_PATH="$(echo "$T"/cyrus-common/usr/lib/*-linux-gnu)" \
		"$cyrus_programs/master" -D -C "$T/cyrus.imapd.conf" \
		-M "$T/cyrus.conf" -p "$T/cyrus/pid" -L "$T/cyrus/master.log"
	for service in "$cyrus_imap" "$cyrus_pop3"; do
		ok "Cyrus listens on port $service" \
			wait_for 20 listening "$service"
	done
}
