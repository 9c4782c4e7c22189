#!/bin/sh
# sendmail -bs: a stranger can't send mail through it to other hosts.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/peer/strangers.sh"
if [ "$(id -u)" != 0 ] || ! unpacked sendmail-bin sendmail-cf ||
	! unshare -u true; then
	skip "sendmail needs root, and its packages from package/deps" 16
	done_testing
fi

# On a machine whose name has no dot, sendmail waits for a minute.
around='unshare -u ./named'
cat >named <<'S'
#!/bin/sh
hostname sendmail.example.org && exec "$@"
S
chmod +x named
mkdir -m 700 queue
printf 'hosts\tfiles\naliases\tfiles\n' >switch
m4=$T/sendmail-cf/usr/share/sendmail/cf/
cat >sendmail.mc <<EOF
include(\`${m4}m4/cf.m4')
OSTYPE(\`linux')
define(\`QUEUE_DIR', \`$T/queue')
define(\`STATUS_FILE', \`$T/status')
define(\`confPID_FILE', \`$T/pid')
define(\`ALIAS_FILE', \`')
define(\`confSERVICE_SWITCH_FILE', \`$T/switch')
define(\`confTO_IDENT', \`0')
define(\`confDOMAIN_NAME', \`sendmail.example.org')
FEATURE(\`accept_unresolvable_domains')
FEATURE(\`nocanonify')
MAILER(\`local')
MAILER(\`smtp')
EOF
m4 "-D_CF_DIR_=$m4" sendmail.mc >sendmail.cf
sendmail=$T/sendmail-bin/usr/libexec/sendmail/sendmail
ok "m4 makes the configuration" grep -q '^SLocal_check_rcpt' sendmail.cf
ok "the program is setgid, as in Debian" test -g "$sendmail"
for mode in g+s g-s; do
	chmod $mode "$sendmail"
	is "$mode, under recordio: an open relay" \
		"$(verdict recordio "$sendmail" "-C$T/sendmail.cf" -bs)" relayed
	refuses "$mode" "$sendmail" "-C$T/sendmail.cf" -bs
done
done_testing
