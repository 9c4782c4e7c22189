#!/bin/sh
# rlogsess -o pcapng: Wireshark's tools read it, find the commands that the log
# has, and nothing to complain about; the bytes of each connection are those of
# its session.
. "$(dirname "$0")/../lib.sh"
export TZ=UTC
[ "$(command -v tshark)" ] && have_tshark=1 || have_tshark=

# tshark says as root that this is dangerous; it says nothing else.
dissect() {
	tshark -n "$@" 2>tshark.err
	! grep -v '^Running as user "root"' tshark.err
}

# commands FIELD FILE: the values of the field, one a line.
commands() {
	dissect -r "$2" -Y "$1" -T fields -e "$1" -E aggregator='|' | tr '|' '\n'
}

# warnings FILE: expert information that is more than a note or a comment.
warnings() {
	dissect -r "$1" -q -z expert,note | sed -n '/^\(Errors\|Warns\) /,/^$/p'
}

# checked NAME: writes NAME.pcapng of NAME, and reads it; the connections are in
# the directory NAME.d, and one a line in NAME.list.
checked() {
	mkdir "$1.d"
	rlogsess -o pcapng "$1" >"$1.pcapng" 2>err &&
		python3 "$top/tests/tools/read_pcapng.py" "$1.pcapng" "$1.d" \
			>"$1.list" && [ ! -s err ]
}

# The sample log: four sessions, one of them with a dialogue.
cp "$top/tests/samples/smtpd.log" sample
ok "the sample: it is whole" checked sample
is "the sample: a connection a session, with its ends" "$(cat sample.list)" \
	"198.51.100.9,33001 192.0.2.25,25 SsfF 6 0
192.0.2.7,51234 192.0.2.25,25 SsfF 20 0
203.0.113.40,2201 192.0.2.25,25 SsfF 6 0
2001:db8::7,40000 2001:db8::25,25 SsfF 6 0"
for direction in in out; do
	rlogsess -p 4711 -o bytes --direction $direction sample >want
	same "the sample: the bytes $direction" want sample.d/2.$direction
done

# Many sessions, and each protocol.
perl "$top/tests/tools/sessions.pl" 5000 20 >many
ok "many sessions: they are whole" checked many
rlogsess -o bytes --direction in many >want 2>/dev/null
cat $(seq -f 'many.d/%g.in' "$(wc -l <many.list)") >got
same "many sessions: their bytes" want got
if [ "$have_tshark" ]; then
	is "the sample: tshark finds its commands" \
		"$(commands smtp.req.command sample.pcapng | xargs)" \
		"EHLO MAIL RCPT DATA QUIT"
	grep -v 'Subject:\|and a line\|< .$\|< \.' many |
		sed -n 's/.* < \([A-Z][A-Z]*\).*/\1/p' | sort | uniq -c >want
	commands smtp.req.command many.pcapng | sort | uniq -c >got
	same "many sessions: tshark finds their commands" want got
	is "many sessions: tshark has nothing to warn of" \
		"$(warnings many.pcapng)" ""
	is "many sessions: a stream each" "$(dissect -r many.pcapng -T fields \
		-e tcp.stream | sort -un | wc -l)" "$(wc -l <many.list)"
else
	skip "tshark is not installed" 4
fi

# Random logs: sessions that overlap, begin or end outside of the log, were
# recorded in one direction, as dumps or without messages, and the stamps of many
# loggers.
"$top/tests/tools/compare-pcapng.py" "${PCAPNG_CASES:-4}" "${SEED:-1}" >out
ok "random logs are compared" grep -q "^[0-9]* cases, [0-9]* runs" out
is "random logs: no difference" "$(grep '^seed' out | head -n 10)" ''

# found FILE FIELD: the values of the field, and "WARNING" for each frame that
# tshark warns of.
found() {
	dissect -r "$1" -T fields -e "$2" -e _ws.expert.severity -E aggregator='|' |
		perl -lne '($words, $levels) = split /\t/;
			print for split /\|/, $words;
			print "WARNING" if grep $_ >= 0x600000, split /\|/, $levels'
}

