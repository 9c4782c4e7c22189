#!/bin/sh
# Windows of time choose sessions and messages, which are shown whole: lines
# before and after the window are read as far as that takes, and no further.
. "$(dirname "$0")/../lib.sh"
export TZ=UTC
day='2026-11-20'

# stamp: turns "09:59:50.5 text" of that day into "@LABEL text".
cat >stamp.pl <<'END'
use Time::Local;
while (<>) {
	s/^(\d+):(\d+):(\d+)(\.\d+)?/sprintf "\@%016x%08x", (1 << 62) + 10 +
		timegm($3, $2, $1, 20, 10, 2026), 1e9 * ($4 || 0)/e;
	print;
}
END
stamp() {
	perl stamp.pl
}
# session PID ADDRESS BEGIN END [TIME...]: a session with a record at each TIME.
session() {
	pid=$1
	echo "$3 tcpserver: pid $1 from $2"
	echo "$3.1 $1 > 220 hello "
	end=$4
	shift 4
	for at in "$@"; do
		echo "$at $pid < NOOP "
	done
	echo "$end.1 $pid < QUIT "
	echo "$end.2 $pid > 221 bye "
	echo "$end.3 $pid > [EOF]"
	echo "$end.4 tcpserver: end $pid status 0"
}

# The sessions of 10:00 to 10:05: 2 to 6.
{
	session 1 192.0.2.1 09:58:00 09:59:00
	session 2 192.0.2.2 09:59:50 10:00:10
	session 3 192.0.2.3 10:01:00 10:02:00
	session 4 192.0.2.4 10:04:50 10:06:30 10:06:00
	session 5 192.0.2.5 09:20:00 10:40:00 09:50:00 10:10:00
	session 6 192.0.2.6 09:59:00 10:06:00
	session 7 192.0.2.7 10:05:01 10:05:02
	session 8 192.0.2.8 11:00:00 11:10:00
	session 9 192.0.2.9 13:00:00 13:00:01
} | sort -s -k 1,1 | stamp >log

# window OPTION...: the table of 10:00 to 10:05, pids and marks
rows() {
	rlogsess -o table "$@" | cut -f 4,14 | sort | tr '\t\n' '  '
}
window() {
	rows -S "$day 10:00" -U "$day 10:05" "$@"
}
whole='2 - 3 - 4 - 5 - 6 - '

rlogsess -i 192.0.2.2 -S "$day 10:00" -U "$day 10:05" log | grep . >got
session 2 192.0.2.2 09:59:50 10:00:10 | stamp >want
same "a session that began before the window has its beginning" want got
rlogsess -i 192.0.2.4 -S "$day 10:00" -U "$day 10:05" log | grep . >got
session 4 192.0.2.4 10:04:50 10:06:30 10:06:00 | stamp >want
same "a session that goes on after the window is shown to its end" want got
is "the sessions of a window, and none has a mark" "$(window log)" "$whole"
is "a session that is silent in the window is in it" "$(window -p 6 log)" "6 - "
is "-S alone: what ended before is left out" \
	"$(rows -S "$day 10:05" log)" "4 - 5 - 6 - 7 - 8 - 9 - "
is "-U alone: what began after is left out" \
	"$(rows -U "$day 09:59:30" log)" "1 - 5 - 6 - "
is "bounds that are labels" \
	"$(rows -S "$(echo 10:00:00 | stamp)" -U "$(echo 10:05:00 | stamp)" log)" \
	"$whole"
is "-M shows no sessions" "$(window -M log 2>/dev/null)" ""

# Marks: "began before" only for lines that are not read, "goes on" only where
# the log itself ends.
is "-t is how far back is read: a session that began before that" \
	"$(window -t 1900 log)" "2 - 3 - 4 - 5 began before 6 - "
is "a beginning that is no longer in the log" \
	"$(sed '/pid [25] from/d' log >cut.log && window cut.log)" \
	"2 began before 3 - 4 - 5 began before 6 - "
rlogsess -p 5 -t 1900 -S "$day 10:00" -U "$day 10:05" log | grep ^rlogsess: >got
echo "rlogsess: session of 5: it began before the lines that were read" >want
same "text: the remark of such a session" want got
is "json: its mark is no-start" "$(rlogsess -o json -p 5 -t 1900 \
	-S "$day 10:00" -U "$day 10:05" log | grep -c '"marks":."no-start".')" 1
grep -v ' [45] ' log >rest
{
	cat rest
	session 4 192.0.2.4 10:04:50 10:06:30 | head -n 2
} | stamp | sort -s -k 1,1 >open
is "a session that is open where the log ends, long after the window" \
	"$(window -t 99999 open)" "2 - 3 - 4 goes on 6 - "
is "a session that is silent for the quiet time after the window" \
	"$(window open)" "2 - 3 - 4 quiet 6 - "

# All forms.
window_of() {
	rlogsess -S "$day 10:00" -U "$day 10:05" "$@"
}
is "flat: whole sessions, in the order of the log" \
	"$(window_of -o flat log | cut -d ' ' -f 3- | cksum)" \
	"$(grep -Ev ' ([1789]|192.0.2.[1789])( |$)' log | cksum)"
