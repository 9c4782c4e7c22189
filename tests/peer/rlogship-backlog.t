#!/bin/sh
# rlogship while its server is away and the logger goes on: a warning before the
# logger removes lines that were not sent, once; and when the server is back, a
# record in the stream in place of the lines that are gone.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/nats.sh"
needs_nats

nats_run 1
nats_stream RLOG 'rlog.>'
url=nats://$nats/RLOG/rlog.a

# The logger: 16 archives of 2 to 4 KiB, about 290 lines.
mkfifo lines
spawn sh -c 'exec rlog t s4096 n16 ./main <lines'
logger=$spawned
exec 8>lines
# log FIRST LAST: logs numbered lines of 100 bytes.
log() {
	seq -f 'line %094.0f' "$1" "$2" >&8
	wait_for 20 logged "$2"
}
logged() {
	rlogread main | tail -n 1 | grep -q "0$1\$"
}
keeps() {
	rlogread main | grep -q "0$1\$"
}
log 1 300
rlogship -1 -c cursor -n mx1/a "$url" main
rlogread main >want
nats_kill 1
spawn rlogship -c cursor -s status -n mx1/a "$url" main 2>err 8>&-
shipper=$spawned
ok 'the server is away: a warning' wait_for 20 grep -q 'trying again$' err

# half TIMES: the warning was given so often.
half() {
	[ "$(grep -c 'more than half' err)" -eq "$1" ]
}
behind() {
	[ "$(sed -n 's/^behind-bytes //p' status)" -ge "$1" ]
}
log 301 380
ok 'the status file tells how much is not sent' wait_for 30 behind 10000
ok 'less than half of the log is not sent: no more warning' half 0
log 381 480
ok 'more than half is not sent: a warning' wait_for 30 half 1
ok 'before the logger has removed any of it' keeps 301
is 'its words' "$(grep 'more than half' err)" "rlogship: warning: more than \
half of $T/main is not known to be sent: lines are lost if the logger removes \
their files before"
log 481 900
ok 'lines that were not sent are removed' eval '! keeps 301'
ok 'the status file is written again' wait_for 30 behind 30000
ok 'there is no second warning' half 1
is 'the status file has the last line that was acknowledged' \
	"$(sed -n 's/^label //p' status)" "$(tail -n 1 want | cut -d ' ' -f 1)"
ok 'and how long ago it was written' grep -q '^behind-seconds [1-9]' status

# The server is back.
exec 8>&-
wait_for 20 gone "$logger"
rlogread main >rest
echo "missing $(tail -n 1 want | cut -d ' ' -f 1) $(head -n 1 rest |
	cut -d ' ' -f 1)" >>want
cat rest >>want
nats_start 1
nats_ready
shipped() {
	"$tools/shipped-lines" "$url" >got
	cmp -s got want
}
wait_for 40 shipped
same 'a record is in place of the missing lines, and the others follow' got want
# rlogship gets its answer after the lines are in the stream.
wait_for 20 grep -q 'takes lines again' err
kill "$shipper"
wait "$shipper"
is 'what was said' "$(sed 's/@[0-9a-f]*/LABEL/g; s/: unable to find .*;/;/' err)" \
	"rlogship: warning: unable to send lines to RLOG/rlog.a: no server \
answers; trying again
$(grep 'more than half' err)
rlogship: warning: $T/main: lines between LABEL and LABEL are missing: files \
were removed before they were read
rlogship: info: RLOG/rlog.a is up to date or takes lines again"
done_testing