# played NAME FIELD OPTION...: the dialogue NAME, through recio with the options,
# has the commands of its client in the field, and no warning. The log is whole
# when the relay has gone, which had the pipe.
played() {
	name=$1 field=$2
	shift 2
	rm -rf log log.d
	"$top/tests/tools/play-dialogue.py" recio "$@" <"$name" 2>&1 >/dev/null |
		cat >log
	ok "$name, recio $*: it is whole" checked log
	is "$name, recio $*: it ends in order" \
		"$(cut -d ' ' -f 3 log.list)" SsFf
	if [ "$have_tshark" ]; then
		is "$name, recio $*: tshark finds its commands, and no fault" \
			"$(found log.pcapng "$field" | xargs)" \
			"$(cat "$name.commands")"
	else
		skip "tshark is not installed" 1
	fi
}
cat >smtp <<'END'
> 220 hi ESMTP
< EHLO c
> 250-hi
+ 250-PIPELINING
+ 250 CHUNKING
< MAIL FROM:<a@b>
+ RCPT TO:<c@d>
+ RCPT TO:<e@d>
+ DATA
> 250 ok
+ 250 ok
+ 250 ok
+ 354 go
< Subject: x
+ 
+ QUIT
+ ..
+ .
+ RSET
> 250 taken
+ 250 reset
< MAIL FROM:<a@b>
> 250 ok
< RCPT TO:<c@d>
> 250 ok
< DATA
> 354 go
< .
> 250 empty
< BDAT 17
+ Subject: xxxxxx
> 250 17
< BDAT 8 LAST
+ QUITxx
+ NOOP
> 250 ok
+ 250 ok
< QUIT
> 221 bye
END
echo EHLO MAIL RCPT RCPT DATA RSET MAIL RCPT DATA BDAT BDAT NOOP QUIT >smtp.commands
cat >pop3 <<'END'
> +OK ready
< USER a
> +OK
< PASS secret
> +OK
< CAPA
> +OK
+ TOP
+ .
< RETR 1
+ RETR 2
> +OK 20
+ Subject: x
+ 
+ QUIT
+ .
+ -ERR none
< TOP 1 0
> +OK
+ Subject: x
+ 
+ .
< QUIT
> +OK bye
END
echo USER PASS CAPA RETR RETR TOP QUIT >pop3.commands
cat >imap <<'END'
> * OK ready
< a1 CAPABILITY
> * CAPABILITY IMAP4rev1
+ a1 OK
< a2 LOGIN bob secret
> a2 OK
< a4 APPEND INBOX {17}
> + go
< Subject:xxxxxxx
+ 
> a4 OK
< a5 SELECT INBOX
> * 3 EXISTS
+ a5 OK
< a6 FETCH 1 BODY[]
> * 1 FETCH (BODY[] {17}
+ Subject: xxxxxx
+ )
+ a6 OK
< a7 NOOP
+ a8 IDLE
> a7 OK
+ + idling
< DONE
> a8 OK
< a9 UID SEARCH ALL
> a9 OK
< a10 LOGOUT
> * BYE
+ a10 OK
END
echo CAPABILITY LOGIN APPEND SELECT FETCH NOOP IDLE SEARCH LOGOUT >imap.commands
for options in -tv "-xt -w 7"; do
	# shellcheck disable=SC2086 # each is an option
	{
		played smtp smtp.req.command $options
		played smtp smtp.req.command $options -p smtp
		played pop3 pop.request.command $options
		played pop3 pop.request.command $options -p pop3
		played imap imap.request.command $options
		played imap imap.request.command $options -p imap
	}
done

