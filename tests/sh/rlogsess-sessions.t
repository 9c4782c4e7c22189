#!/bin/sh
# Sessions are put together: what belongs to one, when it is over, and what is
# said of one that is not whole.
. "$(dirname "$0")/../lib.sh"
export TZ=UTC
log=$top/tests/samples/smtpd.log

# The times of a day, so that lines are short: at MINUTE SECOND LINE.
at() {
	echo "2026-11-20 10:$1:$2 $3"
}

# The marks of each session, in the order in which they end.
marks() {
	rlogsess -o table "$@" | cut -f 4,14 | tr '\t\n' '  '
}

# Nothing is lost, and all of a session stands together.
rlogsess "$log" >text
grep -v 'tcpserver: status: ' "$log" | sort >want
grep -v '^$' text | sort >got
same "text: all lines of sessions, each once" want got
is "text: an empty line behind each session" "$(grep -c '^$' text)" 4
awk -v RS= '{
	for (i = 1; i <= NF; i++)
		if ($i ~ /^47[0-9][0-9]$/ || $i ~ /\[47[0-9][0-9]\]:$/) {
			gsub(/[^0-9]/, "", $i)
			if (pid[NR] && pid[NR] != $i) exit 1
			pid[NR] = $i
		}
}' text
is "text: no session has lines of another" $? 0
rlogsess - <"$log" >again
same "the log is standard input, named -" text again
rlogsess <"$log" >again
same "the log is standard input, not named" text again

rlogsess -o flat "$log" >lines
is "flat: lines are in the order of the log" "$(cut -d ' ' -f 3 lines)" \
	"$(cut -d ' ' -f 3 lines | sort)"
is "flat: each line begins with session and peer" \
	"$(cut -d ' ' -f 1,2 lines | sort | uniq -c | tr -s ' \n' ' ')" \
	" 29 1 192.0.2.7 3 2 198.51.100.9 4 3 203.0.113.40 4 4 2001:db8::7 "
printf '4711\t192.0.2.7\n4712\t198.51.100.9\n4713\t203.0.113.40\n4711\t2001:db8::7\n' |
	sort >want
rlogsess -o table "$log" | awk -F '\t' '{ print $4 "\t" $3 }' | sort >got
same "table: a process ID that comes again is a new session" want got
is "table: the columns of SMTP" "$(rlogsess -o table "$log" | grep 192.0.2.7)" \
	"2026-11-20 22:00:00.010100	1.193	192.0.2.7	4711	client.example.org	alice@example.org	bob@example.net	1	30	221 mx.example.net	128	153	0	-"
is "table: the reply of rblsmtpd" \
	"$(rlogsess -o table "$log" | cut -f 10 | grep 451)" \
	"451 Please try again from an address with a name"
rlogsess -o json "$log" | perl -MJSON::PP -ne '
	my $s = decode_json($_);
	print join(" ", $s->{pid}, $s->{peer}, $s->{port}, $s->{exit},
		scalar @{$s->{lines}}, "@{$s->{replies}}"), "\n"' | sort >got
sort >want <<END
4711 192.0.2.7 51234 0 29 220 221 250 354
4711 2001:db8::7 40000 0 4 
4712 198.51.100.9 33001 100 3 
4713 203.0.113.40 2201 0 4 451
END
same "json: an object a session" want got
rlogsess -o stats "$log" >counts
ok "stats: sessions are counted" grep -Eq '^sessions +4$' counts
ok "stats: the highest number of sessions at one time" \
	grep -Eq '^most at one time +2$' counts
ok "stats: replies are counted" grep -Eq '^451 +1$' counts

# Where a session ends.
{
	at 00 01 'tcpserver: pid 7 from 192.0.2.7'
	at 00 02 '7 < one '
	at 00 03 'tcpserver: end 7 status 0'
	at 00 04 '7 > [EOF]'
	at 00 04 '7 < two '
	at 00 05 '7 < [EOF]'
	at 00 06 '7 : end < 8 bytes, eof; > 0 bytes, eof; 3.000 seconds'
	at 00 10 '7 < of another '
} >log
is "lines behind the end, and the ends of both sides, belong to the session" \
	"$(rlogsess -o json log | perl -MJSON::PP -ne '
		print scalar @{decode_json($_)->{lines}}, " "')" "7 1 "
printf '%s 7 status 0\n' 'tcpserver: end' 'tcpserver: end' >twice
is "a second end is of another session" "$(rlogsess twice | grep -c '^$')" 2
is "data in a direction that had ended is of another session" \
	"$(printf '7 < a \n7 < [EOF]\n7 < b \n' | rlogsess | grep -c '^$')" 2
{
	at 00 01 'tcpserver: pid 7 from 192.0.2.7'
	at 00 02 '7 < one '
	at 30 00 'tcpserver: pid 7 from 192.0.2.8'
	at 30 01 '7 < two '
} >log
is "a start ends the session with the same process ID" \
	"$(marks log)" "7 no-end 7 goes on "
{
	at 00 01 'tcpserver: pid 7 from 192.0.2.7'
	at 00 02 '7 < one '
	at 10 03 'tcpserver: pid 8 from 192.0.2.7'
} >log
is "-t: a session that is silent is over" "$(marks -t 600 log)" \
	"7 quiet 8 goes on "
