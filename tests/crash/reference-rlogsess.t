#!/bin/sh
# rlogsess shows the sessions that a slow and simple grouper finds, which is
# written from the manual pages: random logs of servers, loggers and stamps, with
# process IDs that are used again, logs that are cut off, and several sources.
# CRASH_LONG=1: 5000 cases instead of 100; SEED: others.
. "$(dirname "$0")/../lib.sh"

cases=100
[ -z "${CRASH_LONG:-}" ] || cases=5000
"$top/tests/tools/compare-rlogsess.py" "$cases" "${SEED:-1}" >out
ok "the reference grouper has compared $cases cases" \
	grep -q "^$cases cases, [0-9]* runs" out
is 'rlogsess never differs' "$(grep '^seed' out | head -n 10)" ''
tail -n 1 out | sed 's/^/# /'
done_testing
