#!/bin/sh
# The exact bytes of a session come back from its log: by the recipe of
# records(5), and by rlogsess -o bytes and -o hex, whatever recio and rlog were
# told to write; where bytes are missing, a sentence and the exit code say so.
. "$(dirname "$0")/../lib.sh"
export TZ=UTC

# All bytes, all pairs of special bytes, empty and long lines, and no newline at
# the end.  Texts of records and escapes are data, too.
perl -e 'print map(chr, 0 .. 255), "\r\n";
	my @special = ("\\", "\r", "\n", "+", " ", "x00", "\xe2\x80\xae", "\xc3");
	for my $one (@special) { print $one, $_, "." for @special }
	print "\n\n[EOF]\n4711 < no record \n4711 : TLS\n\\x41\\\\x1b \n";
	print "x" x $_, "\r\n" for 250 .. 260, 4070 .. 4100;
	print "y" x 70000, "\n", "\\\0" x 5000, "+"' >sent

# recorded LOG-COMMAND [OPTION...]: the session of a program that answers with
# what it has read is then in log; "cat >log" keeps it as it is.
recorded() {
	keep=$1
	shift
	rm -rf log
	recio "$@" cat 2>&1 >back <sent | sh -c "$keep"
}

# The recipe of the page, for the log $1.
sed -n '/^\$ perl -ne /,/| od /p' "$top/doc/records.5" |
	sed '1s/^\$ //; s/\\e/\\/g; s/| od.*//' >recipe
ok "records.5 has a recipe" test -s recipe
for keep in 'cat >log' 'rlog t s9m ./log' 'rlog T s9m ./log'; do
	for options in '' -t -v -l '-w 7'; do
		# shellcheck disable=SC2086 # each is an option
		recorded "$keep" $options
		set -- log
		[ -f log ] || set -- log/@* log/current
		cat "$@" 2>/dev/null >lines
		sed 's/\blog\(\/current\)\?\b/lines/' recipe >this
		sh ./this >got
		same "records.5's recipe: recio $options, $keep" sent got
	done
done
done_testing
