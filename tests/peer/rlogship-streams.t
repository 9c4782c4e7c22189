#!/bin/sh
# A stream that is purged, deleted and made anew, rolled back, or gone: rlogship
# says what it found, and the lines that are missing are sent again.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/nats.sh"
needs_nats

nats_run 1
url=nats://$nats/RLOG/rlog.a
make_stream() {
	nats_stream RLOG 'rlog.>'
}
number=0
# ship_lines COUNT: adds lines, and sends what is there.
ship_lines() {
	for _ in $(seq "$1"); do
		number=$((number + 1))
		printf '@40000000692000%02x%08x line %d\n' 1 "$number" "$number" \
			>>main/current
	done
	rlogship -1 -b 1k -c cursor -n mx1/a "$url" main 2>err
}
shipped() {
	"$tools/shipped-lines" "$url"
}
label() {
	printf '@400000006920000%d%08x' 1 "$1"
}

mkdir main
make_stream
ship_lines 20
nats_kill 1
cp -R nats/1/store back
nats_start 1
nats_ready
ship_lines 20
nats_kill 1
rm -r nats/1/store
mv back nats/1/store
nats_start 1
nats_ready
ship_lines 5
is 'a stream that was rolled back is waited for: a warning has both labels' \
	"$(cat err)" "rlogship: warning: unable to send lines to RLOG/rlog.a: \
the server lacks messages that the stream had; trying again
rlogship: warning: RLOG/rlog.a has lost lines: they end with $(label 20) \
and ended with $(label 40); sending them again
rlogship: info: RLOG/rlog.a is up to date or takes lines again"
shipped >got
same 'it has all lines once' got main/current

nats_api STREAM.UPDATE.RLOG "$(nats_api STREAM.INFO.RLOG |
	sed 's/.*"config":\({.*}\),"created".*/\1/; s/"deny_purge":true/"x":1/')" \
	>/dev/null 2>&1
nats_api STREAM.DELETE.RLOG >/dev/null
make_stream
ship_lines 5
is 'a stream that was made anew: a warning' "$(cat err)" "rlogship: warning: \
RLOG/rlog.a was made anew or reset; beginning with the oldest line"
shipped >got
same 'it has all lines once' got main/current

# A stream from which messages are removed, as when they are too old.
nats_api STREAM.DELETE.RLOG >/dev/null
nats_api STREAM.CREATE.RLOG '{"name":"RLOG","subjects":["rlog.>"],
	"storage":"file","retention":"limits","num_replicas":1}' >/dev/null
ship_lines 5
nats_api STREAM.PURGE.RLOG >/dev/null
before=$number
ship_lines 5
is 'messages that were removed: nothing is said' "$(cat err)" ''
shipped >got
tail -n +$((before + 1)) main/current >want
same 'the lines since are sent, and no other' got want

# Without a stream it waits, and continues when there is one.
nats_api STREAM.DELETE.RLOG >/dev/null
spawn rlogship -c cursor -n mx1/a "$url" main 2>err
ok 'a stream that is missing is warned of' wait_for 20 \
	grep -q 'unable to send lines to RLOG/rlog.a: ' err
make_stream
has_all() {
	shipped >got
	cmp -s got main/current
}
ok 'when it is there, all lines are sent' wait_for 60 has_all
ok 'it says that it continues' wait_for 20 grep -q 'takes lines again' err
kill "$spawned"
wait "$spawned"
done_testing
