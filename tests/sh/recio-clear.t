#!/bin/sh
# recio -L: the record of what TLS protects, and of where it can't be seen. The
# program and its client only pretend to speak TLS; the program writes the
# packets of the companion itself.
. "$(dirname "$0")/../lib.sh"
mock=$top/tests/tools/clear-mock.pl

# session NAME CLIENT RECIO... : runs RECIO for a client with these steps, which
# then closes its half, and the program waits for that; NAME is the record
# without process IDs. It is complete when the relay has gone, which had the pipe.
session() {
	name=$1 client=$2
	shift 2
	{
		perl "$mock" -c "$client" shut eof -- "$@" eof 2>&1 >&3 |
			sed 's/^[0-9]* //; s/\r *$//; s/ $//' >"$name"
	} 3>"$name.out"
}

recorded() {
	cat >want
	same "$2" "$1" want
}

starttls='
	want 220 hi
	say EHLO c\r\n
	want 250 STARTTLS
	say STARTTLS\r\n
	want 220 go\r\n
	hi
	want tls'
accept='
	loaded
	say 220 hi\r\n
	want EHLO c\r\n
	say 250-hi\r\n250 STARTTLS\r\n
	want STARTTLS\r\n
	say 220 go\r\n
	want \x16.{44}
	random
	tls'
tls13='hello TLSv1.3|TLS_AES_256_GCM_SHA384|mx.example.org|'
secret=c2VjcmV0LXNlY3JldA==
mail="
	in EHLO c\\r\\n
	out 250 AUTH PLAIN\\r\\n
	in AUTH PLAIN $secret\\r\\n
	out 235 ok\\r\\n
	in DATA\\r\\n
	out 354 go\\r\\n
	in Subject: x\\r\\n
	in \\r\\nbody\\r\\n.\\r\\nQUIT\\r\\n
	out 250 ok\\r\\n
	out 221 bye\\r\\n"
session starttls "$starttls" recio -L -p smtp perl "$mock" "$accept" "$tls13" \
	"$mail"
recorded starttls "STARTTLS: what follows is read as without TLS" <<'END'
> 220 hi
< EHLO c
> 250-hi
> 250 STARTTLS
< STARTTLS
> 220 go
: TLS TLSv1.3 TLS_AES_256_GCM_SHA384 mx.example.org
< EHLO c
> 250 AUTH PLAIN
< AUTH PLAIN ***
> 235 ok
< DATA
> 354 go
: < 20 bytes, 3 lines of message
< QUIT
> 250 ok
> 221 bye
< [EOF]
> [EOF]
END

# The same session without TLS gives the same record but for the note.
plain='
	want 220 hi
	say EHLO c\r\n
	want 250 AUTH
	say AUTH PLAIN '$secret'\r\n
	want 235
	say DATA\r\n
	want 354
	say Subject: x\r\n\r\nbody\r\n.\r\nQUIT\r\n
	want 221'
answer='
	say 220 hi\r\n
	want EHLO c\r\n
	say 250 AUTH PLAIN\r\n
	want AUTH .*\r\n
	say 235 ok\r\n
	want DATA\r\n
	say 354 go\r\n
	want QUIT\r\n
	say 250 ok\r\n
	say 221 bye\r\n'
session plain "$plain" recio -L -p smtp perl "$mock" "$answer"
session without "$plain" recio -p smtp perl "$mock" "$answer"
same "no TLS: the record is that of recio without -L" plain without
sed '2,/^: TLS/d' starttls >inside
grep -v '^<.*EOF\|^>.*EOF' plain >want
grep -v '^<.*EOF\|^>.*EOF' inside >got
same "STARTTLS: what follows is recorded as it is without TLS" got want

immediate='
	hi
	want tls'
accept_at_once='
	loaded
	want \x16.{44}
	random
	tls'
pop3="
	out +OK hi\\r\\n
	in USER u\\r\\n
	out +OK\\r\\n
	in PASS $secret\\r\\n
	out +OK\\r\\n
	in RETR 1\\r\\n
	out +OK\\r\\nbody\\r\\n.\\r\\n"
for protocol in pop3 auto; do
	session $protocol "$immediate" recio -L -p $protocol perl "$mock" \
		"$accept_at_once" \
		'hello TLSv1.2|ECDHE-RSA-AES128|bad name|CN=a\\b,O=\x1b[7m' \
		"$pop3"
	recorded $protocol "-p $protocol: TLS from the first byte" <<'END'
