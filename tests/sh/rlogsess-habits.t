#!/bin/sh
# Habits of tail, of a terminal and of a table: the last sessions, local times,
# columns to choose, and one address while it speaks.
. "$(dirname "$0")/../lib.sh"
export TZ=UTC
log=$top/tests/samples/smtpd.log
queue=$top/tests/samples/qmail-send.log
perl "$top/tests/tools/sessions.pl" 3000 20 >many

# -n: the last records of what is shown without it, whatever the form.
last() {
	case $form in
	text) awk -v RS= -v ORS='\n\n' -v n="$1" '{ r[NR] = $0 } END {
		for (i = NR > n ? NR - n + 1 : 1; i <= NR; i++) print r[i] }' ;;
	csv) perl -e '$n = shift; print scalar <STDIN>; @r = <STDIN>;
		print @r[(@r > $n ? @r - $n : 0) .. $#r]' "$1" ;;
	*) perl -e '$n = shift; @r = <STDIN>;
		print @r[(@r > $n ? @r - $n : 0) .. $#r]' "$1" ;;
	esac
}
for form in text table json csv; do
	for n in 0 1 7 100000; do
		wrong=
		for what in many "-i 192.0.2.16/28 many" "-M $queue" \
			"-M -m bob $queue" "$log many" "-s $log"; do
			# shellcheck disable=SC2086 # a list of words
			{
				rlogsess -o $form $what | last $n >want
				rlogsess -o $form -n $n $what >got
			}
			cmp -s want got || wrong="$wrong, $what"
		done
		is "-n $n -o $form: the last ones, with filters and messages, too" \
			"$wrong" ''
	done
done
rlogsess -o table many >all
is "-n of standard input" "$(rlogsess -o table -n 3 <many | md5sum)" \
	"$(tail -n 3 all | md5sum)"
is "--number" "$(rlogsess -o table --number 2 many | wc -l)" 2
same "-n all" all - <<END
$(rlogsess -o table -n all many)
END

# flat: in the order of the log, those of the sessions that end last.
for what in many "-i 192.0.2.16/28 many"; do
	for n in 0 1 7 100000; do
		# shellcheck disable=SC2086 # a list of words
		{
			rlogsess -o json -n $n $what | grep -o '^{"session":[0-9]*' |
				cut -d : -f 2 >numbers
			rlogsess -o flat $what | awk 'NR == FNR { of[$1] = 1; next }
				$1 in of' numbers - >want
			[ -s numbers ] || : >want
			rlogsess -o flat -n $n $what >got
		}
		same "-n $n -o flat $what: their lines in the order of the log" \
			want got
	done
done
is "-M -n 1 -o flat: the lines of a message" \
	"$(rlogsess -M -n 1 -o flat "$queue" | cut -d ' ' -f 4- | md5sum)" \
	"$(rlogsess -M -n 1 "$queue" | grep . | cut -d ' ' -f 2- | md5sum)"
rlogsess --rest "$log" >rest
is "--rest -n 2: the last lines of no session" \
	"$(rlogsess --rest -n 2 "$log")" "$(tail -n 2 rest)"
stray='delivery 77: success: ok'
for n in $(seq "$(wc -l <"$queue")"); do
	sed "${n}i $stray" "$queue" | rlogsess -M -n 1
done >got
is "-n: a line of a message that is not known is none of the last" \
	"$(grep -c "$stray" got)" 0
ok "-n: without it, that line is shown" eval \
	'sed "1i $stray" "$queue" | rlogsess -M | grep -q "$stray"'
TMPDIR=$T/nowhere rlogsess -o flat -n 1 "$log" >out 2>err
is "-o flat: TMPDIR is the directory of the lines that wait" "$(cat err)" \
	"rlogsess: fatal: unable to make room for sessions: No such file or directory"

for bad in '' x 1x -1; do
	rlogsess -n "$bad" "$log" >out 2>err
	is "-n '$bad': exit 100" $? 100
	is "-n '$bad': the sentence" "$(cat err)" \
		"rlogsess: fatal: invalid number of sessions '$bad': give a number, or all"
done
for bad in '-k state' -K '-o stats'; do
	# shellcheck disable=SC2086 # a list of words
	rlogsess -n 1 $bad "$log" >out 2>err
	is "-n 1 $bad: exit 100" $? 100
	is "-n 1 $bad: the sentence" "$(cat err)" \
		"rlogsess: fatal: -n excludes -k, -K and -o stats"
done

# The file of the last sessions cannot be written.
perl "$top/tests/tools/sessions.pl" 30000 20 >long
sh -c 'trap "" XFSZ; ulimit -f 100; exec rlogsess -o json -n 5000 long' \
	>/dev/null 2>err
is "-n on a full disk: exit 111" $? 111
is "-n on a full disk: the sentence" "$(cat err)" \
	"rlogsess: fatal: unable to put sessions together: File too large"

