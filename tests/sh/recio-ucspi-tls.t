#!/bin/sh
# Programs that ask their server for TLS by SSLCTLFD (UCSPI-TLS) run under recio
# as they run without it, and the record has the clear bytes. The server is a
# small one of the tests; Debian 12 has none.
. "$(dirname "$0")/../lib.sh"

[ -x "$tools/ucspi-tlsd" ] || {
	skip "ucspi-tlsd is not built: libssl's headers are missing" 1
	done_testing
}
openssl req -x509 -newkey rsa:2048 -nodes -keyout key -out cert -days 30 \
	-subj /CN=mx.example.org 2>/dev/null
smtpd=$top/tests/tools/ucspi-smtpd.pl

# serve NAME COMMAND...: runs the command under tcpserver and ucspi-tlsd, with
# the log NAME.log, and sets $port.
serve() {
	served=$1
	shift
	spawn sh -c 'log=$1 number=$2; shift 2; exec "$@" 2>"$log" >"$number"' \
		sh "$served.log" "$served.port" tcpserver -1vHRl0 127.0.0.1 0 \
		"$tools/ucspi-tlsd" cert key "$@"
	wait_for 10 test -s "$served.port"
	port=$(cat "$served.port")
}
# The program has ended, and so has the relay if there is one.
ended() {
	grep -q '^tcpserver: end' "$1.log" &&
		{ [ "$2" = - ] || grep -q '^[0-9]* : end ' "$1.log"; }
}
# session NAME OPTIONS WORDS ACTION...: a session with ucspi-smtpd.pl under recio
# with these options, or without recio if they are "-". NAME.out has what the
# client received, NAME.tr what the program read and wrote.
session() {
	ran=$1 options=$2 words=$3
	shift 3
	recio="recio -v $options"
	[ "$options" != - ] || recio=
	# shellcheck disable=SC2086 # words
	serve "$ran" $recio perl "$smtpd" "$ran.tr" $words
	perl "$top/tests/tools/tls-dialogue.pl" "$port" "$@" >"$ran.out" 2>&1
	ok "$ran: the session ends" wait_for 20 ended "$ran" "$options"
	kill -s TERM -- "-$spawned"
}
# The lines of a record, without process ID, CRs and the notes of -v.
record() {
	sed -nE 's/^[0-9]+ ([<>:] )/\1/p' "$1.log" |
		tr -d '\r' | sed -E 's/ $//; /^: (start|end) /d'
}
# both NAME OPTIONS WORDS ACTION...: the session is the same without recio.
both() {
	session "$@"
	both=$1 words=$3
	shift 3
	session "$both-bare" - "$words" "$@"
	same "$both: the client sees what it sees without recio" \
		"$both.out" "$both-bare.out"
	same "$both: the program sees what it sees without recio" \
		"$both.tr" "$both-bare.tr"
}
# recorded NAME: its record is the standard input. Ends are compared if they are
# there: a client that ends with its program may be seen to end before it.
recorded() {
	cat >"$1.want"
	record "$1" >"$1.got"
	for end in '< [EOF]' '> [EOF]'; do
		grep -qxF "$end" "$1.want" || {
			grep -vxF "$end" "$1.got" >ends.tmp
			mv ends.tmp "$1.got"
		}
	done
	same "$1: the record" "$1.got" "$1.want"
}

for way in '' y dup 'dup y' 'dup y early'; do
	name=$(echo "starttls $way" | tr ' ' -)
	both "$name" '-p smtp' "$way" until:220 say:STARTTLS until:220 tls \
		'say:EHLO me' 'until:250 STARTTLS' \
		'say:AUTH PLAIN AGpvZQBzZWNyZXQ=' until:235 say:DATA until:354 \
		'raw:Subject: hidden\r\n\r\nbody\r\n.\r\n' until:250 say:QUIT end
	facts=' TLSv1.3 TLS_AES_256_GCM_SHA384 mx.example.org'
	case $way in *y*) facts= ;; esac
	recorded "$name" <<-R
		> 220 smtp
		< STARTTLS
		> 220 go ahead
		: TLS$facts
		< EHLO me
		> 250-smtp
		> 250-AUTH PLAIN LOGIN
		> 250 STARTTLS
		< AUTH PLAIN ***
		> 235 welcome
		< DATA
		> 354 go ahead
		: < 25 bytes, 3 lines of message
		> 250 taken
		< QUIT
		> 221 bye
		> [EOF]
	R
