#!/bin/sh
# rlogread gives the lines that a slow and simple reader gives, which is written
# from the manual pages: random logs of all stamps, with and without windows, -n,
# forms, several directories, cursors and standard input.
# CRASH_LONG=1: 5000 cases instead of 150; SEED: others.
. "$(dirname "$0")/../lib.sh"

cases=150
[ -z "${CRASH_LONG:-}" ] || cases=5000
"$top/tests/tools/compare-rlogread.py" "$cases" "${SEED:-1}" >out
ok "the reference reader has compared $cases cases" \
	grep -q "^$cases cases, [0-9]* runs" out
is 'rlogread never differs' "$(grep '^seed' out | head -n 10)" ''
tail -n 1 out | sed 's/^/# /'
done_testing
