#!/bin/sh
# rlogfetch, killed before and after each system call of its main thread, and
# started again: each line is in its directory once, in order. The short form
# takes a sample of the calls, CRASH_LONG=1 all of them; KILLS is how many.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/nats.sh"
needs_nats

# fetch COMMAND...: has rlogfetch take all that the stream has. A processor works
# on each archive.
fetch() {
	"$@" -1 "$url" out s4096 n1000 "!tr '[:lower:]' '[:upper:]'"
}
# holds NAME: the directory has the lines of the origin, as the processor and
# current have them.
holds() {
	cat "out/$1/smtp"/@* "out/$1/smtp/current" 2>/dev/null |
		tr '[:upper:]' '[:lower:]' | cmp - "$1.origin"
}

nats_run 1
nats_stream RLOG 'rlog.>'
url=nats://$nats/RLOG
seq 1000 4000 | sed 's/^/line /' >a.origin
{
	seq 1000 1300
	head -c 9000 /dev/zero | tr '\0' x
	echo
	seq 2000 2300
} >b.origin
"$tools/publish-lines" "$url/rlog.a" a/smtp raw 1500 <a.origin >published
"$tools/publish-lines" "$url/rlog.b" b/smtp raw 777 pieces <b.origin >published
fetch "$tools/stop-at" -l -o list rlogfetch 2>err
stops=$(wc -l <list)
ok 'a whole run makes more than 200 calls' test "$stops" -gt 400
ok 'it takes all lines of the one log' holds a
ok 'and of the other one' holds b
kills=${KILLS:-${CRASH_LONG:+$stops}}
kills=${kills:-20}
echo "# $stops stops, $kills kills"
: >wrong
sent=0
for i in $(seq "$kills"); do
	stop=$(((i * stops - i % 7) / kills))
	rm -rf out
	fetch "$tools/stop-at" -o said "$stop" rlogfetch 2>err
	case $(cat said) in
	sent*) sent=$((sent + 1)) ;;
	'ended 0'*) ;;
	*) echo "stop $stop: $(cat said)" >>wrong ;;
	esac
	fetch rlogfetch 2>err || echo "stop $stop: status $?: $(cat err)" >>wrong
	[ ! -s err ] || echo "stop $stop: $(cat err)" >>wrong
	holds a >differs && holds b >>differs ||
		echo "stop $stop: $(cat said): $(cat differs)" >>wrong
done
ok 'nearly all were killed' test "$sent" -gt $((kills * 3 / 4))
is 'after each kill all lines are there once' "$(cat wrong)" ''
done_testing
