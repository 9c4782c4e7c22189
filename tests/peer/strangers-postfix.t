#!/bin/sh
# Postfix's smtpd -S, which its sendmail -bs executes, under its own user: it
# takes a client without an address for this machine and relays for it. A
# stranger can't send mail through it to other hosts.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/peer/strangers.sh"
. "$top/tests/peer/postfix.sh"
if ! can_start_postfix; then
	skip "Postfix needs root, and its package from package/deps" 9
	done_testing
fi

PATH=$postfix/usr/lib/postfix/sbin:$PATH
start_postfix
cat >alone <<EOF
#!/bin/sh
cd $postfix_queue && LD_LIBRARY_PATH=$postfix/usr/lib/postfix exec smtpd -S
EOF
chmod +x alone
around='setuidgid uucp'
is "under recordio: an open relay" "$(verdict recordio ./alone)" relayed
refuses Postfix ./alone
stop_postfix
done_testing
