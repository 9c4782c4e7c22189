#!/bin/sh
# rawio as Dovecot's own post-login script, exactly where its documentation puts
# rawlog: clients log in and read mail by IMAP and POP3, and the files hold both
# directions byte for byte.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/peer/sessions.sh"
. "$top/tests/peer/dovecot.sh"

put_mail
mkdir -p raw "kept/$user" "mail/$user/dovecot.rawlog"
chown "$dovecot_user:$dovecot_group" raw "kept/$user" \
	"mail/$user/dovecot.rawlog"
sed 's/$/\r/' message >crlf
size=$(wc -c <crlf)
limit=
case $(ldd "$BUILD/rawio") in
# A sanitizer's shadow of the memory is above Dovecot's limit of it.
*asan*) limit='vsz_limit = 0' ;;
esac
cat >extra.conf <<EOF
service imap {
  executable = imap postlogin
}
service pop3 {
  executable = pop3 postlogin-home
}
service managesieve {
  executable = managesieve postlogin-more
}
service postlogin-more {
  executable = script-login -d $BUILD/rawio -I -t -b -v -d $T/kept/%u
  $limit
  unix_listener postlogin-more {
  }
}
service postlogin {
  executable = script-login -d $BUILD/rawio -d $T/raw
  $limit
  unix_listener postlogin {
  }
}
service postlogin-home {
  executable = script-login -d $BUILD/rawio
  $limit
  unix_listener postlogin-home {
  }
}
EOF
start_dovecot

# converse PORT NAME <STEPS: with Dovecot itself; nothing else is in between.
converse() {
	"$top/tests/tools/dialogue.pl" "$1" >"$2.seen" ||
		! sed 's/^/# /' "$2.seen" dovecot.log
}

# The one pair of files in a directory is what the client has sent and got.
pair_is() {
	is "$1: there is one pair of files" \
		"$(find "$2" -type f | wc -l) $(find "$2" -type f \
		-name '[0-9]*-[0-9]*-[0-9]*.in' | wc -l)" '2 1'
	is "$1: only the user can read them" \
		"$(find "$2" -type f ! -perm 600 -o -type f \
		! -user "$dovecot_user" | wc -l)" 0
	pair=$(find "$2" -name '*.in')
	pair=${pair%.in}
	same "$1: the .in file has the bytes that the client sent" \
		"$pair.in" "$1.sent"
	same "$1: the .out file has the bytes that the client got" \
		"$pair.out" "$1.got"
	rm -f "$pair".*
}

# Dovecot carries out LOGOUT before the end of its line, and ends: a byte that
# comes later is not read any more.
imap_steps() {
	cat <<EOF
want ^\\* OK
send a LOGIN $user $password
keep $1
want ^a OK
send b SELECT INBOX
want ^b OK
send c APPEND INBOX {$size+}
file crlf
send
want ^c OK
send d FETCH 1:* (FLAGS BODY.PEEK[])
want ^d OK
send e STORE 2:* +FLAGS (\\\\Deleted)
send f EXPUNGE
whole
send g LOGOUT
end
EOF
}
imap_steps imap >steps
ok "imap: a client stores and reads mail" converse "$imap" imap <steps
pair_is imap raw

{
	echo bytes
	imap_steps imap-bytes
} >steps
ok "imap-bytes: a client stores and reads mail, each byte alone" \
	converse "$imap" imap-bytes <steps
pair_is imap-bytes raw

# A client that stays lets its files be read while it is there.
mkfifo steps.fifo
spawn sh -c 'exec "$@" <steps.fifo >stays.seen' sh \
	"$top/tests/tools/dialogue.pl" "$imap"
