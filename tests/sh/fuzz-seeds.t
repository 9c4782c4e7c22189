#!/bin/sh
# Every fuzz target with its seeds: what was once found stays found.
. "$(dirname "$0")/../lib.sh"

for source in "$top"/tests/fuzz/*/*.c; do
	target=${source#"$top"/tests/fuzz/}
	target=${target%.c}
	seeds=$top/tests/fuzz/seeds/$(echo "$target" | tr / -)
	ok "$target has seeds" test -n "$(ls "$seeds")"
	ok "$target takes its seeds" "$BUILD/tests/fuzz/$target" "$seeds"/*
done
done_testing
