#!/bin/sh
# rlogsess -o metrics: counters of sessions, which go on over runs, whatever
# happened to the run before.
. "$(dirname "$0")/../lib.sh"
export TZ=UTC
sample=$top/tests/samples/smtpd.log

cat >log <<'END'
2026-11-20T22:00:00.000Z tcpserver: pid 7 from 192.0.2.7
2026-11-20T22:00:00.250Z 7 > 220 mx 
2026-11-20T22:00:00.500Z 7 < STARTTLS 
2026-11-20T22:00:00.500Z 7 > 220 go 
2026-11-20T22:00:00.500Z 7 : TLS TLSv1.3 CIPHER
2026-11-20T22:00:00.500Z 7 < MAIL FROM:<a@example.org> 
2026-11-20T22:00:00.600Z 7 > 250-first 
2026-11-20T22:00:00.600Z 7 > 250 ok 
2026-11-20T22:00:00.600Z 7 < RCPT TO:<b@example.org> 
2026-11-20T22:00:00.600Z 7 > 550 no 
2026-11-20T22:00:00.600Z 7 < QUIT 
2026-11-20T22:00:00.600Z 7 > 221 bye 
2026-11-20T22:00:01.000Z 7 < [EOF]
2026-11-20T22:00:01.000Z 7 > [EOF]
2026-11-20T22:00:01.000000001Z tcpserver: end 7 status 0
2026-11-20T22:10:00.000Z 8 : TLS "}\x0a# 
2026-11-20T22:10:00.000Z 8 : TLS "} x
2026-11-20T22:10:00.000Z 8 > [EOF]
2026-11-20T22:10:00.000Z 8 < [EOF]
2026-11-20T22:20:00.000Z 9 : TLS
2026-11-20T22:20:00.000Z 9 > [EOF]
2026-11-20T22:20:00.000Z 9 < [EOF]
END
rlogsess -o metrics log | grep -v '^#' >got
cat >want <<'END'
rlogsess_sessions_total{outcome="denied"} 0
rlogsess_sessions_total{outcome="bad"} 0
rlogsess_sessions_total{outcome="open"} 0
rlogsess_sessions_total{outcome="refused"} 1
rlogsess_sessions_total{outcome="fine"} 2
rlogsess_session_seconds_bucket{le="0.1"} 2
rlogsess_session_seconds_bucket{le="0.3"} 2
rlogsess_session_seconds_bucket{le="1"} 2
rlogsess_session_seconds_bucket{le="3"} 3
rlogsess_session_seconds_bucket{le="10"} 3
rlogsess_session_seconds_bucket{le="30"} 3
rlogsess_session_seconds_bucket{le="100"} 3
rlogsess_session_seconds_bucket{le="300"} 3
rlogsess_session_seconds_bucket{le="1000"} 3
rlogsess_session_seconds_bucket{le="+Inf"} 3
rlogsess_session_seconds_sum 1.000000001
rlogsess_session_seconds_count 3
rlogsess_client_wait_seconds_total 0.650000000
rlogsess_server_wait_seconds_total 0.350000000
rlogsess_bytes_total{direction="in"} 64
rlogsess_bytes_total{direction="out"} 46
rlogsess_messages_total 0
rlogsess_message_bytes_total 0
rlogsess_replies_total{class="1xx"} 0
rlogsess_replies_total{class="2xx"} 4
rlogsess_replies_total{class="3xx"} 0
rlogsess_replies_total{class="4xx"} 0
rlogsess_replies_total{class="5xx"} 1
rlogsess_tls_sessions_total{version="TLSv1.3"} 1
rlogsess_tls_sessions_total{version="__"} 1
rlogsess_tls_sessions_total{version="-others"} 0
rlogsess_tls_sessions_total{version="-unseen"} 1
END
same "the counters of three sessions" got want
ok "each has a type and a text of help" sh -c '
	rlogsess -o metrics log | awk "/^# HELP/ { help[\$3] } /^# TYPE/ { type[\$3] }
		!/^#/ { sub(/[{ ].*/, \"\"); sub(/_(bucket|sum|count)\$/, \"\");
			if (!(\$0 in help) || !(\$0 in type)) exit 1 }"'
is "an empty log: counters are there, and 0" \
	"$(rlogsess -o metrics </dev/null | grep -vc '^#\| 0$\| 0.000000000$')" 0
for option in '-n 5' -M '-M -n 5'; do
	# shellcheck disable=SC2086 # one or two words
	rlogsess $option -o metrics log >got 2>err
	is "$option: exit 100" "$?" 100
done

