#!/bin/sh
# Where a follower begins: with the last 10 lines, as tail does, unless -n, -S
# or -c name another place; a pipe has no last lines and is read as a whole.
. "$(dirname "$0")/../lib.sh"

# log DIR N: a log directory whose lines are named 1 to N, in two files.
log() {
	mkdir "$1"
	seq "$2" | while read -r n; do
		printf '@40000000692000%02x00000000 %s\n' "$n" "$1$n"
	done >lines
	head -n 5 lines >"$1/@400000006920000500000000.s"
	tail -n +6 lines >"$1/current"
}

texts() {
	cut -d' ' -f2- "$1" | tr '\n' ' ' | sed 's/ $//'
}
has() {
	[ "$(texts out)" = "$1" ]
}

# begins DESCRIPTION TEXTS OPTION...: what a follower writes first. It writes
# all of that before it waits, hence before the line that is appended.
begins() {
	what=$1
	want=$2
	shift 2
	: >out
	spawn sh -c 'exec rlogread -f "$@" >out 2>err' - "$@"
	ok "$what" wait_for 30 has "$want" || sed 's/^/# /' out err
	kill -s TERM "$spawned"
	wait_for 30 gone "$spawned"
}

log a 15
log few 7
begins '-f: the last 10 lines' 'a6 a7 a8 a9 a10 a11 a12 a13 a14 a15' a
begins '-f: fewer lines than 10' 'few1 few2 few3 few4 few5 few6 few7' few
begins '-f -n 2: the last 2 lines' 'a14 a15' -n 2 a
all=$(seq 15 | sed 's/^/a/' | tr '\n' ' ')
begins '-f -n all: all lines' "${all% }" -n all a
begins '-f -n 2 -n all: the last option counts' "${all% }" -n 2 -n all a
begins '-f -n all -n 2: the last option counts' 'a14 a15' -n all -n 2 a
begins '-f -S: all lines of the window' "${all% }" -S @400000006920000100000000 a
begins '-f -c: all lines before there is a cursor' "${all% }" -c cursor a
printf '@400000006920001000000000 a16\n' >>a/current
begins '-f -c: what is new' 'a16' -c cursor a
begins '-f: several directories, 10 in all' \
	'few6 a6 few7 a7 a8 a9 a10 a11 a12 a13 a14 a15 a16' -n 13 few a
begins '-f: several directories' 'few7 a8 a9 a10 a11 a12 a13 a14 a15 a16' a few

: >out
spawn sh -c 'cat lines lines | rlogread -f - >out 2>err'
ok '-f: standard input is read as a whole' \
	wait_for 30 eval '[ "$(wc -l <out)" = 14 ]'
kill -s TERM -- "-$spawned"

: >out
spawn sh -c 'exec rlogread -f -n 0 few >out 2>err'
wait_for 30 eval 'ls -l "/proc/$spawned/fd" | grep -q few/current &&
	asleep "$spawned"'
printf '@400000006920001000000000 new\n' >>few/current
ok '-f -n 0: new lines alone' wait_for 30 has new
kill -s TERM "$spawned"

is '-n all without -f: all lines' "$(rlogread -n all a | wc -l)" 16
is '-n all of a pipe' "$(rlogread -n all <lines | wc -l)" 7
for bad in '' x 1x -1 All; do
	rlogread -n "$bad" a >out 2>err
	is "-n '$bad': exit 100" $? 100
	is "-n '$bad': the sentence" "$(cat err)" \
		"rlogread: fatal: invalid number of lines '$bad': give a number, or all"
done
done_testing