: TLS TLSv1.2 ECDHE-RSA-AES128, client CN=a\\b,O=\x1b[7m
> +OK hi
< USER u
> +OK
< PASS ***
> +OK
< RETR 1
> +OK
: > 6 bytes, 1 lines of message
< [EOF]
> [EOF]
END
done

# The other options see what TLS protects.
inside='
	hello TLSv1.3|TLS_AES_256_GCM_SHA384||
	in one\ntwo\n
	out thr
	out ee\n'
lines='
	say before\n
	want yes\n
	hi
	want tls'
answer_lines='
	loaded
	want before\n
	say yes\n
	want \x16.{44}
	random
	tls'
session shown "$lines" recio -L perl "$mock" "$answer_lines" "$inside"
recorded shown "without -p: all of it, and nothing of TLS" <<'END'
< before
> yes
: TLS TLSv1.3 TLS_AES_256_GCM_SHA384
< one
< two
> thr+
> ee
< [EOF]
> [EOF]
END
session joined "$lines" recio -L -l -f out perl "$mock" "$answer_lines" \
	"$inside"
recorded joined "-l -f out: whole lines of one direction" <<'END'
> yes
: TLS TLSv1.3 TLS_AES_256_GCM_SHA384
> three
> [EOF]
END
session dump "$lines" recio -L -x perl "$mock" "$answer_lines" "$inside"
recorded dump "-x: offsets of what was not encrypted" <<'END'
< 00000000  62 65 66 6f 72 65 0a                              |before.|
> 00000000  79 65 73 0a                                       |yes.|
: TLS TLSv1.3 TLS_AES_256_GCM_SHA384
< 00000007  6f 6e 65 0a 74 77 6f 0a                           |one.two.|
> 00000004  74 68 72                                          |thr|
> 00000007  65 65 0a                                          |ee.|
< [EOF]
> [EOF]
END
for more in -m -s '-m -s'; do
	# shellcheck disable=SC2086 # two options
	session with "$starttls" recio -L -p smtp $more perl "$mock" "$accept" \
		"$tls13" "$mail"
	# shellcheck disable=SC2086 # two options
	session without "$plain" recio -p smtp $more perl "$mock" "$answer"
	sed '1,/^: TLS/d' with | grep -v EOF >got
	sed 1d without | grep -v EOF >want
	same "$more: messages and secrets are recorded as without TLS" got want
	is "$more: the secret and the message" \
		"$(grep -c "^< AUTH PLAIN $secret" with) $(grep -c '^< body' with)" \
		"$(case $more in *s) echo 1 ;; *) echo 0 ;; esac) \
$(case $more in -m*) echo 1 ;; *) echo 0 ;; esac)"
done
session cut "$lines" recio -L -k 14 perl "$mock" "$answer_lines" "$inside"
recorded cut "-k: a limit within TLS" <<'END'
< before
> yes
: TLS TLSv1.3 TLS_AES_256_GCM_SHA384
< one+
: recorded 14 bytes, the rest is left out
< [EOF]
> [EOF]
END
session binary '
	say \x16\x03\n
	want what
	say more\n
	want yes' recio -L perl "$mock" '
	want \n
	say what\n
	want more\n
	say yes\n'
recorded binary "without -p: what only resembles a hello is shown" <<'END'
> what
< \x16\x03
< more
> yes
< [EOF]
> [EOF]
END

# With -c the program is the client, and speaks first. Its bytes may go through
# memory: then its hello tells which session it is.
random=$(printf '%064d' 0 | sed 's/00/78/g')
session outgoing '
	want \x16.{44}
	tls' sh -c 'exec recio -L -c -p smtp sh "$@" 6<&0 7>&1' sh -c \
	'exec perl "$@" <&6 >&7' sh "$mock" '
	loaded
	say \x16\x03\x01\0\x28\x01\0\0\x24\x03\x03xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
	want tls' 'fd 0' "random $random" "$tls13" 'in 220 hi\r\n' \
	"out AUTH PLAIN $secret\\r\\n" 'random 79' 'in 235 other\r\n' \
	"random $random" 'in 235 ok\r\n'
grep -v EOF outgoing >got
recorded got "-c: the program is the client" <<'END'
: TLS TLSv1.3 TLS_AES_256_GCM_SHA384 mx.example.org
< 220 hi
> AUTH PLAIN ***
< 235 ok
END

# Which packets are taken.
session matched "$starttls" recio -L -p smtp perl "$mock" "$accept" 'random 79' \
	'fd 0' 'hello OTHER|CIPHER||' 'in NOOP other\r\n' "random $random" \
	"$tls13" 'in NOOP\r\n' 'random 79' 'out 250 other\r\n' 'fd 1' \
	'out 250 descriptor\r\n'
sed '1,/220 go/d' matched >got
recorded got "packets of another session of TLS are not taken" <<'END'
: TLS TLSv1.3 TLS_AES_256_GCM_SHA384 mx.example.org
< NOOP
> 250 descriptor
< [EOF]
> [EOF]
END
long=$(printf '%20000d' 0)
session hostile "$starttls" recio -L -p smtp perl "$mock" "$accept" 'raw x' \
	"raw $long" 'raw \x02\x07\x01' 'hello |||' 'hello a|b' 'hello a b|c||' \
	'trouble \x1b[7m\nforged < NOOP' 'trouble again' "$tls13" \
	'hello SECOND|ONE||' 'lost 3 100' 'in NOOP\r\n' 'lost 2 90' \
	'out 250 ok\r\n' 'lost 5 120' 'in QUIT\r\n'
sed '1,/220 go/d' hostile >got
recorded got "invalid packets and losses" <<'END'
: TLS
: TLS, not seen: \x1b[7m\x0aforged < NOOP
: TLS TLSv1.3 TLS_AES_256_GCM_SHA384 mx.example.org
: lost 3 records, 100 bytes
< NOOP
> 250 ok
: lost 2 records, 20 bytes
< QUIT
< [EOF]
> [EOF]
END

# STARTTLS injection: clear bytes before the handshake stay visible.
session injected '
	want 220 hi
	say STARTTLS\r\nNOOP injected\r\n
	want 220 go\r\n
	hi
	want tls' recio -L -p smtp perl "$mock" '
	loaded
	say 220 hi\r\n
	want \n.*\n
	say 220 go\r\n
	want \x16.{44}
	random
	tls' "$tls13" 'in EHLO c\r\n' 'out 250 ok\r\n' 'in DATA\r\n' \
	'out 354 go\r\n' 'in hidden\r\n.\r\n' 'out 250 taken\r\n'
recorded injected "commands that came with STARTTLS are recorded before TLS" <<'END'
> 220 hi
< STARTTLS
> 220 go
< NOOP *** 9 bytes
: TLS TLSv1.3 TLS_AES_256_GCM_SHA384 mx.example.org
< EHLO c
> 250 ok
< DATA
> 354 go
: < 8 bytes, 1 lines of message
> 250 taken
< [EOF]
> [EOF]
END

# Where nothing is seen, the reason is in the record, after the note.
unseen() {
	sed -n '/^: TLS/p' "$1" >got
	printf '%s\n' ': TLS' ": TLS, not seen: $3" >want
	same "$2" got want
}
session nothing "$starttls" recio -L -p smtp perl "$mock" "$accept"
unseen nothing "a program that calls no library" \
	"no function of OpenSSL or GnuTLS was called"
session begun "$starttls" recio -L -p smtp perl "$mock" "$accept" begun begun
unseen begun "a handshake without an end" "the handshake did not end"
session closed "$starttls" recio -L -p smtp perl "$mock" close \
	"$(printf '%s\n' "$accept" | grep -v loaded)"
unseen closed "a program that closes all descriptors" \
	"the program closed the companion's descriptor"
ok "not seen: no byte of TLS is recorded" [ "$(wc -l <closed)" = 10 ]
if echo 'int execvp(const char *, char **); int unsetenv(const char *);
	int main(int n, char **v) { unsetenv("LD_PRELOAD");
	return n && execvp(v[1], v + 1); }' |
	gcc -static -x c -o static - 2>/dev/null; then
	session no-linker "$starttls" recio -L -p smtp ./static perl "$mock" \
		"$(printf '%s\n' "$accept" | grep -v loaded)"
	unseen no-linker "a static program" "./static is linked statically"
	# As those in Go are, which have TLS of their own.
	gcc -static -x c -o own-tls - <<-'C'
		#include <unistd.h>
		static char c[64];
		int main(void)
		{
			return read(0, c, 64) < 0 ||
			       write(1, "\27\3\3\0\4\n\377> ", 9) < 0 ||
			       read(0, c, 64) < 0;
		}
	C
	printf '#!%s\n' "$T/own-tls" >script
	chmod +x script
	for chain in ./own-tls "sh -c 'exec ./own-tls'" ./script; do
		# shellcheck disable=SC2086 # words
		eval "session own-record '$immediate' recio -L -p pop3 $chain"
		unseen own-record "$chain, with TLS of its own" \
			"$(realpath own-tls) is linked statically"
	done
else
	skip "unable to link a static program" 4
fi
if [ "$(id -u)" = 0 ] && command -v setuidgid >/dev/null; then
	cp "$(command -v perl)" setuid
	chmod u+s setuid
	chmod 755 .
	session no-rights "$starttls" recio -L -p smtp setuidgid nobody ./setuid \
		"$mock" "$(printf '%s\n' "$accept" | grep -v loaded)"
	unseen no-rights "a setuid program of another user" \
		"$(realpath setuid) is setuid, setgid or has capabilities"
else
	skip "only root can be two users, and setuidgid is needed" 1
fi

# The client has gone, and the program still reads what it said.
session late "$starttls
	reset" recio -L -p smtp perl "$mock" "$accept" "$tls13" eof tls tls tls \
	'in QUIT\r\n'
sed '1,/220 go/d' late >got
recorded got "a client that resets: what the program reads afterwards" <<'END'
: TLS TLSv1.3 TLS_AES_256_GCM_SHA384 mx.example.org
< QUIT
< [EOF]
> [EOF]
END

# Bytes are recorded when they arrive, not at the end.
mkfifo go
spawn perl "$mock" -c "$lines" 'fifo go' shut eof -- \
	recio -L -n 3 perl "$mock" "$answer_lines" "$inside" eof 3>live
ok "what TLS protects is recorded at once" wait_for 20 grep -q '> ee' live
is "at this time the session goes on" "$(grep -c EOF live)" 0
: >go

# Without the object the program is not run.
mkdir -p opt/bin opt/lib/recio
cp "$BUILD/recio" opt/bin
cp "$BUILD/companion.so" opt/lib/recio
if [ -e /usr/local/lib/recio/companion-tls.so ]; then
	skip "recio is installed here, and its companion would be found" 2
else
	opt/bin/recio -L touch ran 2>err </dev/null
	is "a missing object: status 111" $? 111
	is "a missing object: one sentence" "$(cat err)" "recio: fatal: unable to\
 look inside of TLS: /usr/local/lib/recio/companion-tls.so: No such file or\
 directory"
fi
cp "$BUILD/companion-tls.so" opt/lib/recio
chmod 666 opt/lib/recio/companion-tls.so
RECIO=-L opt/bin/recio -e touch ran 2>err </dev/null
is "an object that others can change: status 111" $? 111
is "an object that others can change: one sentence" "$(cat err)" "recio: fatal:\
 unable to look inside of TLS: $T/opt/lib/recio/companion-tls.so: others than\
 its owner could change it"
ok "in both cases the program is not run" [ ! -e ran ]
chmod 644 opt/lib/recio/companion-tls.so
opt/bin/recio -L touch ran 2>err </dev/null
ok "with the object it is run, and its session of pipes recorded" test -e ran

# The program's own view: a descriptor more, numbered high, and its environment.
env | sort >want
recio -L env 2>/dev/null </dev/null | sort >got
same "the environment is the same" got want
descriptors() {
	"$@" ls /proc/self/fd 2>/dev/null </dev/null | sort
}
descriptors recio >without
descriptors recio -L >with
is "one descriptor more, with the highest number" \
	"$(comm -3 with without)" 1023
descriptors prlimit --nofile=40 recio -L >with
is "one descriptor more, below the limit of the process" \
	"$(comm -3 with without)" 39
recio -L sh -c 'exec 0<&- 1>&-; exec ls /proc/self/fd >&2' 2>&1 </dev/null |
	grep -c 1023 >got
is "a program without the session does not get it" "$(cat got)" 0

# Bytes that are recorded in no case need not be handed over; a dialect must see
# both directions.
needed() {
	# shellcheck disable=SC2086 # several words
	is "recio $1: what the program is told to leave out" \
		"$(recio $1 perl -0ne 'print $1 if
			/^RECIO_COMPANION=.* L[0-9a-f]+,([0-9a-f]+),/' \
			/proc/self/environ 2>/dev/null </dev/null)" "$2"
}
needed '-L' 0
needed '-L -f in' 4
needed '-L -f out' 2
needed '-L -f in -p smtp' 0
done_testing