# As one run counts all, a log that is cut anywhere is counted.
counters() {
	rlogsess -L djb -c cursor -k state -o metrics log
}
rm log
late='@4000000080000000000001f4 tcpserver: status: 0/30'
{
	cat "$sample"
	echo "$late"
} | rlogsess -o metrics | grep -v 'outcome="open"' >want
lines=$(wc -l <"$sample")
bad=
cut=1
while [ $cut -lt "$lines" ]; do
	rm -rf log state* cursor*
	mkdir log
	head -n $cut "$sample" >log/current
	counters >/dev/null
	tail -n +$((cut + 1)) "$sample" >>log/current
	counters >/dev/null
	echo "$late" >>log/current
	counters | grep -v 'outcome="open"' >got
	cmp -s want got || bad="$bad $cut"
	cut=$((cut + 5))
done
is "three runs count what one counts, cut at any line" "$bad" ''
counters | grep -v 'outcome="open"' >got
same "a run without new lines changes nothing" got want

# A run is killed at each of the renames that save it, or has no room to write.
killed() {
	rm -rf log state* cursor*
	mkdir log
	head -n 30 "$sample" >log/current
	counters >/dev/null
	tail -n +31 "$sample" >>log/current
	echo "$late" >>log/current
	"$@" >/dev/null 2>&1
	counters | grep -v 'outcome="open"' >got
	same "counters are exact after: $what" got want
}
if strace -o /dev/null true 2>/dev/null; then
	for nth in 1 2 3; do
		what="a kill at rename $nth of 3"
		killed strace -o trace -e trace=rename,renameat,renameat2 -e \
			inject=rename,renameat,renameat2:signal=KILL:when=$nth \
			rlogsess -L djb -c cursor -k state -o metrics log
		is "rename $nth: it was killed there" \
			"$(grep -c '^rename' trace) $(tail -n 1 trace)" \
			"$nth +++ killed by SIGKILL +++"
	done
	killed true
	is "there are three renames" "$(strace -o trace \
		-e trace=rename,renameat,renameat2 rlogsess -L djb -c cursor \
		-k state -o metrics log >/dev/null; grep -c '^rename' trace)" 3
else
	skip "kills at each rename: strace does not work here" 8
fi
full() {
	rlogsess -L djb -c cursor -k state -o metrics log >/dev/full
	code=$?
}
what="output that could not be written"
killed full
is "no room for the output: exit 111" "$code" 111
what="staged positions of another run"
stage() {
	echo other >cursor.next
}
killed stage

# Open sessions that another form carries are not in them twice, either.
both() {
	rlogsess -L djb -c cursor -k state -o json log
}
rm -rf log state* cursor*
mkdir log
head -n 30 "$sample" >log/current
both >/dev/null
cp cursor cursor.old
tail -n +31 "$sample" >>log/current
both >/dev/null
mv cursor cursor.next
mv cursor.old cursor
echo "$late" >>log/current
both >got
is "json: a position that was not committed is that of the state" \
	"$(tr ',' '\n' <got | grep -c '"pid":4711')" 1

# The example for node_exporter.
example() {
	COLLECTOR=collector STATE=kept \
		"$top/doc/examples/node-exporter/rlogsess-metrics" log
}
mkdir collector
ok "the example: it runs" example
is "the example: the collector gets one file, that others can read" \
	"$(ls collector) $(stat -c %a collector/*)" 'rlogsess.prom 644'
cp collector/rlogsess.prom first
ok "the example: it runs again" example
same "the example: counters do not count twice" collector/rlogsess.prom first
(
	exec 9>kept/lock
	flock 9
	rm collector/*
	example
)
is "the example: nothing while another one runs" "$(ls collector)" ''
rm kept/state
mkdir kept/state
example 2>/dev/null
is "the example: exit 111 if rlogsess fails" "$?" 111
is "the example: the collector gets no file then" "$(ls collector/*.prom 2>/dev/null)" ''

counters >/dev/null 2>&1
rm -f state cursor
counters >/dev/null
both >/dev/null 2>err
is "another form refuses a state with counters" "$?" 111
last=$(sed -n 's/^+ metric \([0-9]*\) .*/\1/p' state | tail -n 1)
sed -e 's/^+ others .*/+ others 7/' -e '/^+ others/i + tls 41 TLSv1.3' \
	state >versions
rlogsess -k versions -o metrics /dev/null >out
is "a state keeps versions of TLS, and those beyond its table" "$(sed -n \
	's/^rlogsess_tls.*"\(TLSv1.3\|-others\)"} //p' out | xargs)" '41 7'
sed "s/^+ metric 0 .*/+ metric $((last + 1)) 1/" state >odd
rlogsess -k odd -o metrics log >/dev/null 2>err
is "a state with an unknown counter is refused" "$?" 111
is "it says so" "$(cat err)" \
	"rlogsess: fatal: odd holds no state of rlogsess; give -k the name of a new file"
done_testing