is "json: whole sessions" "$(window_of -o json log | perl -MJSON::PP -ne '
	my $s = decode_json($_);
	print "$s->{pid} ", scalar @{$s->{lines}}, " @{$s->{marks}};"')" \
	"2 6 ;3 6 ;6 6 ;4 7 ;5 8 ;"
is "csv: whole sessions" \
	"$(window_of -o csv log | sed 1d | cut -d , -f 2,4 | sort | head -n 2 | xargs)" \
	"2,2026-11-20T10:00:10.400000000Z 3,2026-11-20T10:02:00.400000000Z"
is "stats: the sessions of the window" \
	"$(window_of -o stats log | sed -n 's/^sessions  *\([0-9]\)/\1/p')" 5
is "stats: the most at one time in the window" \
	"$(window_of -o stats log | sed -n 's/^most at one time  *//p')" 3
is "stats: the most at one time, of a window without a line" \
	"$(rlogsess -o stats -S "$day 10:20" -U "$day 10:25" log |
		sed -n 's/^most at one time  *//p')" 1
{
	echo '09:50:00 before' | stamp
	cat log
	echo '10:03:00 within' | stamp
	echo '10:05:30 after' | stamp
} | sort -s -k 1,1 >others
is "--rest: the lines of the window" \
	"$(window_of --rest others | cut -d ' ' -f 2)" within
window_of -v -o table others 2>err >out
ok "-v counts the lines of the window" \
	grep -q 'lines of no session: 1; --rest shows them' err

# Any kind of source.
split -l 8 log piece.
mkdir dir
for piece in piece.*; do
	last=$(tail -n 1 "$piece" | cut -d ' ' -f 1)
	cp "$piece" "dir/$last.s"
done
mv "dir/$last.s" dir/current
is "a directory with archives" "$(window dir)" "$whole"
gzip -k dir/@*.s
rm dir/@*.s
is "a directory with compressed archives" "$(window dir)" "$whole"
gzip -k log
is "a compressed file" "$(window log.gz)" "$whole"
is "standard input, a file" "$(window <log)" "$whole"
# shellcheck disable=SC2002 # a pipe is meant
is "standard input, a pipe" "$(cat log | window -)" "$whole"
# shellcheck disable=SC2002
is "standard input is read from its beginning" \
	"$(cat log | window -t 1900)" "$whole"
sed 's/192.0.2/198.51.100/' log >second
is "several sources" "$(window log second)" \
	"2 - 2 - 3 - 3 - 4 - 4 - 5 - 5 - 6 - 6 - "
is "several sources and standard input" "$(window second - <log)" \
	"2 - 2 - 3 - 3 - 4 - 4 - 5 - 5 - 6 - 6 - "
session 6 192.0.2.66 10:00:00 10:04:00 | stamp >short
is "a source that ends early, or has nothing after the window" \
	"$(window short log | sed 's/ began before//')" "2 - 3 - 4 - 5 - 6 - 6 - "
window_of none-here 2>err
is "a source that is not there: exit 111" $? 111
printf 'tcpserver: pid 1 from 192.0.2.1\n' >unstamped
window_of unstamped 2>err
is "a log without stamps: exit 1" $? 1
ok "a log without stamps: a sentence" grep -q 'no line begins with a time' err

# Sessions that are carried over are not read twice.
rm -f state
is "-k: -U ends the run, and open sessions are carried over" \
	"$(rows -k state -U "$day 10:05" log)" "1 - 2 - 3 - "
is "-k: the state has the open ones" "$(grep -c '^= ' state)" 3
is "-c: the lines of the window" "$(rows -c cursor -U "$day 10:05" log)" \
	"1 - 2 - 3 - 4 goes on 5 goes on 6 goes on "
is "-c: the next run begins after the window" \
	"$(rows -c cursor -U "$day 11:59" log)" \
	"4 began before 5 began before 6 began before 7 - 8 - "

# --last, and -f.
recent() {
	perl -pe 's/^(-?\d+) /sprintf "\@%016x%08x ", (1 << 62) + 10 + time + $1, 0/e'
}
{
	echo "-4000 tcpserver: pid 1 from 192.0.2.1"
	echo "-3999 tcpserver: end 1 status 0"
	echo "-2000 tcpserver: pid 2 from 192.0.2.2"
	echo "-1000 tcpserver: pid 3 from 192.0.2.3"
	echo "-900 tcpserver: end 2 status 0"
} | recent >now
for option in '--last|30 minutes' '-S|30 minutes' '-S|-30m' '-S|30 minutes ago'
do
	is "$(echo "$option" | tr '|' ' ')" \
		"$(rows "${option%|*}" "${option#*|}" now)" "2 - 3 goes on "
done
mkdir followed
cp now followed/current
spawn rlogsess -f -o table --last '30 minutes' followed >out
echo "0 tcpserver: end 3 status 0" | recent >>followed/current
ok "-f: sessions that began before the window, and that end now" \
	wait_for 20 sh -c '[ "$(cut -f 4,14 out | sort | xargs)" = "2 - 3 -" ]'
done_testing
