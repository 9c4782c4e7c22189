#!/bin/sh
# rlogship without a server: wrong use, names, keys, cursors and its directory.
. "$(dirname "$0")/../lib.sh"

port=$(free_port)
url=nats://127.0.0.1:$port/RLOG/rlog.a
mkdir -p smtpd/log/main bad
echo '@400000006920000100000000 one' >smtpd/log/main/current

# refused WHAT CODE MESSAGE [ARG...]
refused() {
	what=$1 code=$2 message=$3
	shift 3
	is "$what" "$(timeout 60 rlogship "$@" 2>&1; echo $?)" "rlogship: fatal: $message
$code"
}

refused 'an unknown option' 100 "unknown option '-x': --help lists the options" \
	-x "$url" smtpd
refused 'an option without its argument' 100 "missing argument of '-b'" \
	"$url" smtpd -b
for n in / a/b/c .a -a '' 'a b' "$(printf %065d 0)" /a a/ "$(printf 'a\nb')"; do
	refused "the name '$n'" 100 "invalid name '$n': NAME or HOST/NAME, each 1 \
to 64 letters, digits, '.', '_' or '-'" -n "$n" "$url" smtpd
done
refused 'a size' 100 "invalid size '1': 1k to 64m, as 256k" -b 1 "$url" smtpd
refused 'a descriptor' 100 "invalid descriptor '77': the number of an open one" \
	-d 77 "$url" smtpd
refused 'a kind of labels' 100 "unknown kind of labels 'x': auto, djb or leap" \
	-L x "$url" smtpd
refused 'a form' 100 "unknown form 'xml': json, raw or sessions" -o xml "$url" smtpd
refused 'sessions without a cursor' 100 '-o sessions needs -c cursorfile: the stream keeps no places' \
	-o sessions "$url" smtpd
ok 'a password in the url is refused, and not repeated' sh -c '
	rlogship "nats://user:secret@h/S/s" smtpd 2>err
	[ $? = 100 ] && grep -q "invalid url" err && ! grep -q secret err'
is 'no operands' "$(rlogship 2>&1 | sed 's/ \[.*//'; rlogship 2>/dev/null || echo $?)" \
	"rlogship: usage: rlogship
100"
refused 'no directory' 111 "unable to open none: No such file or directory" \
	-n x "$url" none
refused 'no directory, and so no name' 111 \
	"unable to open ./main: No such file or directory" "$url" ./main
refused 'a directory that gives no name' 100 \
	"unable to name the log by its directory: give -n NAME" "$url" /
refused 'a cursor in a directory that is not there' 111 \
	"unable to open none/new: No such file or directory" -c none/new "$url" smtpd
refused 'a directory without a log, with -1' 111 "bad holds no log: neither \
current nor archives, here or in log/main" -1 "$url" bad
echo secret >key
chmod 644 key
NATS_NKEY=key rlogship -1 "$url" smtpd >out 2>err
is 'a key that others may read is refused' "$?" 100
ok 'its contents are not told' sh -c '! grep -q secret err && grep -q key err'
echo 'rlog cursor 1' >cursor
refused 'a cursor of rlogread' 100 "cursor is not a cursor file of rlogship; \
give -c the name of a new file" -1 -c cursor "$url" smtpd
is 'it is unchanged' "$(cat cursor)" 'rlog cursor 1'

# A day of this clock lasts three seconds.
told_daily() {
	grep -qx "rlogship: info: 127.0.0.1:$port: 0 lines in 0 messages since the \
start, 30 bytes behind" daily
}
if command -v faketime >/dev/null; then
	spawn faketime -f '+0 x30000' rlogship -c daily.cursor -n a \
		"relp://127.0.0.1:$port" smtpd 2>daily
	ok 'a line a day has the counts' wait_for 20 told_daily
	kill -- "-$spawned"
else
	skip 'there is no faketime' 1
fi

ldd "$(command -v rlogship)" | grep -q libnats || {
	skip 'rlogship was built without libnats' 9
	done_testing
}
# Without a server it tries again, warns once, and TERM ends it.
spawn rlogship -c new -s status "$url" smtpd 2>err
shipper=$spawned
ok 'a missing server is warned of' wait_for 20 grep -q 'trying again' err
refused 'a cursor that is in use' 111 "unable to lock new: another rlogship \
uses it" -c new "$url" smtpd
kill "$shipper"
wait "$shipper"
is 'TERM: exit 0' "$?" 0
for signal in HUP INT; do
	: >again
	spawn rlogship "$url" smtpd 2>again
	wait_for 20 grep -q 'trying again' again
	kill -s "$signal" "$spawned"
	wait "$spawned"
	is "$signal: exit 0" "$?" 0
done
is 'one warning for many tries' "$(grep -c . err)" 1
is 'the status has the name of the service' \
	"$(sed -n 's,^name .*/,,p' status)" smtpd
is 'the state is trouble' "$(sed -n 's/^state //p' status)" trouble
ok 'the log is behind' grep -qx 'behind-bytes 30' status
done_testing