exec 8>steps.fifo
cat >&8 <<EOF
want ^\\* OK
send a LOGIN $user $password
want ^a OK
send b NOOP
want ^b OK
EOF
noop_is_there() {
	grep -q '^b NOOP' raw/*.in && grep -q '^b OK' raw/*.out
}
ok "stays: files have the bytes while the session goes on" \
	wait_for 20 noop_is_there
echo 'send c LOGOUT
end' >&8
exec 8>&-
ok "stays: the session ends well" wait "$spawned"
rm -f raw/*

# Options: the directory is the user's, the name has the address that Dovecot
# gives, lines have times, packets have bounds.
ok "-I -t -b: a client lists its scripts" converse "$sieve" more <<EOF
want ^OK
send AUTHENTICATE "PLAIN" "$plain"
keep more
want ^OK
send LISTSCRIPTS
want ^OK
send LOGOUT
end
EOF
is "-I, %u: the file is called by the address" "$(find "kept/$user" \
	-name '127.0.0.1-[0-9]*-[0-9]*-[0-9]*.in' | wc -l)" 1
in=$(cat "kept/$user"/*.in)
like() {
	expr "$1" : "$2" >/dev/null
}
ok "-b -t: packets have bounds, lines have times" like "$in" '<<<
[0-9]*\.[0-9]\{6\} LISTSCRIPTS.
>>>
<<<
[0-9]*\.[0-9]\{6\} LOGOUT.
>>>$'
rm -f "kept/$user"/*

# The default directory, in the home that Dovecot's userdb gives.
ok "pop3: a client reads mail" converse "$pop3" pop3 <<EOF
want ^\\+OK
send USER $user
want ^\\+OK
send PASS $password
keep pop3
want ^\\+OK
send LIST
send RETR 1
want ^\\+OK
want ^\\.
want ^\\+OK
want ^\\.\\r
send QUIT
end
EOF
pair_is pop3 "mail/$user/dovecot.rawlog"
ok "pop3: no password is in it" \
	sh -c '! grep -rqF "$1" pop3.sent pop3.got' sh "$password"

# Without the directory, and without a home's, nobody is recorded and all is well.
rmdir raw "mail/$user/dovecot.rawlog"
imap_steps none >steps
ok "none: without the directory a client is served" \
	converse "$imap" none <steps
is "none: without the directory no file is written" \
	"$(find . -name '*.in' -o -name '*.out' | wc -l)" 0
# Before the login, in a proxy: Dovecot's client is recorded from its first byte
# on, as by imap-login -R.
mkdir pre
pre=$(free_port)
spawn sh -c 'tcpserver -HRl0 127.0.0.1 "$1" recio -p imap rawio -I -d pre \
	tcpclient -RHl0 127.0.0.1 "$2" s6-ioconnect 2>&1 | rlog t ./pre-log' \
	sh "$pre" "$imap"
ok "before the login: the proxy listens" wait_for 20 listening "$pre"
{
	echo keep pre-login
	imap_steps unused | grep -v keep
} >steps
ok "before the login: a client logs in, stores and reads mail" \
	converse "$pre" pre-login <steps
# The look at the port is a session, too.
pre_is_whole() {
	pair=$(grep -lF "LOGIN $user $password" pre/127.0.0.1-*.in) &&
		cmp -s "$pair" pre-login.sent &&
		cmp -s "${pair%.in}.out" pre-login.got
}
ok "before the login: the files have all bytes, and the password" \
	wait_for 10 pre_is_whole
ok "before the login: the log has the logout" \
	wait_for 10 grep -qF '< g LOGOUT' pre-log/current
ok "before the login: the log has the login" \
	grep -qF "< a LOGIN $user ***" pre-log/current
is "before the login: the log has no secret, and nothing of mails" \
	"$("$top/tests/tools/leaks.pl" secrets pre-log/current)" 0

# Only -v says why: script-login leaves no DEBUG in the environment.
rm -r "kept/$user"
ok "-v: without the user's directory a client is served" \
	converse "$sieve" unkept <<EOF
want ^OK
send AUTHENTICATE "PLAIN" "$plain"
keep unkept
want ^OK
send LOGOUT
end
EOF
explained() {
	grep -q "rawio: info: nothing will be kept: $T/kept/$user is not" \
		dovecot.log
}
ok "-v: Dovecot's log has the reason" wait_for 10 explained
grep -v 'rawio: info: nothing will be kept' dovecot.log >rest.log
is "Dovecot has said nothing of errors" "$(grep -cE 'Error|Fatal|Panic' \
	rest.log)" 0
done_testing