# log NAME <LINES: makes a log; "#" stands for CR and the space of a line's end.
cr=$(printf '\r')
log() {
	rm -rf "$1.d"
	sed "s/#\$/$cr /" >"$1"
}
# stamped NAME <LINES: the same with a stamp each, a second apart.
stamped() {
	awk '{ printf "@400000006b00c2%02x009a1f14 %s\n", NR, $0 }' | log "$1"
}
# comments FILE: the comments of all frames but the facts, one a line.
comments() {
	dissect -r "$1" -T fields -e frame.comment -E aggregator='|' |
		tr '|' '\n' | grep -v '^$\|^session='
}

# The session of a client: the server's bytes are its input.
stamped client <<'END'
9 : start TCP 192.0.2.9:25 to 192.0.2.1:4000 prog
9 < 220 hi#
9 > EHLO x#
9 < 250 ok#
9 > DATA#
9 < 354 go#
9 : > 100 bytes, 3 lines of message
9 < 250 ok#
9 > QUIT#
9 > [EOF]
9 < [EOF]
END
ok "recio -c: it is whole" checked client
is "recio -c: the client begins, and the server is its peer" \
	"$(cat client.list)" "192.0.2.9,25 192.0.2.1,4000 sSfF 15 98"

# A session whose beginning the log lacks, since others have theirs.
stamped middle <<'END'
tcpserver: pid 8 from 192.0.2.8
tcpserver: ok 8 mx:192.0.2.25:25 :192.0.2.8::4000
9 < DATA#
9 > 354 go#
9 : < 100 bytes, 3 lines of message
9 > 250 ok#
9 < QUIT#
8 : end < 0 bytes, reset; > 0 bytes, eof; 1.000 seconds
tcpserver: end 8 status 0
END
ok "a beginning and an end outside of the log: it is whole" checked middle
is "no handshake and no end, and an end by a reset" "$(sort middle.list)" \
	"0.0.0.0,1026 0.0.0.0,25 - 6 98
192.0.2.8,4000 192.0.2.25,25 SsR 4 0"

# Inside of TLS a second connection has the clear bytes.
stamped tls <<'END'
7 > 220 hi#
7 < STARTTLS#
7 > 220 go#
7 : TLS TLSv1.3 TLS_AES_256_GCM_SHA384 mx.example.org
7 < EHLO inside#
7 > 250 hi#
7 < QUIT#
7 < [EOF]
7 > [EOF]
END
stamped tls-first <<'END'
7 : TLS TLSv1.3 TLS_AES_256_GCM_SHA384 mx.example.org
7 > 220 hi#
7 < QUIT#
7 < [EOF]
7 > [EOF]
END
stamped tls-last <<'END'
7 > 220 hi#
7 < STARTTLS#
7 > 220 go#
7 : TLS
7 < [EOF]
7 > [EOF]
END
sed 's/^@[^ ]* //' tls >tls-unstamped
for name in tls tls-unstamped tls-first tls-last; do
	ok "$name: it is whole" checked $name
done
is "STARTTLS: two connections" "$(cut -d ' ' -f 3 tls.list | xargs)" "Ss SsFf"
is "STARTTLS: the bytes inside" "$(tr -d '\r' <tls.d/2.in)" "EHLO inside
QUIT"
is "TLS at first: one connection" "$(cut -d ' ' -f 3 tls-first.list)" SsFf
is "TLS unseen: one connection" "$(cut -d ' ' -f 3 tls-last.list)" SsFf

# What the log lacks is made up, and said.
printf '7 > * OK#\n7 < a LOGOUT#\n7 < [EOF]\n7 > [EOF]\n' | log bare
ok "no addresses and no stamps: it is whole" checked bare
is "no addresses: stand-ins" "$(cut -d ' ' -f 1,2 bare.list)" \
	"0.0.0.0,1025 0.0.0.0,143"
printf '7 < 250 ok#\n7 > QUIT#\n7 : lost 2 records, 20 bytes\n' | log lost
ok "lost records: it is whole" checked lost

