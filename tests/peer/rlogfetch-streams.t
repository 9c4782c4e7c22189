#!/bin/sh
# Streams that change below rlogfetch: made anew, and emptied by their limits.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/nats.sh"
needs_nats

nats_run 1
nats_stream RLOG 'rlog.>'
url=nats://$nats/RLOG
seq 1 5000 | rlog t n1000 ./main
cat main/@* main/current 2>/dev/null >origin
head -n 2000 origin | "$tools/publish-lines" "$url/rlog.a" a/x raw 3000 >published
rlogfetch -1 "$url" out
# Made anew: rlogship sends all lines again, in other messages.
nats_api STREAM.DELETE.RLOG >answer
nats_stream RLOG 'rlog.>'
"$tools/publish-lines" "$url/rlog.a" a/x raw 7000 <origin >published
rlogfetch -1 "$url" out 2>err
ok 'a stream that was made anew is told' grep -q 'was made anew' err
cat out/a/x/@* out/a/x/current 2>/dev/null >got
ok 'its lines are there once' cmp got origin
# A stream that drops its oldest messages, before they were read.
nats_api STREAM.CREATE.OLD '{"name":"OLD","subjects":["old.>"],"max_msgs":3,
	"discard":"old","storage":"file"}' >answer
url=nats://$nats/OLD
for part in 1 2; do
	seq $((part * 1000)) $((part * 1000 + 99)) | rlog t "./part$part"
	"$tools/publish-lines" "$url/old.a" b/x raw 1000 <"part$part/current" \
		>published
	rlogfetch -1 "$url" old 2>err
done
ok 'removed messages are told' grep -q \
	'^rlogfetch: warning: OLD: the stream has removed messages [0-9]* to' err
ok 'and that lines may be missing for it' grep -q \
	'^rlogfetch: warning: lines of b/x may be missing: messages ' err
is 'the log says so once, at its place' \
	"$(grep -c '^@[0-9a-f]* rlogfetch: lines may be missing: ' old/b/x/current)" 1
ok 'all other lines are there, in order' sh -c \
	'grep -v "rlogfetch:" old/b/x/current | sort -c'
done_testing
