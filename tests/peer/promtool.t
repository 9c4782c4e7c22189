#!/bin/sh
# promtool of Prometheus finds no fault in the counters of rlogsess -o metrics:
# of no session, of many, of TLS, and of hostile names of versions.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/peer/unpacked.sh"
if ! unpacked prometheus; then
	skip "promtool needs Debian's prometheus from package/deps" 8
	done_testing
	exit
fi
promtool=$T/prometheus/usr/bin/promtool

check() {
	rlogsess -o metrics "$@" >got || return
	"$promtool" check metrics <got >out 2>&1
}
ok "no session" check /dev/null
is "no session: nothing to say" "$(cat out)" ''
ok "a log" check "$top/tests/samples/smtpd.log"
is "a log: nothing to say" "$(cat out)" ''
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 \
	26 27 28 29 30 31 32 33 34; do
	printf '%s : TLS v%s"\\}\n%s > [EOF]\n%s < [EOF]\n' $i $i $i $i
	printf '%s : TLS v%s"\\} x\n' $((i + 100)) $i
done >log
ok "versions of TLS with odd bytes" check log
is "versions of TLS: nothing to say" "$(cat out)" ''
is "versions of TLS: the most that are told apart, and the rest" \
	"$(grep -c 'version="v' got) $(grep others got)" \
	'32 rlogsess_tls_sessions_total{version="-others"} 2'
sed 's/^# TYPE.*bytes_total.*/# TYPE rlogsess_bytes_total gauge/' got |
	"$promtool" check metrics >out 2>&1
ok "promtool finds faults" test "$?" -ne 0
done_testing