# Times: local on a terminal, as they are in a pipe.
on_terminal() {
	script -qc "$*" /dev/null </dev/null | tr -d '\r'
}
sample=$T/log
cp "$log" log
for form in text flat; do
	rlogsess -o $form log >raw
	perl -pe 's/@[0-9a-f]{24}/LABEL/; s/\r//' raw >want
	for zone in UTC Asia/Kathmandu America/Caracas; do
		# The date and time that rlogread shows, line by line.
		TZ=$zone rlogread -o local log | cut -d ' ' -f 1,2 | sort >moments
		TZ=$zone on_terminal rlogsess -o $form "'$sample'" >shown
		perl -pe 's/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}/LABEL/' \
			shown | sed 's/ *$//' >got
		sed 's/ *$//' want | cmp -s - got
		is "-o $form: on a terminal the lines differ in their times alone" \
			$? 0
		grep -o '[0-9-]\{10\} [0-9:]\{8\}[.][0-9]\{6\}' shown | sort >got
		rlogsess --rest log | TZ=$zone rlogread -o local |
			cut -d ' ' -f 1,2 >others
		sort got others | cmp -s - moments
		is "-o $form: times on a terminal are local, $zone" $? 0
	done
	on_terminal rlogsess --time raw -o $form "'$sample'" | sed 's/ *$//' >got
	tr -d '\r' <raw | sed 's/ *$//' >want
	same "-o $form --time raw: as they are, on a terminal" want got
	is "-o $form --time raw: as they are, in a pipe" \
		"$(rlogsess --time raw -o $form log | md5sum)" "$(md5sum <raw)"
done
for kind in local tai64nlocal utc iso unix; do
	rlogsess log | TZ=Asia/Kathmandu rlogread -o $kind >want
	TZ=Asia/Kathmandu rlogsess --time $kind log >got
	same "--time $kind: as rlogread -o $kind, in a pipe" want got
done
rlogsess --rest log | rlogread -o utc >want
is "--rest --time utc" "$(rlogsess --rest --time utc log)" "$(cat want)"
is "--rest: local on a terminal" "$(on_terminal rlogsess --rest "'$sample'" |
	sed 's/ *$//')" "$(rlogsess --rest log | rlogread -o local | sed 's/ *$//')"
is "a line of a lost session has its time, too" \
	"$(echo '@400000006b00c4de00000000 delivery 7: success: ok' |
	rlogsess -M --time utc | head -n 1)" \
	"2026-11-20 22:08:20.000000Z delivery 7: success: ok"
# Two logs with labels of two kinds: rlogread tells them apart, too.
mkdir djb leap
now=$(date +%s)
for n in 1 2 3; do
	printf '@40000000%08x00000000 tcpserver: pid %s from 192.0.2.%s\n' \
		$((now - 100 + 10)) $n $n >>djb/current
	printf '@40000000%08x00000000 tcpserver: pid %s from 192.0.2.%s\n' \
		$((now - 100 + 37)) $n $n >>leap/current
done
touch -d "@$((now - 100))" djb/current leap/current
is "labels of two kinds: the same times" \
	"$(rlogsess --time unix djb leap | grep -c "^$((now - 100))[.]000000000 ")" 6
printf 'Nov 20 23:19:54 host tcpserver: pid 7 from 192.0.2.7\n' >syslog
touch -d '2025-11-20 23:19:54' syslog
is "a stamp of syslog has the year of its file" \
	"$(rlogsess --time utc syslog | head -n 1)" \
	"2025-11-20 23:19:54.000000Z host tcpserver: pid 7 from 192.0.2.7"
rlogsess --time json log >out 2>err
is "--time json: exit 100" $? 100
is "--time json: the sentence" "$(cat err)" \
	"rlogsess: fatal: unknown form of times 'json': raw, local, tai64nlocal, utc, iso or unix"
for form in table json csv stats; do
	rlogsess --time utc -o $form log >out 2>err
	is "--time -o $form: exit 100" $? 100
	is "--time -o $form: the sentence" "$(cat err)" \
		"rlogsess: fatal: --time is about lines: of -o text, -o flat and --rest"
done

# -f: a follower begins with the last 10 sessions.
# Labels of the last minutes: the clock ends what is silent for an hour.
base=$(($(date +%s) - 100))
label() {
	printf '@40000000%08x00000000' $((base + $1 + 10))
}
line() {
	echo "$(label "$1") $2"
}
session() {
	line "$1" "tcpserver: pid $1 from 192.0.2.$1"
	line "$1" "$1 > 220 hi "
	line "$1" "tcpserver: end $1 status 0"
	line "$1" "$1 > [EOF]"
	line "$1" "$1 < [EOF]"
}
mkdir d
for n in $(seq 1 15); do
	session "$n"