done
ok "the program knows its client" grep -qx 'peer 127.0.0.1' starttls-.tr
ok "the note of the end counts the clear bytes" grep -q \
	' : end < 88 bytes, .*; > 117 bytes, eof;' starttls-.log

both tls1.2 '-p smtp' '' until:220 say:STARTTLS until:220 tls1.2 say:QUIT end
ok "TLS 1.2 is noted" grep -q \
	' : TLS TLSv1.2 [A-Z0-9-]* mx.example.org$' tls1.2.log

both first '-p smtp' 'dup first' tls until:220 say:QUIT end
recorded first <<'R'
: TLS TLSv1.3 TLS_AES_256_GCM_SHA384 mx.example.org
> 220 smtp
< QUIT
> 221 bye
> [EOF]
R

# What came with STARTTLS was sent in plain, and is the program's business.
both injected '-p smtp' '' until:220 \
	'raw:STARTTLS\r\nMAIL FROM:<x>\r\nRCPT' until:220 tls \
	say:NOOP until:250 half end
recorded injected <<'R'
> 220 smtp
< STARTTLS
> 220 go ahead
< MAIL FROM:<x>
< RCPT+
: TLS TLSv1.3 TLS_AES_256_GCM_SHA384 mx.example.org
< NOOP
> 250 ok
< [EOF]
> [EOF]
R
ok "injected: the program has read it in plain" grep -qx 'dropped 19' injected.tr

both never '-p smtp' never until:220 say:STARTTLS until:454 say:NOOP until:250 \
	half end
recorded never <<'R'
> 220 smtp
< STARTTLS
> 454 no TLS
< NOOP
> 250 ok
< [EOF]
> [EOF]
R
both unused '-p smtp' '' until:220 say:NOOP until:250 say:QUIT end
both agree '-p smtp' agree until:220 say:STARTTLS until:250 say:QUIT end
recorded agree <<'R'
> 220 smtp
< STARTTLS
> 220 go ahead
> 250 I have changed my mind
< QUIT
> 221 bye
> [EOF]
R

# Five bytes are the head of a record, and these are of none.
both failed '-p smtp' '' until:220 say:STARTTLS until:220 raw:12345 until:454 \
	say:NOOP until:250 say:QUIT end
recorded failed <<'R'
> 220 smtp
< STARTTLS
> 220 go ahead
: TLS
: TLS, not seen: it ended before any byte
> 454 no TLS
< NOOP
> 250 ok
< QUIT
> 221 bye
> [EOF]
R
both gone '-p smtp' 'dup y' until:220 say:STARTTLS until:220 half end
recorded gone <<'R'
> 220 smtp
< STARTTLS
> 220 go ahead
: TLS
: TLS, not seen: it ended before any byte
R
is "gone: both ends" "$(record gone | grep -F '[EOF]' | sort | xargs)" \
	'< [EOF] > [EOF]'

# A client that talks before the greeting, and one whose line looks like the
# beginning of a handshake.
both talker '-p smtp' '' 'raw:\x16' 'raw:\x03\r\n' until:250 say:NOOP until:250 \
	say:QUIT end

both pop3 '-p pop3' 'pop3 dup' until:+OK 'raw:STLS\r\nRETR 1\r\n' until:+OK tls \
	say:NOOP until:+OK 'say:RETR 1' until:. 'say:PASS x' until:+OK say:QUIT end
recorded pop3 <<'R'
> +OK pop3
< STLS
> +OK go ahead
< RETR 1
: TLS TLSv1.3 TLS_AES_256_GCM_SHA384 mx.example.org
< NOOP
> +OK
< RETR 1
> +OK
: > 25 bytes, 3 lines of message
< PASS ***
> +OK
< QUIT
> +OK
> [EOF]
R
both imap '-p imap' imap 'until:*' 'say:a STARTTLS' 'until:a OK' tls \
	'say:b LOGIN joe secret' 'until:b OK' 'say:c LOGOUT' end
