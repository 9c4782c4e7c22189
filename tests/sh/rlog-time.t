#!/bin/sh
# rlog, what it does because it is time: by a clock that is a minute ahead after
# each second, or on another day (libfaketime).
. "$(dirname "$0")/../lib.sh"
export TZ=UTC
# Its library comes first, and a sanitizer wants to.
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0
export ASAN_OPTIONS

at() {
	when=$1
	shift
	faketime "$when" rlog "$@"
}
# fast WHEN DIRECTIVE...: gets lines through descriptor 3.
fast() {
	when=$1
	shift
	exec 3<>pipe
	spawn sh -c 'when=$1; shift
		exec faketime -f "$when x60" rlog "$@" <pipe 2>>err 3>&-' \
		sh "$when" "$@"
	rlog=$spawned
}
finish() {
	exec 3>&-
	ok "$1" wait_for 20 gone "$rlog"
}
archives() {
	find "$1" -name '@*' | wc -l
}
has() {
	[ "$(archives "$1")" = "$2" ]
}

if ! echo x | at '2040-01-02 03:04:05' T ./try 2>err ||
	! grep -q '^2040-01-02T03:04:0[5-9]' try/current; then
	skip "no other clock: $(head -n 1 err)" 19
	done_testing
fi
mkfifo pipe gate

# A.
mkdir a
fast +0 A1m n100 ./a
echo x >&3
wait_for 10 test -s a/current
: >a/@400000005000000000000000.s
ok "A: old archives are removed after a minute without input" \
	wait_for 20 has a 0
: >a/@400000005000000000000001.s
ok "A: old archives are removed after another minute" wait_for 20 has a 0
finish "A: it ends"

# A processor that hangs; ./a tells when a minute is over.
fast +0 A1m ./a A0 s4096 n100 '!cat <../gate >/dev/null; cat' ./p
seq 10000 10400 >&3
told() { grep -q 'processor' err; }
ok "a processor that hangs is told of" wait_for 20 told
is "a warning tells of a processor that runs for a minute" \
	"$(cat err)" "rlog: warning: the processor of \
$(echo ./p/@*.u) has been running for 60 seconds: the next rotation waits for it"
for _ in 1 2 3; do
	: >a/@400000005000000000000000.s
	wait_for 20 has a 0
done
is "a processor that hangs: one warning" "$(wc -l <err)" 1
seq 1 100 >&3
ok "a processor that hangs: lines are written meanwhile" \
	wait_for 20 grep -qx 100 p/current
: >gate
wait_for 20 has p 1
finish "a processor that hangs: rlog ends after it"
cat p/@* p/current >out
(seq 10000 10400 && seq 1 100) >want
same "a processor that hangs: no line is lost" out want

# R over restarts.
for line in 'R1d 2030-01-01 00:00:05' 'R1d 2030-01-01 23:59:50' \
	'R1d 2030-01-02 00:00:05' 'R1h 2030-01-01 10:00:05' \
	'R1h 2030-01-01 10:59:50' 'R1h 2030-01-01 11:00:05' \
	'R7h 2030-01-01 06:59:00' 'R7h 2030-01-01 13:58:50' \
	'R7h 2030-01-01 13:59:05'; do
	directive=${line%% *}
	echo "${line#* }" | at "${line#* }" T "$directive" "./$directive"
	echo "$(archives "$directive") $(wc -l <"$directive/current")" \
		>>"$directive.seen"
done
for directive in R1d R1h R7h; do
	case $directive in
	R7h) what="it ends so long after its first line" ;;
	*) what="it ends on the clock's boundary" ;;
	esac
	is "$directive: over restarts $what" \
		"$(tr '\n' ' ' <$directive.seen)" "0 1 0 2 1 1 "
done

# R while lines come: midnight is exactly between two of them. They are there
# before rlog, whose clock has 3 seconds left in which it must have started.
spawn sh -c 'while echo line; do :; done >pipe' 3>&-
writer=$spawned
fast '@2030-01-01 23:57:00' T R1d s1g ./day
ok "R: a day ends while lines come" wait_for 20 has day 1
kill -s TERM -- "-$writer"
wait_for 10 gone "$writer"
finish "R: it ends"
is "R: all lines of that day are in the archive" \
	"$(cut -c 1-10 day/@*.s | sort -u)" 2030-01-01
is "R: all lines of the next day are in current" \
	"$(cut -c 1-10 day/current | sort -u)" 2030-01-02
# Nothing comes any more, and it ends on its boundary.
exec 3<>pipe
echo x >&3
fast '@2030-01-01 10:57:00' T R1h ./hour
ok "R: an hour ends though nothing comes" wait_for 20 has hour 1
is "R: the archive of an idle hour has the line" \
	"$(cut -c 1-13 hour/@*.s)" 2030-01-01T10
finish "R: rlog ends after an idle hour"
done_testing
