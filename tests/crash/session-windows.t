#!/bin/sh
# Random windows over random logs of sessions and messages, beside a filter of
# all of them by their times.
# CRASH_LONG=1: 4000 windows instead of 60; SEED: others.
. "$(dirname "$0")/../lib.sh"

seed=${SEED:-1}
count=60
[ -z "${CRASH_LONG:-}" ] || count=4000
perl "$top/tests/tools/session-windows.pl" $count "$seed" >out
sed '$d; s/^/# /' out
is "$count windows of sessions and messages" "$(tail -n 1 out)" \
	"$count windows, 0 differ, some"
done_testing
