#!/bin/sh
# Without libnats everything builds, as with STATIC=1, and a link and a feed say
# what is missing.
. "$(dirname "$0")/../lib.sh"
mkdir "$T/src"
tar -C "$top" -cf - Makefile package src tests/tools tests/lib.sh |
	tar -C "$T/src" -xf -
# The make that runs the tests hands down its variables.
build() {
	MAKEFLAGS='' make -s -C "$T/src" BUILD=build COMPAT='' NATS='' \
		CFLAGS=-O0 build/tests/tools/nats-client build/rlogship \
		build/rlogfetch >"$T/make.log" 2>&1 || {
		sed 's/^/# /' "$T/make.log"
		return 1
	}
}
ok 'the client of the tests, rlogship and rlogfetch build' build
client=$T/src/build/tests/tools/nats-client
ok 'it does not need the library' sh -c "! ldd '$client' | grep nats"
is 'opening a link and a feed says what is missing' \
	"$(printf 'open\nfeed 1\n' | "$client" nats://127.0.0.1/S/s)" \
	'fault: this program was built without a library that it needs: libnats, for nats://
fault: this program was built without a library that it needs: libnats, for nats://'
mkdir log
echo '@400000006920000100000000 one' >log/current
is 'rlogship says what is missing, and ends' \
	"$(timeout 60 "$T/src/build/rlogship" -n a nats://127.0.0.1/S/s log 2>&1
	echo $?)" 'rlogship: fatal: unable to send lines to S/s: this program was built without a library that it needs: libnats, for nats://
111'
is 'rlogfetch says what is missing, and ends' \
	"$(timeout 60 "$T/src/build/rlogfetch" nats://127.0.0.1/S 2>&1; echo $?)" \
	'rlogfetch: warning: unable to read S: this program was built without a library that it needs: libnats, for nats://
111'
is 'STATIC=1 does without it' "$(make -C "$top" -pn STATIC=1 2>/dev/null |
	sed -n 's/^NATS :*= *//p')" ''
done_testing
