#!/bin/sh
# rlogship to a NATS server: every line of a log is stored once and in order,
# whatever becomes of the log, of rlogship, and of the stream.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/nats.sh"
needs_nats

nats_run 1
nats_stream RLOG 'rlog.>'

url() {
	echo "nats://$nats/RLOG/rlog.$1"
}
# The lines that the stream has of a subject.
shipped() {
	"$tools/shipped-lines" "$(url "$1")"
}
# ship SUBJECT DIR [ARG...]: sends what is there.
ship() {
	ship_subject=$1
	ship_dir=$2
	shift 2
	rlogship -1 -n "mx1/$ship_subject" "$@" "$(url "$ship_subject")" \
		"$ship_dir" 2>err
}
line() {
	printf '@4000000069200%03x%08x %s\n' "$2" "${4:-0}" "$3" >>"$1/current"
}
archive() {
	mv "$1/current" "$1/@4000000069200$(printf %03x "$2")00000000.s"
}

mkdir a
line a 1 one
line a 2 '4711 < EHLO me '
printf 'no label\377\n' >>a/current
archive a 3
line a 4 four
is '-1 sends what is there and exits' "$(ship a a; echo $?)" 0
shipped a >got
rlogread a >want
same 'the stream has the lines of the log' got want
is 'nothing is said' "$(cat err)" ''
last=$(nats_last RLOG)
ship a a
is 'a second run sends nothing' "$(nats_last RLOG)" "$last"
line a 5 five
archive a 6
line a 7 seven
gzip "a/@400000006920000600000000.s"
ship a a
shipped a >got
rlogread a >want
same 'a run later sends the lines since, over rotation and compression' \
	got want
ship raw a -o raw
shipped raw >got
same '-o raw sends the stored bytes' got want
ship sized a -b 1k
shipped sized >got
same '-b 1k sends small messages' got want

# The kind of the labels decides the times.
mkdir leap
line leap 1 one
ship leap leap -L leap -v
is '-v tells the kind of the labels' "$(sed 's/.*: //' err)" \
	'labels with leap seconds, as s6-log writes them'
is '-L leap: times are 27 seconds earlier' "$("$top/tests/tools/read-stream.py" \
	"$nats" RLOG | python3 -c '
import base64, json, sys
for message in map(json.loads, sys.stdin):
    if message["subject"] == "rlog.leap":
        print(json.loads(base64.b64decode(message["data"]))["time"])')" \
	2025-11-21T05:59:56.000000000Z

# Long lines, and a stream that takes small messages only.
mkdir long
line long 1 "$(head -c 300000 /dev/zero | tr '\0' x)"
line long 2 "$(head -c 100000 /dev/urandom | tr -d '\n\0' | base64 -w 0)"
line long 3 "$(printf '\303\244%.0s' $(seq 3000))"
line long 4 end
nats_stream SMALL 'small.>' -m 1000
rlogread long >want
for size in 1k 256k; do
	ship "long$size" long -b "$size"
	shipped "long$size" >got
	same "-b $size: lines that are longer go in pieces" got want
done
rlogship -1 -n mx1/long "nats://$nats/SMALL/small.long" long 2>err
"$tools/shipped-lines" "nats://$nats/SMALL/small.long" >got
same 'a stream that takes 1000 bytes has the long lines in pieces' got want

# Following: an idle log's next line arrives, and TERM ends rlogship.
mkdir f
line f 1 one
spawn rlogship -c cursor -s status -d 3 -n mx1/f "$(url f)" f 2>err 3>ready
ok '-d: ready when the server has answered' wait_for 20 test -s ready
shipper=$spawned
has_lines() {
	test "$(shipped "$1" | wc -l)" -eq "$2"
}
ok 'the first line arrives' wait_for 20 has_lines f 1
line f 2 two
ok 'a line of an idle log arrives' wait_for 20 has_lines f 2
kill "$shipper"
wait "$shipper"
is 'TERM: exit 0' $? 0
is 'the status file has the last line, and counts' "$(cat status)" \
	"target RLOG/rlog.f
name mx1/f
state connected
label @400000006920000200000000
time 2025-11-21T06:00:24.000000000Z
lines 2
bytes 60
batches 2
resyncs 0
again 0
missing 0
behind-bytes 0
behind-seconds 0
kept-bytes 60
error -"
is 'the cursor has the place of the last message' \
	"$(sed -n '4s/ .*//p' cursor)" "$(nats_last RLOG)"
rlogship -1 -c cursor -n mx1/other "$(url f)" f 2>err
is 'the cursor of another log is refused' \
	"$? $(cat err)" "100 rlogship: fatal: cursor is the cursor of another \
url, name or form; give -c the name of a new file"

# Lines without labels: their ids are offsets, and repeat in other files.
mkdir u
echo one >u/current
ship u u
is 'a log without labels is warned of, once' "$(cat err)" \
	"rlogship: warning: the lines of $T/u have no labels: their ids are \
offsets, which repeat in other files; let the logger write labels (t of rlog)"
archive u 4
echo two >u/current
ship u u
is 'the same offset in the next file is another line' "$(shipped u)" 'one
two'
ok 'and is sent at once' test "$(grep -c 'trying again' err)" -eq 0

# Another log in the same subject.
spawn rlogship -n mx1/other "$(url f)" long 2>err
ok 'the subject of another log is warned of' wait_for 20 \
	grep -q 'each log needs a subject of its own; trying again' err
kill "$spawned"
wait "$spawned"
is 'nothing was sent to it' "$(shipped f | wc -l)" 2

# Lines that are removed before they were sent.
line f 3 three
archive f 4
line f 5 five
rm "f/@400000006920000400000000.s"
ship f f -c cursor
is 'a record says which lines are missing' "$(shipped f | tail -n 2)" \
	"missing @400000006920000200000000 @400000006920000500000000
@400000006920000500000000 five"
is 'a warning says it, too' "$(cat err)" "rlogship: warning: $T/f: lines \
between @400000006920000200000000 and @400000006920000500000000 are missing: \
files were removed before they were read"
done_testing
