#!/bin/sh
# Postfix's smtpd -S, which its sendmail -bs becomes, as its own user: it takes
# who has no address for this machine, and relays for it. A stranger can't send
# mail through it to others.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/peer/strangers.sh"
if [ "$(id -u)" != 0 ] || ! unpacked postfix; then
	skip "Postfix needs root, and its package from package/deps" 9
	done_testing
fi

# In a place of its own. Its users are some that every Debian has.
postfix=$T/postfix
PATH=$postfix/usr/lib/postfix/sbin:$PATH
MAIL_CONFIG=$T/config
export MAIL_CONFIG
mkdir config data queue
cat >config/main.cf <<EOF
compatibility_level = 3.6
queue_directory = $T/queue
data_directory = $T/data
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
# Its services without a chroot, and none on the network.
awk '/^[a-z].* unix/ { $5 = "n" } !/ inet /' \
	"$postfix/usr/share/postfix/master.cf.dist" >config/master.cf
cd queue || exit 111
mkdir pid private public active bounce corrupt defer deferred flush hold \
	incoming maildrop saved trace
chown uucp private public active bounce corrupt defer deferred flush hold \
	incoming maildrop saved trace ../data
chgrp irc public maildrop
chmod 710 public
chmod 730 maildrop
cd ..

LD_LIBRARY_PATH=$postfix/usr/lib/postfix spawn setsid -w master -d >master.log 2>&1
waiting=$spawned
ok "master is running" wait_for 20 grep -q 'daemon started' master.log
cat >alone <<EOF
#!/bin/sh
cd $T/queue && LD_LIBRARY_PATH=$postfix/usr/lib/postfix exec smtpd -S
EOF
chmod +x alone
around='setuidgid uucp'
is "a relay would be seen" "$(verdict recordio ./alone)" relayed
refuses Postfix ./alone
# In a session of its own, as it wants to be.
kill "$(tr -d ' ' <queue/pid/master.pid)"
wait "$waiting"
ok "master ends" wait_for 20 gone "$waiting"
done_testing
