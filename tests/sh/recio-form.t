#!/bin/sh
# What recio makes of the payload: -k, how much of it; -l, whole lines; -x, a hex
# dump.
. "$(dirname "$0")/../lib.sh"

# Runs recio on stdin, the program being cat; records without pids. The relay can
# outlive the program: a pipe for the log ends when the relay has gone, too, and
# the files log and passed are complete.
records() {
	recio "$@" cat 2>&1 >passed | cat >log
	sed 's/^[0-9]* //' log
}
numbers() {
	perl -e 'print "$_\n" for 1 .. 100000'
}

is "-k 5: five bytes are recorded, and a note" \
	"$(printf 'one\ntwo\n' | records -f in -k 5)" \
	"$(printf '< one \n< t+\n%s\n< [EOF]' \
		': recorded 5 bytes, the rest is left out')"
is "-k 0: no bytes are recorded, but a note" \
	"$(printf 'one\n' | records -f in -k 0)" \
	"$(printf '%s\n< [EOF]' ': recorded 0 bytes, the rest is left out')"
is "-k: no note if no bytes are left out" \
	"$(printf 'one\n' | records -f in -k 4)" \
	"$(printf '< one \n< [EOF]')"
numbers | records -v -k 10k >got
numbers >sent
same "-k 10k: the session goes on behind the limit" passed sent
is "-k 10k: the limit is for both directions together" \
	"$(grep '^[<>]' got | grep -v '\[EOF\]' |
	perl -ne 's/^..//; s/\+\n$// or s/ $//m; $n += length; END { print $n }')" 10240
is "-k 10k: one note of the limit" "$(grep -c ': recorded 10240 bytes' got)" 1
is "-k 10k: the ends of both directions are recorded" \
	"$(grep '\[EOF\]' got | sort)" "$(printf '< [EOF]\n> [EOF]')"
size=$(wc -c <sent)
is "-k 10k: the note of the end counts bytes left out, too" \
	"$(sed -n 's/; [0-9.]* seconds//p' got)" \
	": end < $size bytes, eof; > $size bytes, eof"
is "-k and -p: hidden bytes do not count" \
	"$(printf 'USER joe\nPASS secretsecret\n' |
		records -p pop3 -f in -k 18)" \
	"$(printf '< USER joe \n< PASS *** \n< [EOF]')"

# hexdump's own words, but for the text's right column and the last line.
perl -e 'print map { chr int rand 256 } 1 .. 5000' >random
same_as_hexdump() {
	recio -x "$@" sh -c 'exec cat >/dev/null' <random 2>&1 >/dev/null |
		cat >log
	sed -n 's/^\(@[0-9a-f]* \)*[0-9]* < \([^[]\)/\2/p' log >got
	hexdump -vC random | sed '$d' >want
	same "-x $*: the records are as hexdump -C prints them" got want
}
same_as_hexdump -f in
same_as_hexdump -t -f in
is "-x -w: fewer bytes a record" "$(printf 'abc' | records -f in -x -w 2)" \
	"$(
		cat <<'END'
< 00000000  61 62                                             |ab|
< 00000002  63                                                |c|
< [EOF]
END
	)"
is "-x -p: a gap where a secret was" \
	"$(printf 'PASS secret\nQUIT\n' | records -f in -p pop3 -x |
		cut -c -13)" \
	"$(printf '< %s\n' '00000000  5' '0000000b  0' '[EOF]')"
sed 's/^[0-9]* /4711 /' log | rlogsess >sess 2>&1
is "-x: rlogsess shows the dump unchanged" \
	"$(grep -c '|PASS \*\*\*|$' sess)" 1

# A packet a byte: each is sent when the one before it has come back; by a clock of
# which 200 ms, for which a line waits, last 200 s.
byte_by_byte() {
	perl -MIPC::Open2 -e 'open2(my $out, my $in, @ARGV);
		for (split //, "EHLO me\r\nQUIT\r\nend") {
			syswrite $in, $_;
			sysread $out, $_, 1;
		}' faketime -f '+0 x0.001' recio "$@" cat 2>&1 | sed 's/^[0-9]* //'
}
is "-l: whole lines" "$(byte_by_byte -l -f in)" \
	"$(printf '< EHLO me\r \n< QUIT\r \n< end+\n< [EOF]')"
is "without -l: each byte" "$(byte_by_byte -f in | grep -c '^< ')" 19
part_recorded() {
	wait_for 10 grep -q '< part+$' log-time >&2
}
# Nothing ends the line, so that only time can.
(
	printf 'part'
	part_recorded
	printf 'ial\n'
) | recio -l -f in cat 2>&1 >passed-time | cat >log-time
is "-l: a line without its end is recorded in time" \
	"$(sed 's/^[0-9]* //' log-time)" "$(printf '< part+\n< ial \n< [EOF]')"
is "-l: the session has all bytes" "$(cat passed-time)" partial
# The program answers what is no whole line.
printf 'name? ' | recio -l sh -c 'head -c 1 >/dev/null; printf hello
	cat >/dev/null' 2>&1 >passed-answer | cat >log-answer
is "-l: a part of an answer is recorded in time" \
	"$(sed -n 's/^[0-9]* \([<>] [nh]\)/\1/p' log-answer)" \
	"$(printf '< name? +\n> hello+')"
done_testing
