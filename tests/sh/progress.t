#!/bin/sh
# Progress of rlogread and rlogsess on a terminal: when it is drawn, what it
# tells, and that nothing of it stays.
. "$(dirname "$0")/../lib.sh"
export TERM=vt100

# A log that is read through a pipe whose writer pauses for more than a second.
numbers() {
	yes '1 > 250 ok' | head -n "$1"
}
pausing() {
	numbers 20000
	sleep 1.2
	numbers 20000
}
on_terminal() {
	"$top/tests/tools/on-terminal.py" "$@" 2>seen
}
# True if the text that was seen ends with as many spaces as the line before has
# characters.
gone() {
	perl -0777 -ne 'my @parts = split /\^M/; my ($line, $spaces) = @parts[-2, -1];
		exit !(@parts > 1 && $spaces =~ /^ *$/ && /\^M$/ &&
			length $spaces >= length $line)' seen
}

pausing | on_terminal rlogread - >out
is "rlogread: all lines arrive" "$(wc -l <out)" 40000
ok "rlogread: bytes and rate are drawn" \
	grep -Eq '^[0-9.]+ kB, [0-9.]+ kB/s\^M' seen
ok "rlogread: nothing stays" gone
numbers 40000 >log
on_terminal rlogread log | {
	dd bs=1 count=1 2>/dev/null >out # rlogread has begun
	sleep 1.2
	cat >>out
}
ok "rlogread: a file: the bytes to read, too" \
	grep -Eq '^[0-9.]+ kB of 440.0 kB, [0-9]+ %, 0:[0-9]+ left, ' seen
mkdir dir
cp log dir/current
on_terminal rlogread dir dir | {
	dd bs=1 count=1 2>/dev/null >out # rlogread has begun
	sleep 1.2
	cat >>out
}
ok "rlogread: directories: the bytes of all of them" \
	grep -Eq '^[0-9.]+ kB of 880.0 kB, ' seen
pausing | on_terminal rlogsess -o stats >out
ok "rlogsess: bytes and rate are drawn" grep -Eq '^[0-9.]+ kB, ' seen
ok "rlogsess: nothing stays" gone
pausing | on_terminal -1 rlogsess -o stats
ok "counts on the same terminal: progress before them" \
	grep -Eq '^[0-9.]+ kB, .*\^Msessions ' seen
pausing | on_terminal -1 rlogread -
is "lines on the same terminal: no progress" "$(grep -c 'kB/s' seen)" 0
pausing | on_terminal -1 rlogsess -o table
is "sessions on the same terminal: no progress" "$(grep -c 'kB/s' seen)" 0
pausing | on_terminal -r rlogread - >out
is "a pager has the terminal: no progress" "$(wc -c <seen)" 0
pausing | on_terminal -b rlogread - >out
is "in the background: no progress" "$(wc -c <seen)" 0
pausing | rlogread - 2>seen >out
is "no terminal: no progress" "$(wc -c <seen)" 0
numbers 100 >log
on_terminal rlogread log >out
is "little work: no progress" "$(wc -c <seen)" 0

# Signals; the writer goes on until the reader is gone.
for signal in INT:130 TERM:143 HUP:129; do
	code=${signal#*:}
	signal=${signal%:*}
	{
		pausing
		yes '1 > 250 ok'
	} | on_terminal -k "$signal" rlogread - >out
	is "SIG$signal: it kills" "$?" "$code"
	ok "SIG$signal: nothing stays" gone
done
{
	pausing
	yes '1 > 250 ok'
} | on_terminal rlogread - | head -n 30000 >out
ok "SIGPIPE: nothing stays" gone
done_testing