done >d/current
line 16 'tcpserver: pid 16 from 192.0.2.16' >>d/current
follow() {
	: >out
	spawn sh -c 'exec rlogsess -f "$@" >out 2>err' - "$@"
}
pids_are() {
	[ "$(cut -f 4 out | tr '\n' ' ')" = "$1" ]
}
stop() {
	kill -s TERM "$spawned"
	wait_for 30 gone "$spawned"
}
follow -o table d
ok "-f: the last 10 sessions that are over" wait_for 30 pids_are \
	'6 7 8 9 10 11 12 13 14 15 ' || sed 's/^/# /' out err
{
	line 17 '16 > 220 hi '
	line 17 'tcpserver: end 16 status 0'
	line 17 '16 > [EOF]'
	line 17 '16 < [EOF]'
} >>d/current
ok "-f: then each session that ends, with its beginning" wait_for 30 pids_are \
	'6 7 8 9 10 11 12 13 14 15 16 '
stop
is "-f: no session is incomplete" "$(cut -f 14 out | sort -u)" -
follow -o table -n 2 d
ok "-f -n 2" wait_for 30 pids_are '15 16 '
stop
follow -o table -n all d
ok "-f -n all" wait_for 30 pids_are \
	'1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 '
stop
follow -o table -c cursor d
ok "-f -c: all, before there is a cursor" wait_for 30 pids_are \
	'1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 '
stop
follow -o table -k kept d
ok "-f -k: all" wait_for 30 pids_are \
	'1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 '
stop
follow -o table -S "$(label 5)" d
ok "-f -S: all of the window" wait_for 30 pids_are \
	'5 6 7 8 9 10 11 12 13 14 15 16 '
stop
follow -o csv -n 1 d
ok "-f -n 1 -o csv: the names stand before the sessions" \
	wait_for 30 eval '[ "$(cut -d , -f 2 out | tr "\n" " ")" = "pid 16 " ]'
stop

# -f -o flat: one address, while it speaks, through a pipe.
mkdir live
speak() {
	line "$@" >>live/current
}
live() {
	: >out
	spawn sh -c 'rlogsess -f -o flat "$@" live 2>err | cat >out' - "$@"
	wait_for 30 eval 'pgrep -g "$spawned" rlogsess >pid &&
		asleep "$(cat pid)" &&
		ls -l "/proc/$(cat pid)/fd" | grep -q live/current'
}
shown_are() {
	[ "$(cut -d ' ' -f 4- out)" = "$1" ]
}
hang_up() {
	kill -s TERM -- "-$spawned"
	wait_for 30 gone "$spawned"
}
speak 1 '7 > 220 hi '
speak 2 'tcpserver: pid 8 from 192.0.2.8'
live -i 192.0.2.7
speak 3 '7 < EHLO me '
speak 4 '8 > 220 to another '
speak 5 'tcpserver: ok 7 mx:192.0.2.25:25 :192.0.2.7::5'
before='7 > 220 hi 
7 < EHLO me 
tcpserver: ok 7 mx:192.0.2.25:25 :192.0.2.7::5'
ok "live: once the address is known, the lines before" \
	wait_for 30 shown_are "$before" || sed 's/^/# /' out err
for n in 1 2 3; do
	speak 6 "8 < NOOP $n "
	speak 6 "7 < RSET $n "
	before="$before
7 < RSET $n "
	ok "live: each line at once, $n" wait_for 30 shown_are "$before" ||
		sed 's/^/# /' out err
done
hang_up
is "live: the end of the run repeats nothing" "$(cut -d ' ' -f 4- out)" "$before"
is "live: no message" "$(cat err)" ''

# A follower that begins now shows the open session, and goes on.
live -i 192.0.2.7
ok "live: the lines of an open session, at the start" \
	wait_for 30 shown_are "$before" || sed 's/^/# /' out err
speak 7 '7 > [EOF]'
before="$before
7 > [EOF]"
ok "live: and the next one" wait_for 30 shown_are "$before"
hang_up
live -m 'RSET 2'
ok "live: -m, from the line on that matches" wait_for 30 shown_are "$before"
hang_up
live
all="$(cut -d ' ' -f 2- live/current)"
ok "live: without a filter, all sessions" wait_for 30 eval \
	'[ "$(cut -d " " -f 4- out | sort)" = "$(echo "$all" | sort)" ]'
speak 8 '8 < QUIT '
ok "live: without a filter, each line at once" \
	wait_for 30 eval 'tail -n 1 out | grep -q " 8 < QUIT $"'
hang_up
live -n all
ok "live: -n all is in the order of the log" wait_for 30 shown_are "$all
8 < QUIT "
hang_up
live -s
for text in 'tcpserver: pid 9 from 192.0.2.9' '9 > 220 hi ' '9 < EHLO me ' '9 < QUIT ' \
	'9 > 221 bye ' '9 > [EOF]' '9 < [EOF]' 'tcpserver: end 9 status 0'; do
	speak 9 "$text"
done
speak 9 'tcpserver: end 8 status 256'
speak 9 '8 > [EOF]'
speak 9 '8 < [EOF]'
ok "live: -s, once the end is known" wait_for 30 eval \
	'grep -q " 8 < QUIT $" out'
is "live: -s, no line of a session that ends well" "$(grep -c 192.0.2.9 out)" 0
hang_up
done_testing
