# shellcheck shell=sh
# A Postfix of the test's own, from its unpacked package; root has to start it.
# start_postfix starts its master, in a place of its own, with no service on the
# network but those in postfix.master, and with the settings in postfix.main
# besides; stop_postfix ends it. Its users are some that every Debian has.
# shellcheck disable=SC2154 # lib.sh sets the others
. "$top/tests/peer/unpacked.sh"
postfix=$T/postfix
postfix_queue=$T/postfix.own/queue
MAIL_CONFIG=$T/postfix.own/config
export MAIL_CONFIG

can_start_postfix() {
	[ "$(id -u)" = 0 ] && unpacked postfix
}

write_postfix_main() {
	cat <<EOF
compatibility_level = 3.6
queue_directory = $postfix_queue
data_directory = $T/postfix.own/data
command_directory = $postfix/usr/sbin
daemon_directory = $postfix/usr/lib/postfix/sbin
shlib_directory = $postfix/usr/lib/postfix
mail_owner = uucp
setgid_group = irc
myhostname = postfix.example.org
mynetworks = 127.0.0.1/32
inet_interfaces = 127.0.0.1
local_recipient_maps =
alias_maps =
alias_database =
smtpd_peername_lookup = no
maillog_file = /dev/stdout
import_environment = MAIL_CONFIG LD_LIBRARY_PATH
export_environment = LD_LIBRARY_PATH
EOF
	[ ! -e postfix.main ] || cat postfix.main
}

# Its services, without a chroot.
write_postfix_master() {
	awk '/^[a-z].* unix/ { $5 = "n" } !/ inet /' \
		"$postfix/usr/share/postfix/master.cf.dist"
	[ ! -e postfix.master ] || cat postfix.master
}

start_postfix() {
	mkdir -p postfix.own/config postfix.own/data "$postfix_queue"
	write_postfix_main >postfix.own/config/main.cf
	write_postfix_master >postfix.own/config/master.cf
	(
		cd "$postfix_queue" || exit
		mkdir pid private public active bounce corrupt defer deferred \
			flush hold incoming maildrop saved trace
		chown uucp private public active bounce corrupt defer deferred \
			flush hold incoming maildrop saved trace ../data
		chgrp irc public maildrop
		chmod 710 public
		chmod 730 maildrop
	)
	LD_LIBRARY_PATH=$postfix/usr/lib/postfix spawn setsid -w \
		"$postfix/usr/lib/postfix/sbin/master" -d >postfix.log 2>&1
	postfix_waiting=$spawned
	ok "Postfix's master is running" \
		wait_for 20 grep -q 'daemon started' postfix.log
}

# It is in a session of its own, as it wants to be.
stop_postfix() {
	kill "$(tr -d ' ' <"$postfix_queue/pid/master.pid")"
	wait "$postfix_waiting"
	ok "Postfix's master ends" wait_for 20 gone "$postfix_waiting"
}
