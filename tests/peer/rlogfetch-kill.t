#!/bin/sh
# rlogfetch, killed at random while it follows a stream and rotates: each line is
# in its directory once, in order. KILLS is how often; the seed is printed.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/nats.sh"
. "$top/tests/kills.sh"
needs_nats
plan_kills 30 400 250

publish() {
	"$tools/publish-lines" "$@" >/dev/null
}
# The lines of one origin, published as long as kills last, in odd messages.
publish_all() {
	i=0
	while [ ! -e ended ]; do
		i=$((i + 1))
		seq $((i * 1000)) $((i * 1000 + 999)) | sed "s,^,$1 line ," >"$1.part"
		cat "$1.part" >>"$1.origin"
		publish "$url/rlog.$1" "$1/smtp" raw $((i * 37 % 3000 + 300)) \
			${2+"$2"} <"$1.part"
	done
}

nats_run 1
nats_stream RLOG 'rlog.>'
url=nats://$nats/RLOG
publish_all a &
a=$!
publish_all b pieces &
b=$!
while read -r pause; do
	rlogfetch "$url" out s4k n100000 2>>err &
	fetcher=$!
	sleep "$pause"
	kill -s KILL "$fetcher"
	wait "$fetcher"
done <pauses 2>/dev/null
: >ended
wait "$a" "$b"
rlogfetch -1 "$url" out s4k n100000 2>>err
is 'the last run takes the rest' "$?" 0
for name in a b; do
	cat out/$name/smtp/@* out/$name/smtp/current >got
	"$top/tests/tools/judge-lines.py" "$name.origin" <got >judged 2>&1
	is "lines of $name: none is lost, doubled, disordered or torn" "$?" 0
	sed 's/^/# /' judged
	ok "$name: archives were made" test \
		"$(find "out/$name/smtp" -name '@*' | wc -l)" -gt 5
done
ok 'nothing was odd' test -z "$(grep -v 'going on' err)"
sed 's/^/# /' err
ok 'no cursor is needed for that' sh -c "rm out/.cursor &&
	rlogfetch -1 '$url' out s4k n100000 &&
	cat out/a/smtp/@* out/a/smtp/current | cmp - a.origin"
done_testing
