#!/bin/sh
# rlogship and rlogfetch while their stream is purged, deleted, made anew and
# rolled back to an older state, and while it drops its messages by age or as
# soon as they are read: no line is missing and none is doubled, and it is said.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/nats.sh"
needs_nats

# make_stream STREAM SETTINGS: makes a stream that may be purged; SETTINGS are
# members of its configuration.
make_stream() {
	nats_api "STREAM.CREATE.$1" "{\"name\":\"$1\",\"subjects\":[\"$1.>\"],
		\"storage\":\"file\",\"num_replicas\":1${2:+,$2}}" >made || cat made
}
# Adds the lines $2 to $3 to the log $1, and waits until they are there.
add_lines() {
	seq "$2" "$3" | sed 's/^/line /' | rlog t s10000 n1000 "./$1"
}
# ship STREAM LOG: sends what is there; what it says is added to LOG.err.
ship() {
	timeout 300 rlogship -1 -b 4k -c "$2.cursor" -n "h/$2" \
		"nats://$nats/$1/$1.$2" "$2" 2>>"$2.err"
}
# judged STREAM LOG [FIRST]: what the judge says of the lines from FIRST on.
judged() {
	rlogread "$2" | tail -n "+${3:-1}" >"$2.lines"
	"$top/tests/tools/read-stream.py" "$nats" "$1" |
		"$top/tests/tools/judge-lines.py" "$2.lines" "h/$2" 2>findings
	sed 's/^/# /' findings
}
# says WORDS LOG: something that rlogship said has these words.
says() {
	grep -q -- "$1" "$2.err"
}

nats_run 1

make_stream PURGED
add_lines purged 1 300
ship PURGED purged
is 'a stream has all lines' "$(judged PURGED purged)" "$(all_once 300)"
nats_api STREAM.PURGE.PURGED >answer
add_lines purged 301 400
ship PURGED purged
is 'after a purge the lines since then are sent, and no others' \
	"$(judged PURGED purged 301)" "$(all_once 100)"

make_stream DELETED
add_lines deleted 1 300
ship DELETED deleted
nats_api STREAM.DELETE.DELETED >answer
make_stream DELETED
add_lines deleted 301 400
ship DELETED deleted
is 'a stream that was deleted and made anew gets all lines' \
	"$(judged DELETED deleted)" "$(all_once 400)"
ok 'rlogship says that the stream is another one' \
	says 'warning: .*DELETED' deleted

# The same while rlogship runs.
make_stream RUNNING
add_lines running 1 300
spawn sh -c 'exec rlogship -c running.cursor -n h/running "$1" running \
	2>running.err' - "nats://$nats/RUNNING/RUNNING.running"
shipper=$spawned
has_running() {
	[ "$(judged RUNNING running)" = "$(all_once "$1")" ]
}
ok 'a running rlogship sends all lines' wait_for 30 has_running 300
nats_api STREAM.DELETE.RUNNING >answer
add_lines running 301 350
ok 'it says that there is no stream' wait_for 60 says warning running
make_stream RUNNING
ok 'when the stream is made again it gets all lines' \
	wait_for 120 has_running 350
kill -s TERM "$shipper"
wait "$shipper"
is 'SIGTERM ends it' "$?" 0

# roll_back COMMAND...: the server is stopped, its files are saved; then it runs
# the command and gets the saved files back.
roll_back() {
	nats_kill 1
	rm -rf saved
	cp -a "$T/nats/1/store" saved
	nats_start 1
	nats_ready
	"$@"
	nats_kill 1
	rm -rf "$T/nats/1/store"
	cp -a saved "$T/nats/1/store"
	nats_start 1
	nats_ready
}
ship_more() {
	add_lines rolled 301 500
	ship ROLLED rolled
	is 'more lines are in the stream' "$(judged ROLLED rolled)" \
		"$(all_once 500)"
}
make_stream ROLLED
add_lines rolled 1 300
ship ROLLED rolled
timeout 300 rlogfetch -1 "nats://$nats/ROLLED" fetched 2>>fetch.err
roll_back ship_more
is 'the server has lost messages that it had acknowledged' \
	"$(judged ROLLED rolled | sed -n "1s,\(lost [0-9]*\).*,\1,p")" \
	'300 lines, lost 200'
