#!/bin/sh
# Windows of time choose sessions and messages, which are shown whole: lines
# before and after the window are read as far as that takes, and no further.
. "$(dirname "$0")/../lib.sh"
export TZ=UTC
day='2026-11-20'

# stamp: turns "09:59:50.5 text" of that day, or "18/09:59:50 text" of another
# day of the month, into "@LABEL text".
cat >stamp.pl <<'END'
use Time::Local;
while (<>) {
	s/^(?:(\d+)\/)?(\d+):(\d+):(\d+)(\.\d+)?/sprintf "\@%016x%08x",
		(1 << 62) + 10 + timegm($4, $3, $2, $1 || 20, 10, 2026),
		1e9 * ($5 || 0)/e;
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
rows -i 192.0.2.5 -t 1900 -S "$day 10:00" -U "$day 10:05" log 2>err >got
is "-i: a session whose address is further back is not found" "$(cat got)" ""
is "-i: a sentence says so" "$(cat err)" \
	"rlogsess: warning: sessions that began before the lines that were read, and whose address is not known for that: 1; a longer -t reads from further back"
rows -i 192.0.2.5 -S "$day 10:00" -U "$day 10:05" log 2>err >got
is "-i: no sentence where all addresses are known" "$(cat got err)" "5 - "
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

# A clock that is set back, within a file by less than a minute, or between two.
{
	grep -Ev ' [4-9] |[.][4-9]$' log
	session 7 192.0.2.7 10:05:01 10:05:02 | stamp
	session 41 192.0.2.41 10:04:30 10:05:12 | stamp
} >back
is "the clock was set back by half a minute after the window" \
	"$(window back)" "2 - 3 - 41 - "
mkdir twice
mv back "twice/$(echo 11:00:00 | stamp).s"
session 7 192.0.2.7 11:05:01 11:05:02 | stamp \
	>"twice/$(echo 11:06:00 | stamp).s"
session 42 192.0.2.42 10:03:00 10:03:10 | stamp \
	>"twice/$(echo 11:07:00 | stamp).s"
{
	session 43 192.0.2.43 10:04:00 10:30:00 10:20:00 | stamp
	session 44 192.0.2.44 10:40:00 10:41:00 | stamp
} >"twice/current"
is "the clock was set back by an hour between two archives" \
	"$(window twice)" "2 - 3 - 41 - 42 - 43 - "

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

# Messages: those with a line in the window, 10:00 to 10:05: 1, 2, 4 and 6.
# queued WHEN NUMBER SENDER; attempt WHEN WHEN DELIVERY NUMBER RECIPIENT OUTCOME
queued() {
	echo "$1.1 new msg $2"
	echo "$1.2 info msg $2: bytes ${2}00 from <$3@example.org> qp 5 uid 6"
}
attempt() {
	echo "$1.3 starting delivery $3: msg $4 to remote $5"
	echo "$2.4 delivery $3: $6: because/"
}
{
	queued 17/01:00:00 1 other
	attempt 17/01:00:00 17/01:00:01 31 1 other@example.com success
	echo "17/01:00:02 end msg 1"
	queued 18/03:00:00 1 alice
	attempt 18/03:00:00 18/03:00:01 41 1 one@example.com deferral
	attempt 19/03:00:00 19/03:00:01 42 1 one@example.com deferral
	queued 09:00:00 3 carol
	attempt 09:00:00 09:00:01 44 3 three@example.com success
	echo "09:00:02 end msg 3"
	queued 09:10:00 5 eve
	attempt 09:10:00 09:10:01 45 5 five@example.com deferral
	queued 09:59:30 2 bob
	attempt 09:59:30 10:00:05 43 2 two@example.com success
	echo "10:00:06 end msg 2"
	attempt 10:02:00 10:02:20 46 1 one@example.com deferral
	queued 10:03:00 4 dave
	attempt 10:03:00 10:03:01 47 4 four@example.net deferral
	queued 10:04:58 6 frank
	attempt 10:04:59 10:05:30 48 6 six@example.com success
	echo "10:05:31 end msg 6"
	queued 10:06:00 7 grace
	attempt 10:06:00 10:06:01 49 7 seven@example.com success
	echo "10:06:02 end msg 7"
	attempt 10:30:00 10:30:01 50 5 five@example.com success
	echo "10:30:02 end msg 5"
	attempt 10:40:00 10:40:01 51 4 four@example.net success
	echo "10:40:02 end msg 4"
	attempt 11:00:00 11:00:01 52 1 one@example.com success
	echo "11:00:02 end msg 1"
} | sort -s -t / -k 1,1n | stamp | sort -s -k 1,1 >queue

window_of -M -o table queue >got
cat >want <<END
2026-11-20 09:59:30.300000	35.100	35.300	2	bob@example.org	200	remote	two@example.com	success	because/
2026-11-20 10:02:00.300000	20.100	198140.300	1	alice@example.org	100	remote	one@example.com	deferral	because/
2026-11-20 10:03:00.300000	1.100	1.300	4	dave@example.org	400	remote	four@example.net	deferral	because/
2026-11-20 10:04:59.300000	31.100	32.300	6	frank@example.org	600	remote	six@example.com	success	because/
END
same "-M table: a retry of the window has its sender, size and age" want got
is "-M table: the retries to one domain" \
	"$(window_of -M -r @example.net -o table queue | cut -f 5,9)" \
	"dave@example.org	deferral"
messages() {
	rlogsess -M -o json "$@" | perl -MJSON::PP -ne 'my $m = decode_json($_);
		print "$m->{message} $m->{from} ", scalar @{$m->{lines}},
		" ", scalar @{$m->{deliveries}}, " @{$m->{marks}};"'
}
all='2 bob@example.org 5 1 ;6 frank@example.org 5 1 ;4 dave@example.org 7 2 ;'
all=$all'1 alice@example.org 11 4 ;'
is "-M json: whole messages" \
	"$(messages -S "$day 10:00" -U "$day 10:05" queue)" "$all"
is "-M text: whole messages" "$(window_of -M queue | grep -c .)" 28
is "-M csv: whole messages" \
	"$(window_of -M -o csv queue | sed 1d | cut -d , -f 1,7-9 | sort | xargs)" \
	"1,1,3,0 2,1,0,0 4,1,1,0 6,1,0,0"
is "-M flat: whole messages" "$(window_of -M -o flat queue | wc -l)" 28
is "-M stats: messages of the window, and its deliveries" \
	"$(window_of -M -o stats queue |
		sed -n 's/^\(messages\|remote [sd]\w*\|still in the queue\)  *//p' |
		xargs)" "4 0 2 2"
