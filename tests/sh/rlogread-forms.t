#!/bin/sh
# What lines look like: each form, time zones and the ends of daylight saving,
# both kinds of labels, JSON that loses nothing, and a terminal.
. "$(dirname "$0")/../lib.sh"

export TZ=Europe/Berlin
rep() {
	printf '%s\n' "$l" | rlogread -o "$1"
}

l='@400000006b00c794000001f4 4711 < EHLO me '
is '-o raw: lines are unchanged' "$(rep raw)" "$l"
is '-o local: local times' \
	"$(rep local)" '2026-11-20 23:19:54.000000 4711 < EHLO me '
is '-o tai64nlocal: the times of tai64nlocal' \
	"$(rep tai64nlocal)" "$(printf '%s\n' "$l" | tai64nlocal)"
is '-o utc: times in UTC' \
	"$(rep utc)" '2026-11-20 22:19:54.000000Z 4711 < EHLO me '
is '-o iso: RFC 3339 with the offset of local time' \
	"$(rep iso)" '2026-11-20T23:19:54.000000500+01:00 4711 < EHLO me '
is '-o unix: seconds since 1970' \
	"$(rep unix)" '1795213194.000000500 4711 < EHLO me '
is '-L leap: labels that count leap seconds' \
	"$(printf '%s\n' "$l" | rlogread -L leap -o utc)" \
	'2026-11-20 22:19:27.000000Z 4711 < EHLO me '
is '-L leap: the times of s6-tai64nlocal' \
	"$(printf '%s\n' "$l" | rlogread -L leap -o tai64nlocal)" \
	"$(printf '%s\n' "$l" | s6-tai64nlocal)"

# As tai64nlocal, for labels of all times, in places with odd clocks.
perl -e 'srand 1; for (1 .. 3000) {
	printf "@40000000%08x%08x line\n", rand(2 ** 32), rand(1e9);
	printf "@400000006ae%05x%08x line\n", rand(2 ** 20), rand(1e9); }' >labels
for TZ in Europe/Berlin America/St_Johns Africa/Monrovia Asia/Kathmandu \
	Australia/Lord_Howe right/Europe/Berlin UTC0; do
	tai64nlocal <labels >want
	rlogread -o tai64nlocal <labels >got
	same "$TZ: the times of tai64nlocal" want got
done
export TZ=Europe/Berlin

# 2026-10-25: the hour from 02:00 to 03:00 comes twice.
mkdir dst
for minutes in -90 -60 -30 0 30 60 90; do
	printf '@40000000%08x00000000 %s\n' $((1792890000 + 10 + 60 * minutes)) \
		"$minutes"
done >dst/current
is '-o iso: the end of daylight saving' \
	"$(rlogread -o iso dst | cut -c 12-16,30-35)" \
	'01:30+02:00
02:00+02:00
02:30+02:00
02:00+01:00
02:30+01:00
03:00+01:00
03:30+01:00'
in_hour() {
	rlogread -S "$1" -U "$2" dst | cut -d' ' -f2 | tr '\n' ' '
}
is 'a window of local time has both hours when clocks go back' \
	"$(in_hour '2026-10-25 02:15' '2026-10-25 02:15')" '-30 0 '
is 'a window of RFC 3339 times has one hour when clocks go back' \
	"$(in_hour 2026-10-25T02:15+02:00 2026-10-25T02:45+02:00)" '-30 '

# Labels of both kinds side by side, and found out.
mkdir djb leap
printf 'one\n' | multilog t ./djb
printf 'one\n' | s6-log t ./leap
is 'labels of s6-log and of rlog are 27 seconds apart' \
	"$(perl -e 'print hex(substr $ARGV[1], 1, 16) -
	hex(substr $ARGV[0], 1, 16) >= 27 ? "yes" : "no"' \
	"$(cat djb/current)" "$(cat leap/current)")" yes
rlogread -v -o unix djb leap 2>err | cut -d. -f1 >seconds
is 'labels of s6-log and of rlog are read as the same time' \
	"$(perl -e 'print $ARGV[1] - $ARGV[0] < 20
	? "yes" : "no"' "$(sed -n 1p seconds)" "$(sed -n 2p seconds)")" yes
is '-v names the kind of labels' "$(sed 's/.*: labels/labels/' err)" \
	'labels without leap seconds, as daemontools writes them
labels with leap seconds, as s6-log writes them'
rlogread -L djb -o unix leap | cut -d. -f1 >seconds
is '-L sets the kind of labels' \
	"$(perl -e 'print $ARGV[0] - time > 20 ? "yes" : "no"' \
	"$(cat seconds)")" yes
is 'the last minute of s6-log' "$(rlogread -S -1m -U now leap | cut -d' ' -f2)" one

kind_of() {
	rlogread -v "$1" 2>&1 >/dev/null | sed 's/.*: labels \([a-z]*\).*/\1/'
}
mkdir rotating archived
mv leap/current rotating/previous
is 'the kind of labels of previous' "$(kind_of rotating)" with
mv rotating/previous archived/@400000006920000100000000.s
echo none >archived/@400000006920000200000000.s
is 'the kind of labels of an archive before one without labels' \
	"$(kind_of archived)" with