recorded imap <<'R'
> * OK imap
< a STARTTLS
> a OK go ahead
: TLS TLSv1.3 TLS_AES_256_GCM_SHA384 mx.example.org
< b LOGIN joe ***
> b OK done
< c LOGOUT
> c OK done
> [EOF]
R

# With all other options the session is the same, and only the record differs.
for more in '-f in' '-f out' '-k 3' '-x' '-l' '-m -s' '-d' '-w 7' '-L'; do
	name=with$(echo "$more" | tr -d ' ')
	both "$name" "-p smtp $more" dup until:220 say:NOOP until:250 \
		say:STARTTLS until:220 tls say:NOOP until:250 say:QUIT end
done
recorded with-fin <<'R'
< NOOP
< STARTTLS
: TLS TLSv1.3 TLS_AES_256_GCM_SHA384 mx.example.org
< NOOP
< QUIT
R
recorded with-k3 <<'R'
> 220+
: recorded 3 bytes, the rest is left out
> [EOF]
R
# The server has done TLS, and prog does none that -L could see.
recorded with-L <<'R'
> 220 smtp
< NOOP
> 250 ok
< STARTTLS
> 220 go ahead
: TLS TLSv1.3 TLS_AES_256_GCM_SHA384 mx.example.org
< NOOP
> 250 ok
< QUIT
> 221 bye
> [EOF]
R
ok "-x: the offsets go on in the clear bytes" grep -q '< 00000010  4e 4f 4f 50' \
	with-x.log

# Random dialogues are the same without recio, too: commands in pieces and
# together, with TLS or without, to either end.
seed=${SEED:-$(date +%s)}
for i in 1 2 3 4 5 6; do
	perl -e '
		srand shift;
		my @say = ("NOOP", "EHLO me", "MAIL FROM:<a\@b.example>", "RSET",
			"AUTH PLAIN x", "x" x (1 + int rand 5000));
		sub talk {
			my ($most) = @_;
			for (1 .. int rand $most) {
				my @lines = map { $say[rand @say] } 0 .. rand 3;
				my $text = join "", map { "$_\\r\\n" } @lines;
				my $cut = int rand length $text;
				$cut-- while substr($text, $cut, 1) =~ /[\\rn]/;
				print "raw:", substr($text, 0, $cut), "\n",
					"raw:", substr($text, $cut), "\n";
				print "until:", /^EHLO/ ? "250 STARTTLS"
					: /^AUTH/ ? "235" : "250 ok", "\n" for @lines;
			}
		}
		print "until:220\n";
		talk(4);
		print "say:STARTTLS\nuntil:220\ntls\n" if rand() < 0.8;
		talk(6);
		print((("say:QUIT\n", "half\n")[rand 2]), "end\n");
	' "$((seed + i))" >actions
	words=$(perl -e 'srand shift; print join " ", grep { rand() < 0.5 }
		qw(y dup)' "$((seed + i))")
	set --
	while IFS= read -r action; do
		set -- "$@" "$action"
	done <actions
	both "random-$((seed + i))" '-p smtp' "$words" "$@"
done

# A child of the program that keeps its descriptors keeps the session.
serve kept recio -v -p smtp perl "$smtpd" kept.tr dup keep
spawn sh -c 'exec "$@" >kept.out 2>&1' sh perl \
	"$top/tests/tools/tls-dialogue.pl" "$port" until:220 say:STARTTLS \
	until:220 tls say:QUIT until:221 end
ok "a child with all descriptors: the program ends" wait_for 20 grep -q \
	'^tcpserver: end' kept.log
ok "the client has its answer" wait_for 20 grep -qx '221 bye' kept.out
ok "the session is still open" sh -c \
	'! grep -q "^end" kept.out && ! grep -q " : end " kept.log'
touch release
ok "the session ends with that child" wait_for 20 grep -q ' : end ' kept.log
ok "and so does the client" wait_for 20 grep -qx end kept.out

# The client sees its end when the server of TLS ends, though the program lives.
serve lonely recio -v -p smtp perl "$smtpd" lonely.tr dup
perl "$top/tests/tools/tls-dialogue.pl" "$port" until:220 say:STARTTLS \
	until:220 tls say:LONELY end >lonely.out
ok "the client's end is the server's" grep -qxE 'end|reset' lonely.out
ok "the program has not ended" sh -c '! grep -q "^tcpserver: end" lonely.log'
touch released
ok "the session ends with the program" wait_for 20 ended lonely ''

# A client on pipes, whose bytes can't be seen without taking them.
printf 'NOOP\r\nSTARTTLS\r\n' >lines
is "pipes: the client has its answers" "$(
	"$tools/ucspi-tlsd" cert key recio -p smtp perl "$smtpd" pipes.tr never \
		<lines 2>pipes.log | tr -d '\r' | xargs
)" '220 smtp 250 ok 454 no TLS'
is "pipes: SSLCTLFD that is never used" "$(
	"$tools/ucspi-tlsd" cert key recio -p smtp perl "$smtpd" unused.tr \
		<lines 2>unused.log | head -n 2 | tr -d '\r' | xargs
)" '220 smtp 250 ok'

