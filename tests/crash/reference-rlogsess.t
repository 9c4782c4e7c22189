#!/bin/sh
# rlogsess shows the sessions that a slow and simple grouper finds, which is
# written from the manual pages: random logs of servers, loggers and stamps, with
# process IDs that are used again, logs that are cut off, and several sources.
# CRASH_LONG=1: 5000 cases instead of 100; SEED: others.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/crash/reference.sh"

compare_with_reference rlogsess 100
done_testing
