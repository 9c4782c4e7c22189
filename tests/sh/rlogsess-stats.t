#!/bin/sh
# rlogsess -o stats: the charts, in the widths and characters of the screen.
. "$(dirname "$0")/../lib.sh"
export TZ=UTC COLUMNS=60 LC_ALL=C

# session SECOND PID SENDER REPLY...: a session that begins so many seconds
# after 22:00, whose sender has these replies to its recipients.
session() {
	perl -e 'my ($at, $pid, $sender, @replies) = @ARGV;
		sub say { my ($wait, $text) = @_; $at += $wait;
			printf "2026-11-20T%02d:%02d:%06.3fZ %s\n",
				22 + int($at / 3600), int($at / 60) % 60,
				$at - 60 * int($at / 60), $text }
		say(0, "tcpserver: pid $pid from 192.0.2.$pid");
		say(0.25, "$pid > 220 mx ");
		say(1, "$pid < MAIL FROM:<$sender> ");
		say(0.5, "$pid > 250 ok ");
		say(0, "$pid < RCPT TO:<b\@example.net> "), say(0.25, "$pid > $_ ")
			for @replies;
		say(2, "$pid < QUIT ");
		say(0, "$pid > 221 bye ");
		say(0, "$pid $_ [EOF]") for "<", ">";
		say(0, "tcpserver: end $pid status 0")' "$@"
}
{
	session 0 1 a@example.org '250 ok'
	session 10 2 a@example.org '550 <b@example.net> unknown'
	session 70 3 b@example.org '550 <c@example.net> unknown' '451 later'
	session 130 4 a@example.org '550-no' '550 <d@example.net> unknown'
} >log
chart() {
	rlogsess -o stats log | sed -n "/^$1/,/^\$/p" | sed '/^$/d'
}
cat >want <<'END'
outcomes: sessions, most in a column; columns of 1 minute from 2026-11-20 22:00
fine               1        1  |#  |
refused            3        1  |###|
END
chart outcomes >got
same "outcomes over time" got want
cat >want <<'END'
durations: sessions
below 10 s                      4  ########################
END
chart durations >got
same "durations" got want
cat >want <<'END'
seconds waited: total; 50, 90 and 99 % of sessions
for the client                12.000       3.000       3.000       3.000
for the server                 4.500       1.016       1.250       1.250
END
chart 'seconds waited' >got
same "waits" got want
is "the slowest session is first" \
	"$(chart slowest | sed -n 2p | tr -s ' ')" \
	' 4.250 3.000 1.250 2026-11-20 22:01:10 3 192.0.2.3'
is "each session is one of the slowest" "$(chart slowest | wc -l)" 5
cat >want <<'END'
refused senders: sessions
           2  a@example.org
           1  b@example.org
END
chart 'refused senders' >got
same "senders that were refused" got want
cat >want <<'END'
refusing replies: sessions
           3  550 <> unknown
           1  451 later
END
chart 'refusing replies' >got
same "refusing replies, without their addresses" got want

# Twelve sessions, each with a slower refusal than the one before.
set --
for pid in 1 2 3 4 5 6 7 8 9 10 11 12; do
	set -- "$@" "550 no, $pid"
	session $pid $pid $pid@example.org "$@"
done >log
is "each list has ten rows" \
	"$(for list in busiest refused\ senders refusing slowest; do
		chart "$list" | sed 1d | wc -l
	done | xargs)" '10 10 10 10'
is "the slowest ten, the slowest first" \
	"$(chart slowest | sed 1d | tr -s ' ' | cut -d ' ' -f 7 | xargs)" \
	'12 11 10 9 8 7 6 5 4 3'

for pid in 1 2 3 4 5 6 7 8 9; do
	session $((pid * 600)) $pid a@example.org
done >log
is "columns are as wide as they have to be" \
	"$(COLUMNS=50 chart outcomes | sed -n 's/.*|\(.*\)|/\1/p')" '# # # # # # # # #'
is "the narrowest screen" \
	"$(COLUMNS=1 chart outcomes | sed -n 's/.*|\(.*\)|/\1/p')" '+##-'
is "no width: 80 columns" \
	"$(COLUMNS=x chart outcomes | sed -n 's/.*|\(.*\)|/\1/p' | wc -c)" 18
is "blocks where the locale is UTF-8" \
	"$(LC_ALL=C.UTF-8 chart durations | tail -n 1 |
		LC_ALL=C.UTF-8 grep -c '  █*$')" 1
is "and not where it is not" "$(LC_ALL=C chart durations | LC_ALL=C grep -c '[^ -~]')" 0

printf '7 > 220 mx \n7 < [EOF]\n7 > [EOF]\n' >log
is "a log without stamps has no charts of times" \
	"$(rlogsess -o stats log | grep -c '^outcomes\|^durations\|^seconds\|^slowest')" 0
{
	printf '7 > 220 mx \n7 < MAIL FROM:<\033[31m> \n7 > 550 \302\233\033]0;x\007 no \n'
	printf '7 < [EOF]\n7 > [EOF]\n'
} >log
is "bytes of peers cannot drive a terminal" \
	"$(rlogsess -o stats log | LC_ALL=C tr -d '\n -~' | wc -c)" 0
done_testing