# In front of swaks and openssl, as clients in use are.
serve swaks recio -v -p smtp perl "$smtpd" swaks.tr dup
swaks --tls --server 127.0.0.1 -p "$port" --to a@example.org \
	--from b@example.org -ap secret -au joe >swaks.out 2>&1
is "swaks delivers a mail" $? 0
wait_for 20 ended swaks ''
ok "swaks: the envelope is recorded" grep -q '< RCPT TO:<a@example.org>' \
	swaks.log
ok "swaks: the message is counted" grep -qE ' : < [0-9]+ bytes, [0-9]+ lines' \
	swaks.log
ok "swaks: no secret is recorded" sh -c '! grep -q AGpvZQBzZWNyZXQ swaks.log'
serve openssl recio -v -p smtp perl "$smtpd" openssl.tr
printf '%s\n' NOOP QUIT | openssl s_client -starttls smtp -quiet -ign_eof \
	-connect "127.0.0.1:$port" >openssl.out 2>&1
ok "openssl s_client has its answer" grep -q '^221 bye' openssl.out
wait_for 20 ended openssl ''
ok "openssl s_client: clear bytes are recorded" grep -q '< QUIT' openssl.log

# refused DESCRIPTION COMMAND...: recio exits 100 and says why, in a line.
refused() {
	what=$1
	shift
	"$@" >refused 2>&1 3<&0 4<&0 5>&1
	is "$what: the status" $? 100
	ok "$what: the reason" grep -q '^recio: fatal: SSLCTLFD' refused
	is "$what: one line" "$(wc -l <refused)" 1
}
tls='env SSLCTLFD=3 SSLREADFD=4 SSLWRITEFD=5'
# shellcheck disable=SC2086 # words
{
	refused 'without -p' $tls recio echo ran
	refused '-L without -p' $tls recio -L echo ran
	refused '-p auto' $tls recio -p auto echo ran
	refused 'SSLREADFD is 0' $tls SSLREADFD=0 recio -p smtp echo ran
	refused 'SSLCTLFD is SSLREADFD' $tls SSLREADFD=3 recio -p smtp echo ran
	refused '-c, SSLWRITEFD is 7' $tls SSLWRITEFD=7 recio -cp smtp echo ran 7>&1
}
# sslserver leaves the variables when it has done TLS itself.
env SSLCTLFD=20 SSLREADFD=21 SSLWRITEFD=22 recio -p smtp \
	sh -c 'echo "$SSLREADFD"' >closed.out 2>closed.log
ok "descriptors that are closed are no UCSPI-TLS" wait_for 10 grep -qx 21 \
	closed.out

# The program is the client.
serve peer perl "$smtpd" peer.tr
tcpclient -HRl0 127.0.0.1 "$port" "$tools/ucspi-tlsd" -c - - recio -cv -p smtp \
	perl "$smtpd" client.tr client 2>client.log
ok "-c: the session ends" wait_for 20 grep -q ' : end ' client.log
recorded client <<'R'
< 220 smtp
> EHLO client
< 250-smtp
< 250-AUTH PLAIN LOGIN
< 250 STARTTLS
> STARTTLS
< 220 go ahead
: TLS TLSv1.3 TLS_AES_256_GCM_SHA384
> EHLO client
< 250-smtp
< 250-AUTH PLAIN LOGIN
< 250 STARTTLS
> MAIL FROM:<a@example.org>
< 250 ok
> QUIT
< 221 bye
> [EOF]
R
done_testing
