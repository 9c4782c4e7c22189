#!/bin/sh
# INN behind recio -p nntp: readers log in, post and read, and a feeder streams;
# the dialogue is in the log, no password and nothing of the articles.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/peer/sessions.sh"
. "$top/tests/peer/inn.sh"

if ! unpack_inn; then
	skip "INN needs its packages from package/deps" 5
	done_testing
	exit
fi
make_message 20
start_inn

# What python's library says.
cat >client.py <<'EOF'
import nntplib, ssl, sys
port, user, password, wrong, how = sys.argv[1:]
body = open("message", "rb").read().split(b"\n\n", 1)[1].split(b"\n")[:-1]
head = [b"From: a@client.example.net", b"Newsgroups: local.test",
        b"Subject: " + body[0].lstrip(b"."),
        b"Message-ID: <" + how.encode() + b"@client.example.net>",
        b"MIME-Version: 1.0", b"Content-Type: text/plain; charset=UTF-8",
        b"Content-Transfer-Encoding: 8bit", b""]

client = nntplib.NNTP("127.0.0.1", int(port), readermode=True)
if how == "starttls":
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    client.starttls(context)
try:
    client.login(user, wrong, usenetrc=False)
    sys.exit("the wrong password is taken")
except nntplib.NNTPError as e:
    pass
client.login(user, password, usenetrc=False)
client.group("local.test")
client.post([line + b"\n" for line in head + body])
number = client.group("local.test")[3]
_, article = client.article("<" + how + "@client.example.net>")
assert article.lines[-len(body):] == body, article
client.head(str(number))
client.body(str(number))
client.over((number, number))
client.xhdr("Subject", str(number))
client.list()
client.help()
client.date()
client.quit()
EOF
# shellcheck disable=SC2086 # a command
serve recio -p nntp $nnrpd
for how in login starttls; do
	ok "$how: python's nntplib posts and reads an article" client $how \
		python3 -W ignore client.py "$port" "$user" "$password" "$wrong" $how
	hidden $how
done
recorded login "< authinfo user $user" '< authinfo pass ***' '< POST' \
	'< ARTICLE <login@client.example.net>' '< GROUP local.test' \
	'< XHDR Subject 1' '< LIST' '< QUIT'
ok "login: the posted article is counted" \
	grep -q '^: < [0-9]* bytes, [0-9]* lines of message$' login.records
is "login: the bodies of all replies but CAPABILITIES and HELP are counted" \
	"$(grep -c '^: > [0-9]* bytes, [0-9]* lines of message$' login.records)" 7
recorded starttls '< STARTTLS' ': TLS'
is "starttls: nothing is recorded behind it but the ends" \
	"$(sed '1,/^: TLS$/d' starttls.records | grep -v ' \[EOF\]$')" ''

# By hand, then with each byte alone, then behind -p auto.
for how in by-hand bytes auto; do
	# shellcheck disable=SC2086 # a command
	[ $how != auto ] || serve recio -p auto $nnrpd
	ok "$how: a client says what libraries do not" talk $how <<EOF
$(echo $how | grep bytes)
want ^20[01] 
send MODE READER
want ^20[01] 
send AUTHINFO USER $user
want ^381
send AUTHINFO PASS $wrong
want ^481
send authinfo sasl PLAIN $plain_wrong
want ^[45]
send authinfo user $user
want ^381
send authinfo pass $password
want ^281
send POST
want ^340
send From: a@client.example.net
send Newsgroups: local.test
send Subject: $marker
send 
send AUTHINFO PASS $marker
send ..
send .
want ^240
send GROUP local.test
send LISTGROUP local.test
send GROUP no.such.group
send STAT 1
send BODY 1
send DATE
want ^211 
want ^211 
want ^\\.
want ^411
want ^223
want ^222
want ^\\.
want ^111
send IHAVE <login@client.example.net>
want ^435
send QUIT
end
EOF
	hidden $how
	recorded $how "< AUTHINFO USER $user" '< AUTHINFO PASS ***' \
		'< authinfo sasl PLAIN ***' "< authinfo user $user" \
		'< authinfo pass ***' '< POST' '< LISTGROUP local.test' \
		'< GROUP no.such.group' '< BODY 1' '< DATE' \
		'< IHAVE <login@client.example.net>' '< QUIT'
	is "$how: the article, the numbers and the body are counted" \
		"$(grep -c '^: [<>] [0-9]* bytes, [0-9]* lines of message$' \
			$how.records)" 3
done

# A feeder that does not wait: innd reads its articles itself.
serve recio -p nntp tcpclient -RHl0 127.0.0.1 "$innd" s6-ioconnect
article() {
	printf 'send %s\n' "TAKETHIS <$1@feed.example.net>" "Path: feed" \
		"From: a@feed.example.net" "Newsgroups: local.test" \
		"Date: $(date -R)" "Subject: $marker" \
		"Message-ID: <$1@feed.example.net>" '' "LIST $marker" \
		"..$marker" .
}
{
	printf 'want ^200\nsend MODE STREAM\nwant ^203\n'
	echo 'send CHECK <1@feed.example.net>'
	article 1
	article 2
	echo 'send CHECK <1@feed.example.net>'
	printf 'want ^%s\n' 238 239 239 438
	printf 'send QUIT\nend\n'
} >feed
ok "stream: innd takes articles of a feeder" talk stream <feed
hidden stream
recorded stream '< MODE STREAM' '< CHECK <1@feed.example.net>' \
	'< TAKETHIS <1@feed.example.net>' '< TAKETHIS <2@feed.example.net>' \
	'< QUIT'
is "stream: both articles are counted" \
	"$(grep -c '^: < [0-9]* bytes, [0-9]* lines of message$' stream.records)" 2

# Without -p, rlogsess gives the articles back, byte for byte.
serve recio tcpclient -RHl0 127.0.0.1 "$innd" s6-ioconnect
for n in 3 4; do
	article $n >article.$n
	sed '1d; $d; s/^send //; s/^\.\././; s/$/\r/' article.$n >want.$n
done
{
	printf 'want ^200\nsend MODE STREAM\nwant ^203\n'
	cat article.3 article.4
	printf 'want ^239\nwant ^239\nsend QUIT\nend\n'
} >feed
ok "stream: innd takes articles without -p" talk shown <feed
rlogsess -o mail --into articles shown.log
set -- articles/*.eml
is "rlogsess -o mail: two files" $# 2
same "rlogsess -o mail: the first article" "$1" want.3
same "rlogsess -o mail: the second article" "$2" want.4
stop_inn
done_testing
