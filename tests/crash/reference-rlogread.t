#!/bin/sh
# rlogread gives the lines that a slow and simple reader gives, which is written
# from the manual pages: random logs of all stamps, with and without windows, -n,
# forms, several directories, cursors and standard input.
# CRASH_LONG=1: 5000 cases instead of 150; SEED: others.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/crash/reference.sh"

compare_with_reference rlogread 150
done_testing