add_lines rolled 501 550
ship ROLLED rolled
is 'lines that the server has lost are sent again, and no others' \
	"$(judged ROLLED rolled)" "$(all_once 550)"
ok 'rlogship says that the server had lost lines' says warning rolled
timeout 300 rlogfetch -1 "nats://$nats/ROLLED" fetched 2>>fetch.err
rlogread fetched/h/rolled >fetched.lines
same 'rlogfetch has each line once' fetched.lines rolled.lines

# Now rlogfetch has taken the lines that the server loses.
fetch_more() {
	add_lines rolled 551 700
	ship ROLLED rolled
	timeout 300 rlogfetch -1 "nats://$nats/ROLLED" fetched 2>>fetch.err
	rlogread fetched/h/rolled >fetched.lines
	rlogread rolled >rolled.lines
	same 'rlogfetch has more lines' fetched.lines rolled.lines
}
roll_back fetch_more
add_lines rolled 701 750
ship ROLLED rolled
is 'again the lost lines are sent again' "$(judged ROLLED rolled)" \
	"$(all_once 750)"
timeout 300 rlogfetch -1 "nats://$nats/ROLLED" fetched 2>>fetch.err
rlogread fetched/h/rolled |
	"$top/tests/tools/judge-lines.py" rolled.lines 2>findings >verdict
is 'rlogfetch has all lines, also if it took some before they were lost' \
	"$(sed 's/,.*lost/ lost/; s/,.*//' verdict | sed 's/^.*lost/lost/')" \
	'lost 0' || sed 's/^/# /' verdict findings fetch.err

# Messages that are older than a second are gone.
make_stream AGED '"max_age":1000000000,"duplicate_window":1000000000'
emptied() {
	nats_api "STREAM.INFO.$1" | grep -q '"messages":0,'
}
add_lines aged 1 300
ship AGED aged
ok 'a stream drops its messages by their age' wait_for 30 emptied AGED
last=$(nats_last AGED)
ship AGED aged
is 'lines that were dropped are not sent again' "$(nats_last AGED)" "$last"
add_lines aged 301 330
# It reads them while they are there: it has asked for them before.
spawn sh -c 'exec rlogfetch "$1" aged.fetched 2>aged.fetch.err' - \
	"nats://$nats/AGED"
fetcher=$spawned
has_asked() {
	nats_api CONSUMER.LIST.AGED | grep -q '"num_waiting":1'
}
ok 'rlogfetch asks for lines' wait_for 30 has_asked
ship AGED aged
rlogread aged | tail -n +301 >aged.lines
has_aged() {
	rlogread aged.fetched/h/aged | tail -n 30 | cmp -s - aged.lines
}
ok 'rlogfetch gets the lines before they are dropped' wait_for 30 has_aged
kill -s TERM "$fetcher"
wait "$fetcher"

# A message is gone when a consumer has acknowledged it.
make_stream QUEUE '"retention":"workqueue"'
add_lines queue 1 300
ship QUEUE queue
nats_api CONSUMER.DURABLE.CREATE.QUEUE.worker '{"stream_name":"QUEUE",
	"config":{"durable_name":"worker","ack_policy":"explicit"}}' >answer
"$top/tests/tools/read-stream.py" -w worker "$nats" QUEUE >taken
rlogread queue >queue.lines
is 'a worker takes all lines from a work queue' \
	"$("$top/tests/tools/judge-lines.py" queue.lines h/queue <taken)" \
	"$(all_once 300)"
ok 'the queue is empty then' wait_for 30 emptied QUEUE
add_lines queue 301 330
ship QUEUE queue
"$top/tests/tools/read-stream.py" -w worker "$nats" QUEUE >>taken
rlogread queue >queue.lines
is 'the queue gets the new lines alone' \
	"$("$top/tests/tools/judge-lines.py" queue.lines h/queue <taken)" \
	"$(all_once 330)"
spawn sh -c 'exec rlogfetch -1 "$1" none 2>queue.err' - "nats://$nats/QUEUE"
refused=$spawned
ok 'rlogfetch refuses to read a work queue' \
	wait_for 30 grep -q QUEUE queue.err
# No `timeout` between: it sends CONT after TERM, which makes the leak checker of a
# sanitizer wait for ever if it is just stopping the threads.
kill -s TERM "$refused"
wait "$refused"
is 'SIGTERM ends what was refused' "$?" 0
done_testing
