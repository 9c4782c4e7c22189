#!/bin/sh
# rlogsess and sessions inside of TLS, which recio -L records: versions and
# ciphers, and the rest as without TLS.
. "$(dirname "$0")/../lib.sh"
cr=$(printf '\r')

# session PID NOTE... : a session of SMTP with STARTTLS, with these notes where
# TLS begins, and a mail behind it.
session() {
	pid=$1
	shift
	printf "$pid %s\n" "> 220 hi$cr " "< EHLO outside$cr " "> 250 STARTTLS$cr " \
		"< STARTTLS$cr " "> 220 go$cr " "$@" "< EHLO inside$cr " \
		"> 250 hi$cr " "< MAIL FROM:<a@example.org>$cr " "> 250 ok$cr " \
		"< RCPT TO:<b@example.org>$cr " "> 250 ok$cr " "< DATA$cr " \
		"> 354 go$cr " "< Subject: x$cr " "< $cr " "< body$cr " "< .$cr " \
		"> 250 taken$cr "
}
quit() {
	printf "$1 %s\n" "< QUIT$cr " "> 221 bye$cr " '< [EOF]' '> [EOF]'
}
{
	session 1 ': TLS TLSv1.3 TLS_AES_256_GCM_SHA384 mx.example.org'
	quit 1
	session 2 ': TLS TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256, client CN=a b, O=c'
	quit 2
	session 3 ': TLS TLSv1.3 TLS_AES_256_GCM_SHA384'
	printf '3 %s\n' '< [EOF]' '> [EOF]'
	printf '4 %s\n' "> 220 hi$cr " "< STARTTLS$cr " "> 220 go$cr " ': TLS' \
		': TLS, not seen: p is linked statically' '< [EOF]' '> [EOF]'
	printf '5 %s\n' "> 220 hi$cr "
	quit 5
} >log
tab=$(printf '\t')
rlogsess -o table --columns pid,helo,tls,cipher log >got
tr ' ' "$tab" >want <<'END'
1 inside TLSv1.3 TLS_AES_256_GCM_SHA384
2 inside TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256
3 inside TLSv1.3 TLS_AES_256_GCM_SHA384
4 - - -
5 - - -
END
same "table: columns tls and cipher" got want
rlogsess -o csv --columns pid,tls,cipher log | tr -d '\r' | sed -n 2,5p >got
cat >want <<'END'
1,TLSv1.3,TLS_AES_256_GCM_SHA384
2,TLSv1.2,ECDHE-RSA-AES128-GCM-SHA256
3,TLSv1.3,TLS_AES_256_GCM_SHA384
4,,
END
same "csv: columns tls and cipher" got want
is "json: tls and cipher" "$(rlogsess -o json -p 2 log |
	grep -o '"tls":.*_*SHA256"' | head -n 1)" \
	'"tls":"TLSv1.2","cipher":"ECDHE-RSA-AES128-GCM-SHA256"'
is "json: they are absent where TLS was not seen" \
	"$(rlogsess -o json -p 4 log | grep -c '"tls"\|"cipher"')" 0
rlogsess -o stats log | sed -n '/^sessions with TLS/,/^busiest/p' |
	sed 's/   */ /; /^busiest/d; /^$/d' >got
cat >want <<'END'
sessions with TLS
TLSv1.3 2
TLSv1.2 1
not seen 1
ciphers of TLS
TLS_AES_256_GCM_SHA384 2
ECDHE-RSA-AES128-GCM-SHA256 1
END
same "stats: sessions by version and cipher" got want
is "stats: nothing about TLS where there is none" \
	"$(rlogsess -o stats -p 5 log | grep -c TLS)" 0
is "a session without QUIT inside of TLS ended badly" \
	"$(rlogsess -s -o table --columns pid log)" 3

# Forms that restore what was said.
printf 'Subject: x\r\n\r\nbody\r\n' >want
rlogsess -o mail -p 1 log --into mail
same "mail: the mail that was sent inside of TLS" mail/*.eml want
rlogsess -o bytes --direction in -p 1 log >got 2>err
printf '%s\r\n' 'EHLO outside' STARTTLS 'EHLO inside' \
	'MAIL FROM:<a@example.org>' 'RCPT TO:<b@example.org>' DATA 'Subject: x' '' \
	body . QUIT >want
same "bytes: what was said outside and inside" got want
is "bytes: nothing is missing" "$(cat err)" ""
rlogsess -o bytes --direction in -p 4 log >got 2>err
ok "bytes: what TLS hides is missing" grep -q 'what TLS encrypts' err
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 \
	28 29 30 31 32 33 34; do
	printf '%s : TLS v%s c\n%s < [EOF]\n%s > [EOF]\n' "$i" "$i" "$i" "$i"
done >many
is "stats: more names than there is room for are counted together" \
	"$(rlogsess -o stats many | grep others | tr -s ' ')" 'others 2'

# An offset of 0 would begin another session (the client only pretends).
mock=$top/tests/tools/clear-mock.pl
perl "$mock" -c '
	want 220 hi
	say STARTTLS\r\n
	want 220 go\r\n
	hi
	want tls
	shut
	eof' -- recio -L -x -p smtp perl "$mock" '
	loaded
	say 220 hi\r\n
	want STARTTLS
	say 220 go\r\n
	want \x16.{44}
	random
	tls
	hello TLSv1.3|TLS_AES_256_GCM_SHA384|mx.example.org|
	in EHLO inside\r\n
	out 250 hi\r\n
	eof' 2>&1 >out | cat >dump
is "recio -L -x: the offsets of a direction begin once" \
	"$(grep -c '^[0-9]* [<>] 00000000 ' dump)" 2
is "recio -L -x: one session, with names from inside of TLS" "$(rlogsess -o table \
	--columns helo,tls,reply,in dump)" "inside${tab}TLSv1.3${tab}250 hi${tab}23"
done_testing