is "-M: standard input" \
	"$(messages -S "$day 10:00" -U "$day 10:05" <queue)" "$all"
gzip -k queue
is "-M: a compressed file" \
	"$(messages -S "$day 10:00" -U "$day 10:05" queue.gz)" "$all"
mkdir queue.d
split -l 6 queue piece.q
for piece in piece.q*; do
	cp "$piece" "queue.d/$(tail -n 1 "$piece" | cut -d ' ' -f 1).s"
done
is "-M: a directory with archives" \
	"$(messages -S "$day 10:00" -U "$day 10:05" queue.d)" "$all"
is "-M -t: no further back than that" \
	"$(messages -t 7200 -S "$day 10:00" -U "$day 10:05" queue | tr ';' '\n' |
		grep ^1)" "1  5 2 no-start"
sed '/18.03:00/d; /msg 1: bytes/d; /new msg 1$/d' queue >lost
is "-M: a message whose beginning is no longer in the log" \
	"$(window_of -M -o table lost | grep one@ | cut -f 3-6,8)" \
	"-	1	-	-	one@example.com"
{
	queued 06:00:00 8 henry
	attempt 06:00:00 10:01:00 61 8 eight@example.com success
} | stamp >long
is "-M: a delivery that ends in the window, and began hours before" \
	"$(window_of -M -o table long | cut -f 2,3,5)" \
	"14460.100	14460.300	henry@example.org"
is "-M --msg" "$(window_of -M --msg 4 -o table queue | cut -f 4,5)" \
	"4	dave@example.org"
{
	echo "-300000 new msg 77"
	echo "-299999 info msg 77: bytes 7 from <late@example.org> qp 5 uid 6"
	echo "-299999 starting delivery 8: msg 77 to remote you@example.com"
	echo "-299998 delivery 8: deferral: later/"
	echo "-60 starting delivery 9: msg 77 to remote you@example.com"
	echo "-59 delivery 9: deferral: later/"
} | recent >now
is "-M --last: the retries of that time" \
	"$(rlogsess -M --last '30 minutes' -r @example.com -o table now |
		cut -f 2,3,5-)" \
	"1.000	299941.000	late@example.org	7	remote	you@example.com	deferral	later/"
