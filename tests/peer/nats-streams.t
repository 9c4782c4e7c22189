#!/bin/sh
# doc/examples/nats makes streams on a server of its own and on a cluster, and
# tests/nats.sh kills, stops and starts servers.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/nats.sh"
needs_nats

# has NAME WORDS...: the last answer has each of the words.
has() {
	has_what=$1
	shift
	for word; do
		grep -qF -- "$word" nats/answer || {
			report 1 "$has_what"
			sed 's/^/# /' nats/answer
			echo "# without: $word"
			return
		}
	done
	report 0 "$has_what"
}

nats_prepare 1
ok 'without a server jetstream-api says so' sh -c \
	"! '$nats_examples/jetstream-api' '$nats' '\$JS.API.INFO' 2>message &&
	grep -q 'unable to connect' message"
nats_start 1
ok 'a server is ready' nats_ready
nats_stream RLOG 'rlog.>'
is 'make-stream makes a stream' "$?" 0
has 'the stream is on disk, bounded, and refuses deletions' \
	'"name":"RLOG"' '"subjects":["rlog.\u003e"]' '"storage":"file"' \
	'"retention":"limits"' '"discard":"new"' '"max_bytes":10737418240' \
	'"max_age":2592000000000000' '"duplicate_window":120000000000' \
	'"max_msg_size":1048576' '"deny_delete":true' '"deny_purge":true' \
	'"num_replicas":1'
nats_stream SESS 'sess.>' -s -a 1 -b 1000000 -w 5 -m 2048
has 'the options of make-stream are those of the stream' \
	'"max_msgs_per_subject":1' '"discard_new_per_subject":true' \
	'"max_age":86400000000000' '"max_bytes":1000000' \
	'"duplicate_window":5000000000' '"max_msg_size":2048'
nats_api STREAM.DELETE.NONE >nats/answer
is 'an error of the API is exit status 1' "$?" 1
has 'the answer says which error' '"err_code":10059'
nats_kill 1
nats_start 1
nats_ready
is 'a stream is there again after kill -9' "$(nats_last RLOG)" 0
nats_kill 1

nats_prepare 3
nats_start 1 2 3
ok 'a cluster is ready' nats_ready
nats_stream RLOG 'rlog.>'
has 'a stream has three replicas' '"num_replicas":3' '"leader":'
nats_stop 3
nats_continue 3
nats_kill 1
nats_by_others nats_api STREAM.INFO.RLOG >others || {
	cat others
	nats_start 1
}
ok 'two of three servers answer for the stream, or all three again' \
	wait_for 60 nats_api STREAM.INFO.RLOG
done_testing
