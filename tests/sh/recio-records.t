#!/bin/sh
# The form of records, by option.
. "$(dirname "$0")/../lib.sh"

# Runs recio on stdin, with $program; records without pids.
records() {
	# shellcheck disable=SC2086 # two words
	recio "$@" $program 2>log >/dev/null
	wait_for 10 grep -q '[<>] \[EOF\]$' log
	wait_for 10 grep -q "${last:-> .EOF.}" log
	sed 's/^\(@[0-9a-f]* \)*[0-9]* //' log
}
# An event for the end: the last record of all. The writer may end long after it
# has written, so this program answers after the end of its input.
echo 'undef $/; print <STDIN>' >answer.pl
program='perl answer.pl'
is "lines, a rest, ends" "$(printf 'a\r\n\nb c' | records)" \
	"$(printf '< a\r \n<  \n< b c+\n< [EOF]\n> a\r \n>  \n> b c+\n> [EOF]')"
program='cat'

last='< .EOF.'
in_only() {
	format=$1
	shift
	# shellcheck disable=SC2059 # the format is the test's own
	printf "$format" | records -f in "$@"
}
is "control bytes, DEL and backslash are escaped" \
	"$(in_only 'a\0\033[1m\177\\\\ \t.\n')" \
	"$(printf '< a\\x00\\x1b[1m\\x7f\\\\\\\\ \t. \n< [EOF]')"
is "a CR that is not before a newline is escaped" "$(in_only 'a\rb\r\r\nc\r')" \
	"$(printf '< a\\x0db\\x0d\r \n< c\\x0d+\n< [EOF]')"
is "UTF-8 stays, C1 controls and bad UTF-8 are escaped" \
	"$(in_only '\303\244\342\202\254\360\237\230\200 \302\205 \300\200 \355\240\200 \364\220\200\200 \303')" \
	"$(printf '< \303\244\342\202\254\360\237\230\200 \\xc2\\x85 \\xc0\\x80 \\xed\\xa0\\x80 \\xf4\\x90\\x80\\x80 \\xc3+\n< [EOF]')"
is "controls of direction and separators of lines are escaped" \
	"$(in_only 'a\342\200\256b\330\234\342\201\246 \342\200\250\342\200\217')" \
	"$(printf '< a\\xe2\\x80\\xaeb\\xd8\\x9c\\xe2\\x81\\xa6 \\xe2\\x80\\xa8\\xe2\\x80\\x8f+\n< [EOF]')"
is "data can't look like an end" "$(in_only '[EOF]\n[EOF]')" \
	"$(printf '< [EOF] \n< [EOF]+\n< [EOF]')"
is "-r: bytes are recorded unchanged" \
	"$(in_only 'a\033\\\\\rb\r\n\342\200\256\377' -r)" \
	"$(printf '< a\033\\\\\rb\r \n< \342\200\256\377+\n< [EOF]')"
is "-w: a record has at most that number of bytes" \
	"$(in_only 'abcdefgh\nij\n' -w4)" \
	"$(printf '< abcd+\n< efgh+\n<  \n< ij \n< [EOF]')"
is "-f in: only bytes to the program are recorded" \
	"$(in_only 'x\n')" "$(printf '< x \n< [EOF]')"
last='> .EOF.'
is "-f out: only bytes from the program are recorded" \
	"$(printf 'x\n' | records -f out)" "$(printf '> x \n> [EOF]')"

# Nothing is longer than PIPE_BUF, whatever it is made of, and nothing is lost.
perl -e 'print rand > .1 ? chr(int rand 256) x (1 + rand 3)
	: ("\xd8\x9c", "\xe2\x80\xa8", "\xe2\x80\xae", "\xe2\x81\xa6")[rand 4]
	for 1 .. 200000' >random
display='[\x{61c}\x{200e}\x{200f}\x{2028}-\x{202e}\x{2066}-\x{2069}]'
ok "the next tests can fail" grep -qP "$display" random
for option in '' -r -t -l; do
	recio $option -f in sh -c 'exec cat >/dev/null' <random 2>log
	wait_for 10 grep -qa '< \[EOF\]$' log
	if [ "$option" != -r ]; then
		is "no record over 4096 bytes ($option)" \
			"$(LC_ALL=C awk 'length($0) > 4095' log | wc -l)" 0
		rm -rf bytes && mkdir bytes
		perl "$top/tests/tools/rebuild.pl" bytes <log
		same "all bytes can be rebuilt ($option)" bytes/*.in random
		is "nothing but printable bytes ($option)" \
			"$(LC_ALL=C tr -d '\11\12\15\40-\176\200-\377' <log |
				wc -c)" 0
		is "no control of direction, no separator ($option)" \
			"$(grep -cP "$display" log)" 0
	else
		# A raw NL is the end of a record, so pieces can be counted.
		sed 's/^[0-9]* < //; s/[ +]$//' log | LC_ALL=C awk \
			'length($0) > 4095' >long
		is "no raw record over 4096 bytes" "$(wc -l <long)" 0
	fi
done

# 4095 bytes and a newline that only just don't fit, and all lengths around.
perl -e 'print "x" x $_, "\n" for 4060 .. 4110' >lines
recio -f in sh -c 'exec cat >/dev/null' <lines 2>log
wait_for 10 grep -q '< \[EOF\]$' log
mkdir lengths
perl "$top/tests/tools/rebuild.pl" lengths <log
same "lines about as long as a record" lengths/*.in lines
is "no record over 4096 bytes" "$(awk 'length($0) > 4095' log | wc -l)" 0

# -t: unique, increasing, and right for tai64nlocal.
last='< .EOF.'
before=$(date +%s)
seq 1000 | recio -t -f in sh -c 'exec cat >/dev/null' 2>log
wait_for 10 grep -q '< \[EOF\]$' log
after=$(date +%s)
is "-t: labels are unique and increasing" \
	"$(cut -d' ' -f1 log | sort -u | cut -d' ' -f1 | wc -l)" 1001
ok "lines about as long as a record are in order" sh -c 'LC_ALL=C sort -c log'
shown=$(head -n 1 log | TZ=UTC tai64nlocal | cut -c1-19)
shown=$(date -u -d "$shown" +%s)
ok "-t: daemontools shows the time of now" \
	[ "$shown" -ge "$before" -a "$shown" -le "$after" ]

# -n, and what UCSPI says.
recio -n 5 -f in cat <lines 5>log5 2>log2 >/dev/null
wait_for 10 grep -q '< \[EOF\]$' log5
is "-n: no record goes to standard error" "$(cat log2)" ''
env PROTO=TCP TCPREMOTEIP=192.0.2.7 TCPREMOTEPORT=51234 \
	TCPLOCALIP=2001:db8::1 TCPLOCALPORT=25 \
	recio -v sh -c 'cat >/dev/null' <lines 2>log
wait_for 10 grep -q ' : end ' log
is "-v: the start of the session is recorded" "$(sed -n '1s/^[0-9]* //p' log)" \
	': start TCP 192.0.2.7:51234 to [2001:db8::1]:25 sh'
ok "-v: the end of the session is recorded" grep -Eq \
	'^[0-9]+ : end < 208386 bytes, eof; > 0 bytes, eof; [0-9]+\.[0-9]{3} seconds$' \
	log
env PROTO=TCP TCPREMOTEIP="$(printf 'a\n1 < forged\033')" recio -v true \
	</dev/null 2>log
wait_for 10 grep -q ' : end ' log
is "-v: the environment can't forge a record" "$(grep -c '^1 ' log)" 0
done_testing
