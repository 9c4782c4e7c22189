#!/bin/sh
# Messages to rsyslog: each field and each byte arrives; without a queue, rsyslog
# keeps what it has acknowledged when it is killed, and with one in memory not.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/rsyslog.sh"

needs_rsyslog
rsyslog_example >example.conf
ok "rsyslog takes the example" \
	rsyslog_check "$top/doc/examples/relp/rsyslog.conf"

# conf QUEUE ACTION...: prints a configuration.
conf() {
	cat <<-CONF
		global(workDirectory="$T/work")
		module(load="imrelp")
		module(load="mmpstrucdata")
		input(type="imrelp" port="$rsyslog_port" address="127.0.0.1")
		template(name="ids" type="string"
			string="%\$!rfc5424-sd!rlog@32473!id%\\n")
		template(name="texts" type="string" string="%msg%\\n")
		template(name="fields" type="list") {
			property(name="pri")
			constant(value=" ")
			property(name="timestamp" dateFormat="rfc3339")
			constant(value=" ")
			property(name="hostname")
			constant(value=" ")
			property(name="app-name")
			constant(value=" ")
			property(name="procid")
			constant(value=" ")
			property(name="msgid")
			constant(value=" ")
			property(name="structured-data")
			constant(value="\\n")
		}
		main_queue($1)
	CONF
	shift
	for action in "$@"; do
		echo "action($action)"
	done
}
# to_file NAME: an action that writes by the template NAME to the file.
to_file() {
	echo "type=\"omfile\" file=\"$T/$1\" template=\"$1\""
}
stored_are() {
	[ "$(count "$1")" -ge "$2" ]
}

# What rsyslog parses.
conf '' 'type="mmpstrucdata"' "$(to_file ids)" "$(to_file texts)" \
	"$(to_file fields)" >fields.conf
rsyslog_start fields.conf
perl -e '
	print "two  spaces  \n", " begins\n", "#011 \\x09 \\ %s \" ] [\n",
		"caf\xc3\xa9 \xf0\x9f\x98\x80\n", "x" x 7000, "\n"' >plain
is "rsyslog acknowledges texts" "$(RELP_ID='a"b\c]d=' relp_send <plain)" \
	"sent 5"
ok "and stores them" wait_for 20 stored_are fields 5
same "the texts are as they were sent" texts plain
for n in 1 2 3 4 5; do
	printf '%s\n' "a\"b\\c]d=$n"
done >want
same "quote, backslash and bracket in an id are restored" ids want
is "the fields of a message" "$(sed -n 2p fields)" \
	'134 2026-11-20T23:19:54.123456Z mx1 test - line [rlog@32473 id="a\"b\\c\]d=2" label="@400000006b00f8240000000a"]'

# Bytes that RFC 5424 or rsyslog would change are escaped, and said to be.
perl -e 'print join("", map { chr } 0 .. 9, 11 .. 255), "\n"' >bytes
relp_send <bytes >sent
ok "a line of all bytes is stored" wait_for 20 stored_are fields 6
ok "it is marked as escaped" grep -q 'escaped="1"\]$' fields
is "its bytes are restored" "$(tail -n 1 texts | perl -ne '
	s/\\(?:x([0-9a-f]{2})|(\\))/defined $1 ? chr hex $1 : $2/ge; print' |
	cksum)" "$(cksum <bytes)"

# Lines of every length around that of a message, and far beyond.
perl -e 'print chr(97 + $_ % 26) x $_, "\n"
	for 7900 .. 8100, 20000, 300000' >long
: >texts
: >ids
before=$(count fields)
sent=$(relp_send <long)
after=$((before + ${sent#sent }))
ok "long lines are sent in parts" test "${sent#sent }" -gt 300
ok "all parts are stored" wait_for 20 stored_are fields "$after"
is "no byte of them is missing" "$(tr -d '\n' <texts | cksum)" \
	"$(tr -d '\n' <long | cksum)"
is "each part has an id of its own" "$(sort ids | uniq -d)" ""
for mark in rest cut; do
	is "the parts with $mark=\"1\" are as many as those after the first" \
		"$(grep -c " $mark=\"1\"" fields)" \
		"$(grep -c 'id="mx1/test/[0-9]*/' fields)"
done
is "rsyslog has cut no message" "$(grep -c 'too long' rsyslog.log)" 0
rsyslog_end

# Messages that wait for a peer that is down, when rsyslog is killed.
down="type=\"omfwd\" target=\"127.0.0.1\" port=\"$(free_port)\" protocol=\"tcp\"
	action.resumeRetryCount=\"-1\""
disk='queue.type="Disk" queue.filename="q" queue.checkpointInterval="1"
	queue.syncqueuefiles="on"'
lost_of() {
	rm -rf work ids texts
	mkdir work
	conf "$1" "$down" >down.conf
	conf "$1" 'type="mmpstrucdata"' "$(to_file ids)" >up.conf
	rsyslog_start down.conf
	seq 200 | relp_send
	rsyslog_kill
	rsyslog_start up.conf
	# The last one of the queue.
	echo | RELP_ID=end relp_send
	wait_for 60 grep -q '^end1$' ids
	grep -v end ids | sort -u | wc -l
	rsyslog_end
}
is "a queue in memory loses 200 of 200 messages that it has acknowledged" \
	"$(lost_of '' | xargs)" "sent 200 sent 1 0"
is "a queue on disk keeps 200 of 200" "$(lost_of "$disk" | xargs)" \
	"sent 200 sent 1 200"

# Kills of the example at random, while messages are sent.
kills=${CRASH_LONG:+20}
kills=${kills:-4}
lines=$((kills * 3000))
rm -rf work
mkdir work
seq "$lines" >numbers
rsyslog_start example.conf
relp_send 20000 <numbers >sent &
sender=$!
for n in $(seq "$kills"); do
	at=$(perl -e 'print $ARGV[0] * 2500 - int rand 2000' "$n")
	wait_for 100 stored_are stored "$at"
	rsyslog_kill
	rsyslog_start example.conf
done
wait "$sender"
is "all messages are acknowledged at last" "$(tail -n 1 sent)" "sent $lines"
ok "and stored" wait_for 60 grep -q "\"mx1/test/$lines\"" stored
rsyslog_end
sed -n 's/.*id="mx1\/test\/\([0-9]*\)".*/\1/p' stored >ids
sort -nu ids >unique
same "no message is lost in $kills kills" unique numbers
doubled=$(($(count ids) - lines))
echo "# $doubled of $lines messages are doubled in $kills kills," \
	"$(grep -c 'connection broke' sent) of them in a batch"
ok "not more than 128 are doubled by a kill" test "$doubled" -le $((kills * 128))
done_testing