mkdir json
perl -e 'my $l = "\@400000006b00c794000001f4";
	print "$l 4711 < EHLO \"me\" \n$l 4711 > caf\xc3\xa9+\n$l 4711 < [EOF]\n",
	"$l 4711 : the end\n$l tcpserver: status: 0/40\nno label\n",
	"$l raw \xff\x00\n$l 4711 > \x80 \n$l 4711 < \xe2\x80\xae\xd8\x9c \n",
	"$l 4711 < 00000010  41 0a" . " " x 45 . "|A.|\n",
	"$l 4711 > 00000000  41" . " " x 48 . "|A|\n",
	"$l 4711 > 00000000  41" . " " x 48 . "|B|\n",
	"x" x 300000, "\n"' >json/current
rlogread -o json json >got
ok 'JSON: each line is an object' python3 -c 'import json, sys
for line in open(sys.argv[1]): assert isinstance(json.loads(line), dict)' got
sed "s,$T/json,DIR," got | sed -n '1,12p' >objects
pad=$(printf '%45s' '')
t='"time":"2026-11-20T23:19:54.000000500+01:00"'
h="{$t,\"label\":\"@400000006b00c794000001f4\",\"directory\":\"DIR\""
cat >want <<END
$h,"pid":4711,"dir":"<","payload":"EHLO \\"me\\"","more":false,"eof":false}
$h,"pid":4711,"dir":">","payload":"café","more":true,"eof":false}
$h,"pid":4711,"dir":"<","payload":"","more":false,"eof":true}
$h,"pid":4711,"dir":":","payload":"the end"}
$h,"text":"tcpserver: status: 0/40"}
{"directory":"DIR","text":"no label"}
$h,"text":{"base64":"cmF3IP8A"}}
$h,"pid":4711,"dir":">","payload":{"base64":"gA=="},"more":false,"eof":false}
$h,"pid":4711,"dir":"<","payload":"\\u202e\\u061c","more":false,"eof":false}
$h,"pid":4711,"dir":"<","payload":"00000010  41 0a$pad|A.|","dump":true,"more":false,"eof":false}
$h,"pid":4711,"dir":">","payload":"00000000  41   $pad|A|","dump":true,"more":true,"eof":false}
$h,"text":"4711 > 00000000  41   $pad|B|"}
END
same 'JSON: objects hold the parts of records' want objects
python3 - got json/current <<'END' >back
import base64, json, sys
back, cut = b'', False
for line in open(sys.argv[1]):
    o = json.loads(line)
    def text(name):
        value = o[name]
        return (base64.b64decode(value['base64'])
                if isinstance(value, dict) else value.encode())
    if 'pid' in o:
        p = text('payload')
        end = b'' if o['dir'] == ':' or 'dump' in o else (b'[EOF]' if o['eof'] else
              b'+' if o['more'] else b' ')
        body = b'%d %s ' % (o['pid'], o['dir'].encode()) + p + end
    else:
        body = text('text')
    if 'label' in o:
        body = o['label'].encode() + b' ' + body
    back += body + (b'' if o.get('cut') else b'\n')
print('same' if back == open(sys.argv[2], 'rb').read() else 'different')
END
is 'JSON: the exact bytes come back' "$(cat back)" same

# A terminal.
mkdir tty
printf '@400000006b00c794000001f4 %s\n' '4711 < EHLO \\x1b\x1b[7m\r ' \
	'4711 > 250 ok ' '4711 : end' 'tcpserver: \033]0;title\a x\302\233y\342\200\256' |
	while IFS= read -r line; do printf '%b\n' "$line"; done >tty/current
on_tty() {
	TERM=xterm script -qec "$1" /dev/null </dev/null | tr -d '\r' | cat -v
}
t='2026-11-20 23:19:54.000000'
is 'a terminal gets local times, escapes and colours' \
	"$(on_tty 'rlogread tty')" \
	"$t 4711 ^[[36m< EHLO \\x1b\\x1b[7m^[[0m
$t 4711 ^[[32m> 250 ok ^[[0m
$t 4711 ^[[33m: end^[[0m
$t tcpserver: \\x1b]0;title\\x07 x\\xc2\\x9by\\xe2\\x80\\xae"
is 'NO_COLOR: a terminal gets no colours' \
	"$(on_tty 'NO_COLOR=1 rlogread -n 2 tty')" "$t 4711 : end
$t tcpserver: \\x1b]0;title\\x07 x\\xc2\\x9by\\xe2\\x80\\xae"
is 'TERM=dumb: a terminal gets no colours' \
	"$(on_tty 'TERM=dumb rlogread tty' | sed -n 3p)" "$t 4711 : end"
is '-o raw: a terminal gets lines unchanged' \
	"$(on_tty 'rlogread -o raw tty' | sed -n 4p)" \
	'@400000006b00c794000001f4 tcpserver: ^[]0;title^G xM-BM-^[yM-bM-^@M-.'
is 'a pipe gets lines unchanged' "$(rlogread tty | cat -v | sed -n 2p)" \
	'@400000006b00c794000001f4 4711 > 250 ok '

# A filter passes lines on as they come.
mkfifo in
spawn sh -c 'exec rlogread -o utc <in >filtered'
exec 5>in
printf '@400000006b00c794000001f4 one\n' >&5
ok 'a filter does not wait for more' wait_for 10 grep -q one filtered
exec 5>&-
ok 'a filter ends with its input' wait_for 10 gone "$spawned"
done_testing