is "-t: not too early" "$(marks -t 601 log)" "7 goes on 8 goes on "
{
	at 00 01 '6 < before the window '
	at 00 01 '6 > [EOF]'
	at 00 01 'tcpserver: end 6 status 0'
	at 00 02 'tcpserver: pid 7 from 192.0.2.7'
	at 00 03 'tcpserver: end 7 status 0'
	at 00 03 '8 < before the window, too '
} >log
is "sessions at the edges are marked" "$(rlogsess -o table log | cut -f 4,14 |
	sort | tr '\t\n' '  ')" "6 began before 7 - 8 began before,goes on "
is "text: sessions at the edges are marked" \
	"$(rlogsess log | grep -c '^rlogsess: session of')" 3
printf '1 < a \n1 > [EOF]\n1 < [EOF]\n' >log
is "records alone have no start to miss" "$(marks log)" "1 - "
{
	at 00 01 '9 > 220 hi '
	at 00 01 's6-tcpserverd: info: accept 192.0.2.7_4000 pid 9 count 1/40'
	at 00 02 '9 > 221 bye '
	at 00 02 '9 > [EOF]'
	at 00 02 's6-tcpserverd: info: end pid 9 signal 15 count 0/40'
} >log
is "a start that comes behind the first record" \
	"$(rlogsess -o table log | cut -f 3,4,13,14)" "192.0.2.7	9	sig15	-"

# Words in pieces, and a message by BDAT.
{
	echo '1 < EHLO exa+'
	echo '1 < mple.org+'
	echo '1 <  '
	echo '1 < mail from:<> SIZE=1 '
	echo '1 < RCPT TO: joe@example.org '
	echo '1 < BDAT 12 LAST '
	echo '1 < QUIT '
	printf '%s\n' '1 < QUIT\n+'
	echo '1 > 250 12 bytes '
	echo '1 < QUIT '
	echo '1 > 221 bye '
} | sed 's/$/\r/; s/\([ +]\)\r$/\r\1/; s/+\r$/+/; s/\r+$/+/' >log
is "words recorded in pieces are joined" \
	"$(rlogsess -o table log | cut -f 5-10)" \
	"example.org	<>	joe@example.org	1	12	221 bye"

# Many at one time.
perl -e 'for my $i (1 .. 20000) { print "tcpserver: pid $i from 192.0.2.7\n";
	print "$i < line of $i \n" }' >log
rlogsess -o table log >got
is "too many: each line is in one session" "$(wc -l <got)" 20000
is "too many: those that had to make room are marked" \
	"$(cut -f 14 got | sort | uniq -c | tr -s ' \n' ' ')" \
	" 11808 crowded 8192 goes on "
perl "$top/tests/tools/sessions.pl" 100000 300 >log
rlogsess log | perl -00 -ne '
	my %name = map { $_ => 1 } /client-(\d+)/g;
	$mixed++ if keys %name > 1;
	my @lines = grep { !/^rlogsess: / } split /\n/;
	my $marks = join ",", /^rlogsess: .*: (.*)/mg;
	$all{$marks || (@lines >= 28 ? "whole" : "cut")}++;
	$lines += @lines;
	END { print $mixed // 0, " $lines\n", map { "$_\n" } sort keys %all }' >got
cat >want <<END
0 100000
it began before the lines that were read
it began before the lines that were read,it goes on behind this log
it goes on behind this log
whole
END
same "300 at a time: none is mixed, and all that is not at an edge is whole" \
	want got

# A session that is longer than what is held in memory.
perl -e 'print "5 < ", "x" x 2000, " \n" for 1 .. 20000; print "6 < y \n"' >log
rlogsess log >got
is "a long session comes from the temporary file" \
	"$(grep -c '^5 <' got)" 20000
case $(ldd "$BUILD/rlogsess" 2>/dev/null) in
*asan*) skip "memory under a sanitizer" 1 ;;
*)
	ok "a long session needs little memory" \
		sh -c "ulimit -v 40000 && rlogsess log >got2 && cmp got got2"
	;;
esac
is "no temporary file is left" \
	"$(TMPDIR=$T rlogsess log >/dev/null; ls -d rlogsess.* 2>/dev/null)" ""
perl -e 'print "5 < ", "x" x 2000, " \n" for 1 .. 40000; print "6 < y \n"' >log
rlogsess log >got
rlogsess -o json log | grep -o '^{"session":1,.*"lines":' >out
kept=$(grep -c '^5 <' got)
is "lines of a session beyond 64 MiB are left out, and counted" \
	"$(grep '^rlogsess: session of 5: .* left out' got)" \
	"rlogsess: session of 5: $((40000 - kept)) more lines are left out"
ok "a session beyond 64 MiB is marked" \
	grep -q '"marks":\["open","lines-missing"\]' out
done_testing
