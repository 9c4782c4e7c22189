#!/bin/sh
# JSON: the manual pages list the members of each object with their types, and
# when one is absent.  The lists are compared with the objects of logs in
# which each member is there, and absent, and each text is UTF-8 and not.
. "$(dirname "$0")/../lib.sh"
export TZ=Europe/Berlin

# PAGE SUBSECTION [MEMBER] <OBJECTS: prints the differences.
schema() {
	page=$1
	shift
	"$top/tests/tools/json-schema.py" "$top/doc/$page" "$@"
}

# The log of rlogread, with a piece of a line at the end, and a label that has
# no time; directories with names that are UTF-8 and not.
odd=$(printf 'dir\377')
mkdir dir "$odd"
perl -e 'my $l = "\@400000006b00c794000001f4";
	print "$l 4711 < EHLO me \n$l 4711 > caf\xc3\xa9+\n$l 4711 < [EOF]\n",
	"$l 4711 > 00000000  41" . " " x 48 . "|A|\n",
	"$l 4711 : the end\n$l 4711 > \x80 \n$l raw \xff\x00\nno label\n",
	"\@7fffffffffffffff000001f4 late\n", "x" x 300000, "\n", "cut"' \
	>dir/current
cp dir/current "$odd/current"
rlogread -o json dir "$odd" >lines
ok 'rlogread: the page lists the members of its objects' \
	schema rlogread.1 JSON <lines

# Sessions that have everything: records, the lines of three servers, notes.
printf '%b' '@400000006b00c2ea009a1f14 tcpserver: pid 1 from 192.0.2.7
@400000006b00c2ea009a1f15 tcpserver: ok 1 mx:192.0.2.25:25 :192.0.2.7::5123
@400000006b00c2ea0f7f4af4 1 > 220 mx.example.net ESMTP 
@400000006b00c2ea0f7f4af5 1 : TLS TLSv1.3 CIPHER
@400000006b00c2ea18701c74 1 < EHLO client 
@400000006b00c2ea18701c75 1 < USER client 
@400000006b00c2ea18701c75 1 > 250 ok 
@400000006b00c2ea18701c76 1 < MAIL FROM:<a@example.org> 
@400000006b00c2ea18701c77 1 < RCPT TO:<b@example.org> 
@400000006b00c2ea18701c78 1 > 250 ok 
@400000006b00c2ea20d799b4 tcpserver: end 1 status 25600
@400000006b00c2ea20d799b5 tcpserver: pid 2 from \0377
@400000006b00c2ea20d799b6 tcpserver: ok 2 m\0377:192.0.2.25:25 :\0377::5\0377
@400000006b00c2ea20d799b7 2 : TLS v\0377 c\0377
@400000006b00c2ea20d799b7 2 < HELO c\0377 
@400000006b00c2ea20d799b7 2 < USER u\0377 
@400000006b00c2ea20d799b8 2 < MAIL FROM:<\0377> 
@400000006b00c2ea20d799b9 2 < RCPT TO:<\0377> 
@400000006b00c2ea20d799ba 2 > 250 \0377 
@400000006b00c2ea20d799bb tcpserver: end 2 status 9
@400000006b00c2ea20d799bc tcpserver: deny 3 mx:192.0.2.25:25 :192.0.2.9::5
' >stamped
printf '4 < MAIL FROM:<> \n' >bare
cp bare "$odd"
{
	rlogsess -o json stamped "$odd/bare"
	rlogsess -o json bare
} >sessions
ok 'rlogsess: the page lists the members of sessions' \
	schema rlogsess.1 'JSON of sessions' <sessions

t='@400000006b00c2ea'
printf '%b' "${t}00000000 new msg 1
${t}00000001 info msg 1: bytes 99 from <a@example.org> qp 5 uid 6
${t}00000002 starting delivery 1: msg 1 to local b@example.org
${t}00000003 starting delivery 2: msg 1 to \\0377 \\0377
${t}00000004 delivery 1: success: did_1+0+0/
${t}00000005 delivery 2: deferral: \\0377
${t}00000005 starting delivery 9: msg 8 to local c
${t}00000005 delivery 9: deferral: later
${t}00000006 new msg 2
${t}00000007 info msg 2: bytes 99 from <\\0377> qp 5 uid 6
${t}00000008 starting delivery 3: msg 2 to  
${t}00000009 delivery 3: failure: 
${t}0000000a bounce msg 2 qp 7
${t}0000000b end msg 2
" >queue
printf 'new msg 3\nstarting delivery 4: msg 3 to local c\n%s\n' \
	'delivery 4: success: ' >unstamped
cp unstamped "$odd"
{
	rlogsess -M -o json queue "$odd/unstamped"
	rlogsess -M -o json unstamped
} >messages
ok 'rlogsess -M: the page lists the members of messages' \
	schema rlogsess.1 'JSON of messages' <messages
ok 'rlogsess -M: the page lists the members of deliveries' \
	schema rlogsess.1 'JSON of deliveries' deliveries <messages

# Mails with and without a session, and a refusal in bytes that are no text.
printf '%b' "${t}00000000 1 < MAIL FROM:<a@x> 
${t}00000001 1 < DATA 
${t}00000002 1 > 354 go ahead 
${t}00000003 1 < . 
${t}00000004 1 > 250 ok 1 qp 5 
${t}00000005 2 < MAIL FROM:<a@x> 
${t}00000006 2 > 550 \\0377 
${t}00000007 2 < RSET 
" >dialogues
printf '%s\n' "${t}00000005 info msg 1: bytes 99 from <a@x> qp 5 uid 6" \
	"${t}00000006 info msg 2: bytes 99 from <a@x> qp 6 uid 6" >queued
rlogsess -o json --trace a@x dialogues queued >mails 2>/dev/null
ok 'rlogsess --trace: the page lists the members of mails' \
	schema rlogsess.1 'JSON of mails' <mails

# The comparison itself: each kind of fault is found.
fails() {
	! schema "$@" >faults
}
# found DESCRIPTION DESCRIPTION-OF-MESSAGE MESSAGE <OBJECTS
found() {
	ok "$1 is found" fails rlogread.1 JSON
	ok "the message names $2" grep -q "$3" faults
}
grep '"text"' lines >some
found 'a member that only the page has' 'the member that only the page has' \
	'payload: in no object' <some
sed 's/"label"/"lable"/' lines >other
found 'a member that only objects have' 'the member that only objects have' \
	'lable: not in the page' <other
sed 's/"pid":4711/"pid":"4711"/' lines >other
found 'a member of another type than the page says' \
	'the member of another type' "pid: no number: '4711'" <other
sed '1s/"directory":"[^"]*",//' lines >other
found 'a member that must not be absent' 'the member that must not be absent' \
	'directory: absent, which the page' <other
grep '"label"' lines >other
found 'a member that is never absent' 'the member that is never absent' \
	'label: never absent' <other
grep -v base64 lines >other
found 'a text that is never base64' 'the text that is never base64' \
	'payload: not in both forms' <other
sed 's/"pid":4711/&,"pid":4711/' lines >other
found 'a member that is there twice' 'the member that is there twice' \
	'pid: twice in one object' <other
done_testing