# A read of more than a frame; a line of 1 MB; a message beyond all measure.
perl -e 'for (0 .. 40) { printf "\@400000006b00c2ea%08x 7 < %s+\n", $_,
	"x" x 4000 }
	print "\@400000006b00c2eb00000000 7 < ", "y" x 60000, "+\n" for 0 .. 17' >wide
ok "a wide session: it is whole" checked wide
rlogsess -o bytes --direction in wide >want 2>/dev/null
same "a wide session: its bytes" want wide.d/1.in
is "a wide session: frames of 65495 bytes at most" \
	"$(cut -d ' ' -f 4 wide.list)" 23
printf '7 < DATA#\n7 > 354#\n7 : < %s bytes, 3 lines of message\n7 < QUIT#\n' \
	18446744073709551615 | log vast
ok "a vast message: it is whole" checked vast
is "a vast message: 64 MiB of frames" "$(cut -d ' ' -f 4,5 vast.list)" \
	"1032 67108864"

# Hostile text in comments, names and payloads.
mkdir "$(printf 'a\033[31m\377')"
perl -e 'print "7 > 220 hi \n7 < a\\x1b[31m\\xff \n7 : \e[31m\xff\xe2\x80\xae\n",
	"qmail-smtpd[7]: \x00\e]0;x\a\n" x 3000, "7 < [EOF]\n7 > [EOF]\n"' \
	>"$(printf 'a\033[31m\377')/current"
rlogsess -o pcapng a*m* bare >hostile.pcapng
ok "hostile text: comments are safe, and bounded" \
	python3 "$top/tests/tools/read_pcapng.py" hostile.pcapng .
is "hostile text: no escape sequence but that of the session's bytes" \
	"$(perl -0777 -ne 'print scalar(() = /\e[\[\]]/g)' hostile.pcapng)" 1

# Several logs: an interface each, named as the log is.
mkdir one two
cp sample one/current
stamped two/current <tls
rlogsess -n 2 -o pcapng one two >several.pcapng
is "one log: the interface is named as it is" \
	"$(rlogsess -o pcapng one | grep -aoF "$T/one")" "$T/one"
if [ "$have_tshark" ]; then
	is "several logs: an interface each, and -n chooses sessions" \
		"$(dissect -r several.pcapng -T fields -e frame.interface_name \
			-e tcp.stream | sed 's/.*\///' | sort -u | xargs)" \
		"one 2 two 0 two 1"
	is "recio -c: tshark finds its commands, and no fault" \
		"$(found client.pcapng smtp.req.command | xargs)" "EHLO DATA QUIT"
	is "recio -c: the direction" "$(dissect -r client.pcapng -Y smtp.req \
		-T fields -e frame.packet_flags_direction | sort -u)" 0x00000002
	is "the middle: tshark finds its commands" \
		"$(commands smtp.req.command middle.pcapng | xargs)" "DATA QUIT"
	for name in tls tls-unstamped tls-first tls-last; do
		is "$name: tshark finds its commands, and no fault" \
			"$(found $name.pcapng smtp.req.command | xargs)" \
			"$(sed -n 's/.* < \([A-Z]\{4\}\).*/\1/p' $name | xargs)"
	done
	is "stand-ins are named" "$(comments bare.pcapng | head -n 1)" \
		"made up: the client's address, the server's address, the server's port, the client's port"
	is "a log without times: 1970, and a comment" \
		"$(comments bare.pcapng | grep times)$(dissect -r bare.pcapng \
			-T fields -e frame.time_epoch | sort -u)" \
		"the log has no times of this session0.000000000"
	is "lines of programs are comments, at their places" \
		"$(dissect -r sample.pcapng -Y 'tcp.stream == 1' -T fields \
			-e frame.comment -E aggregator='|' | sed -n '4p;8p;18,$p' |
			sed 's/^session=.*//')" \
		"$(printf '\n%s\n%s' \
			'qmail-smtpd[4711]: MFCHECK pass [192.0.2.7] example.org|qmail-smtpd[4711]: MAIL FROM:<alice@example.org>' \
			'tcpserver: end 4711 status 0')"
	is "the times are those of the log, in nanoseconds" \
		"$(dissect -r sample.pcapng -Y 'smtp.req.command == "EHLO"' \
			-T fields -e frame.time_epoch)" \
		"$(rlogsess --time unix -p 4711 sample | sed -n 's/ 4711 < EHLO.*//p')"
	dissect -r sample.pcapng -q -z follow,tcp,raw,1 |
		sed -n 's/^\t*\([0-9a-f]*\)$/\1/p' | perl -ne 'chomp; print pack "H*", $_' \
		>got
	is "follow shows the session's bytes" "$(cksum <got)" \
		"$(rlogsess -p 4711 -o hex sample | perl -ne '
			print map chr hex, substr($_, 8, 50) =~ /([0-9a-f]{2}) /g
				if /^[0-9a-f]{6,} /' | cksum)"
