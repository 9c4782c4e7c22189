#!/bin/sh
# rlogfetch with a reader that does not read and descriptors that are closed: no
# line is lost or doubled.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/nats.sh"
needs_nats

nats_run 1
nats_stream RLOG 'rlog.>'
url=nats://$nats/RLOG
seq 10000 49999 >origin
"$tools/publish-lines" "$url/rlog.a" a/smtp raw 5000 <origin >published
# keeps DIR: the directory has the lines of the origin.
keeps() {
	cat "$1"/a/smtp/@* "$1/a/smtp/current" 2>/dev/null | cmp - origin
}
sequence() {
	sed -n 's/^sequence //p' "$1" 2>/dev/null
}

# The pipe is full after 64 KiB; what is not read stays in the stream.
mkfifo pipe
exec 9<>pipe
spawn rlogfetch -c cursor -s status "$url" >pipe 2>err
pid=$spawned
wait_for 30 test -s cursor
kill -s TERM "$pid"
wait "$pid"
is 'TERM ends it while its reader does not read' "$?" 0
ok 'it has not taken all' test "$(sequence status)" -lt "$(cat published)"
spawn rlogfetch -1 "$url" >pipe 2>err
cat <pipe 9>&- >got &
reader=$!
exec 9>&-
wait "$spawned"
is 'a reader that reads late gets all' "$?" 0
wait "$reader"
ok 'each line once, behind what was in the pipe' sh -c \
	'tail -n 40000 got | cmp - origin'
rlogfetch -1 "$url" 2>err | head -n 1 >got
is 'a reader that has ended is no crash' "$(cat err)" \
	'rlogfetch: fatal: unable to write to standard output: Broken pipe'

# Without descriptors 0, 1 and 2 no file of a log becomes one of them.
rlogfetch -1 "$url" closed s4096 n1000 <&- >&- 2>&-
is 'it works without standard descriptors' "$?" 0
ok 'the directory has all lines then' keeps closed
rlogfetch -1 "$url" >&- 2>err
is 'without a directory it needs descriptor 1' "$?" 111
ok 'the message says so' grep -q 'unable to write to standard output' err

done_testing
