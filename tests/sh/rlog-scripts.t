#!/bin/sh
# rlog: another script each time it starts, on the same pipe, in the middle of a
# line: its rest goes where its beginning has gone, and to nobody else.
. "$(dirname "$0")/../lib.sh"
needs_linux "without a boot id no line goes on"
mkfifo pipe
exec 3<>pipe

start() {
	spawn sh -c 'exec rlog "$@" <pipe 2>>err 3>&-' sh "$@"
	rlog=$spawned
}
finish() {
	kill -s "$1" "$rlog"
	wait_for 10 gone "$rlog"
}
# It has read all, and waits for more.
read_all() {
	perl -e 'ioctl STDIN, 0x541b, my $n = "    "; exit !!unpack "i", $n' <&3 &&
		asleep "$rlog"
}
# A line that is longer than the ring, so that its beginning is written.
more() {
	perl -e 'print $ARGV[0], "y" x 400_000' "$1" >&3
	wait_for 20 read_all
}
# lives SIGNAL SCRIPT...: the line begins in the first one's life; the others have
# none of it to read, but for the last.
lives() {
	rm -rf a b c err
	sig=$1
	eval "start $2"
	more huge
	shift 2
	while [ $# -gt 0 ]; do
		finish "$sig"
		eval "start d4 $1 4>ready"
		wait_for 10 test -s ready
		shift
	done
	printf 'end\nnext\nhuge 2\n' >&3
	wait_for 20 read_all
	finish TERM
	for d in a b c; do
		[ ! -d $d ] || printf '%s: %s; ' $d \
			"$(tr -s y <$d/current | tr '\n' ' ')"
	done >got
}
first="s1m '-*' '+huge*' ./b '-*' '+x*' ./a"
second="s1m '-*' '+x*' ./a '-*' '+huge*' ./b"
third="s1m '-*' '+x*' ./a '-*' '+next*' ./c '-*' '+huge*' ./b"
for sig in TERM KILL; do
	lives "$sig" "$first" "$second"
	is "$sig: directories in another order" \
		"$(cat got)" "a: ; b: hugeyend huge 2 ; "
	lives "$sig" "$first" "$second" "$third"
	is "$sig: another order, then another directory between them" \
		"$(cat got)" \
		"a: ; b: hugeyend huge 2 ; c: next ; "
	lives "$sig" "$third" "$first" "$second" "$third" "$first"
	is "$sig: five scripts in all orders" \
		"$(cat got)" "a: ; b: hugeyend huge 2 ; c: ; "
done
done_testing
