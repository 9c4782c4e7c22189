#!/bin/sh
# rlog under a limit of memory, as softlimit sets it: it says which limit there
# is and which one the script needs, and runs under that.
. "$(dirname "$0")/../lib.sh"

case $(ldd "$BUILD/rlog") in
*asan*)
	skip "a sanitizer's shadow of the memory is above any limit" 1
	done_testing
	;;
esac

# limited BYTES DIRECTIVE...: one line to rlog under this limit.
limited() {
	bytes=$1
	shift
	echo line | softlimit -m "$bytes" rlog "$@" 2>err
}

# A shared C library is mapped before rlog runs, so less is no test of rlog.
needs() {
	limited 3000000 "$@"
	is "$1 ...: with 3 megabytes: exit 111" $? 111
	set -- "$(sed -n 's/.*is limited to 3000000 bytes (softlimit, ulimit): .*needs \([0-9]*\)$/\1/p' err)" "$@"
	ok "$2 ...: the message has the limit, and the one that is needed" \
		test "$1"
	limited "$@"
	is "$2 ...: with that, exit 0, and no message" "$? $(cat err)" '0 '
	shift
	while [ "${1#./}" = "$1" ]; do
		shift
	done
	ok "rlog: the line is in $1" grep -q 'line$' "$1/current"
}
needs t ./plain
needs v ./safe p: ./marked 'pa ' ./both
# shellcheck disable=SC2046 # one directory a word
needs t $(seq -f ./many%g 1 60)
limited 8000000 t J ./none
is "with room there is no message" "$? $(cat err)" '0 '
done_testing