mkdir followed.q
cp now followed.q/current
spawn rlogsess -M -f -o table -S -30s followed.q >out
{
	echo "0 starting delivery 10: msg 77 to remote you@example.com"
	echo "0 delivery 10: success: now/"
} | recent >>followed.q/current
ok "-M -f: a retry that is yet to come has its sender" \
	wait_for 20 sh -c '[ "$(cut -f 5,9 out)" = "late@example.org	success" ]'

# What is read: ten days of archives, one an hour, each with a session a second
# and with messages; number 120 holds the window.
mkdir days
cat >days.pl <<'END'
my $from = 1795000000;
sub at { sprintf "\@%016x%08x", (1 << 62) + 10 + $from + $_[0], $_[1] }
for my $hour (0 .. 240) {
	open my $out, ">", $hour == 240 ? "days/current" :
		"days/" . at(3600 * $hour + 3599, 999999999) . ".s";
	for my $s (3600 * $hour .. 3600 * $hour + 3599) {
		my $pid = 2 + $s % 30000;
		print $out at($s, 1), " tcpserver: pid $pid from 192.0.2.7\n",
			at($s, 2), " $pid > 220 hello \n",
			at($s, 3), " $pid > [EOF]\n",
			at($s, 4), " tcpserver: end $pid status 0\n";
		next if $s % 10;
		my $number = $s == 3600 * 110 ? 99999 : $pid;
		print $out at($s, 5), " new msg $number\n", at($s, 6),
			" info msg $number: bytes 9 from <a\@b.c> qp 1 uid 2\n";
		next if $number == 99999;
		print $out at($s, 7), " starting delivery 1: msg $pid to local d\n",
			at($s, 8), " delivery 1: success: did/\n",
			at($s, 9), " end msg $pid\n";
	}
	print $out at(3600 * 120 + 3599, 10),
		" starting delivery 7: msg 99999 to remote e\n",
		at(3600 * 120 + 3599, 11), " delivery 7: deferral: later/\n"
		if $hour == 120;
}
print $from + 3600 * 120 + 1800, "\n";
END
middle=$(perl days.pl)
# read_by OPTION...: how many archives are read by more than 64 KiB, where the
# first label is looked for, and the rest of the bytes in such archives; and the
# lines that are printed.
read_by() {
	ASAN_OPTIONS=detect_leaks=0 strace -y -e trace=read,pread64 -s 0 -o trace \
		rlogsess -o table "$@" days >out
	perl -ne '$read{$1} += $2 if m{^p?read(?:64)?\(\d+<[^>]*/(\@\w+\.s|current)>.*= (\d+)};
		END { for (keys %read) {
			$read{$_} > 1 << 16 ? $many++ : ($few += $read{$_}) }
		print 0 + $many, " ", $few <= 241 * 65536 ? "few" : $few }' trace
	echo " $(wc -l <out)"
}
if strace -o /dev/null true 2>/dev/null; then
	is "five minutes: the archives of the hour before, and of the window" \
		"$(read_by -S "@$middle" -U "@$((middle + 300))")" "2 few 300"
	is "-t: no more than that time before" \
		"$(read_by -t 60 -S "@$middle" -U "@$((middle + 300))")" "1 few 300"
	is "-t: as much as that time before" \
		"$(read_by -t 40000 -S "@$middle" -U "@$((middle + 300))")" \
		"12 few 300"
	is "-M: messages that began within the hour before" \
		"$(read_by -M -S "@$middle" -U "@$((middle + 299))")" "2 few 30"
	is "-M: a message that began ten hours before" \
		"$(read_by -M -S "@$((middle + 1700))" -U "@$((middle + 1800))")" \
		"66 few 11"
	is "-M: its row has the sender" "$(grep -c 'a@b.c.*deferral' out)" 1
	is "-M --msg: only the beginning of this message is looked for" \
		"$(read_by -M --msg 2 -S "@$((middle + 1700))" -U "@$((middle + 1800))")" \
		"3 few 0"
else
	skip "strace cannot trace here" 7
fi
done_testing