else
	skip "tshark is not installed" 15
fi
if [ "$(command -v tcpdump)" ]; then
	is "tcpdump reads it" \
		"$(tcpdump -nr sample.pcapng 2>/dev/null | wc -l)" 38
	is "tcpdump finds no wrong checksum" \
		"$(tcpdump -nvvr many.pcapng 2>/dev/null | grep -c incorrect)" 0
else
	skip "tcpdump is not installed" 2
fi
if [ "$(command -v capinfos)" ]; then
	is "capinfos reads it" "$(capinfos -Mc many.pcapng |
		sed -n 's/^Number of packets: *//p')" \
		"$(awk '{ n += $4 } END { print n }' many.list)"
	ok "reordercap reads it" reordercap many.pcapng ordered
	is "reordercap: the frames are in the order of their times" \
		"$(capinfos -o ordered | sed -n 's/^Strict time order: *//p')" True
else
	skip "capinfos is not installed" 3
fi

# Runs that follow each other, and a log that is followed.
head -n 20 sample | rlogsess -k state -o pcapng >carried.pcapng
tail -n +21 sample | rlogsess -k state -o pcapng >>carried.pcapng
echo '@400000006b10d2ea009a1f14 tcpserver: pid 9 from 192.0.2.9' |
	rlogsess -k state -o pcapng >>carried.pcapng
mkdir carried.d
python3 "$top/tests/tools/read_pcapng.py" carried.pcapng carried.d >carried.list
is "-k: sessions of several runs, each once" "$(sort carried.list)" \
	"$(sort sample.list)"
mkfifo live
spawn sh -c 'exec rlogsess -f -o pcapng one >live'
exec 4<live
head -c 900 <&4 >begun
ok "-f: the section and the sessions up to now come at once" \
	grep -aq 'Sessions as recio recorded them' begun
sed 's/ 4711 / 5711 /; s/\[4711\]/[5711]/; s/@400000006b00/@400000006b01/' sample \
	>>one/current
grep -a -m 1 -o 'pid=5711' <&4 >found
is "-f: a session comes when it is over" "$(cat found)" pid=5711
exec 4<&-

# Wrong use.
refused() {
	message=$1
	shift
	rlogsess "$@" sample >got 2>&1
	is "rlogsess $*: wrong use" "$?$(cat got)" "100rlogsess: fatal: $message"
}
refused "-o bytes, hex, mail, pcapng, ladder and metrics show sessions, -M shows messages" \
	-M -o pcapng
script -qec "rlogsess -o pcapng '$T/sample'" /dev/null </dev/null >got
is "a terminal: exit 100" "$?" 100
is "a terminal: a sentence" "$(tr -d '\r' <got)" \
	"rlogsess: fatal: -o pcapng writes bytes of peers as they are, which could drive a terminal: redirect them, or take -o hex"
done_testing
