#!/bin/sh
# The formats for lnav: the real lnav reads a real log directory with one, and
# the lines of rlogsess -o json with the other.
. "$(dirname "$0")/../lib.sh"
export TZ=UTC HOME="$T"
mkdir -p share/formats/recio
cp "$top/doc/lnav/recio.json" share/formats/recio/

# COMMAND... on the log, without a terminal.
view() {
	lnav -I "$T/share" -n -c "$@" -c ':write-csv-to -' log/current log/@* \
		2>err
}

lnav -I "$T/share" -C >out 2>&1
is "lnav accepts the formats: exit 0" $? 0
is "lnav accepts the formats: no message" "$(cat out)" ""

# A log as rlog writes it, with an archive.
perl "$top/tests/tools/sessions.pl" 2000 10 | cut -d ' ' -f 2- >lines
printf '%s\n' 'rblsmtpd: 203.0.113.40 pid 4713: 451 come back later' \
	'qmail-smtpd[4713]: AUTH failed [203.0.113.40] joe' \
	'tcpserver: status: 1/40' '4713 > 550 no ' '4713 : start smtpd' \
	's6-tcpserverd: info: accept 2001:db8::7_4000 pid 4714 count 1/40' >>lines
rlog t s65536 n10 ./log <lines
ok "the log has an archive" test -e log/@*.s
is "lnav reads all lines as records of this format" \
	"$(view ';SELECT count(*) AS n FROM recio_log' | tail -n 1)" 2006
is "lnav selects the lines of a session" "$(view \
	';SELECT count(*) AS n FROM recio_log WHERE pid = 1020' | tail -n 1)" \
	"$(grep -c -e '^1020 ' -e ' 1020 ' lines)"
is "lnav selects the lines of a client" "$(view ";SELECT log_body FROM recio_log
	WHERE direction = '<' AND pid = 1020 AND log_body LIKE 'EHLO%'" |
	tail -n 1 | tr -d '"\r')" "EHLO client-20 "
is "lnav selects peers" \
	"$(view ";SELECT peer FROM recio_log WHERE peer IS NOT NULL
	ORDER BY log_line DESC LIMIT 2" | tail -n 2 | sort | tr '\n' ' ')" \
	"2001:db8::7 203.0.113.40 "
is "lnav selects programs" "$(view ";SELECT DISTINCT program FROM recio_log
	WHERE pid = 4713 AND program IS NOT NULL ORDER BY program" |
	tail -n 2 | tr '\n' ' ')" "qmail-smtpd rblsmtpd "
is "lnav shows replies from 500 on as errors" \
	"$(view ";SELECT log_body FROM recio_log
	WHERE log_level = 'error'" | tail -n 1 | tr -d '"')" "550 no "
is "lnav shows the times of the labels" "$(view ";SELECT log_time FROM recio_log
	ORDER BY log_line LIMIT 1" | tail -n 1 | cut -c 1-19)" \
	"$(rlogread -o utc log | head -n 1 | cut -c 1-19)"

# Sessions: of a log, and one that recio could look into.
{
	cat "$top/tests/samples/smtpd.log"
	printf '%s\n' '2026-11-20T23:00:00.000Z 9 > 220 mx ' \
		'2026-11-20T23:00:01.500Z 9 < STARTTLS ' \
		'2026-11-20T23:00:01.750Z 9 > 220 go ahead ' \
		'2026-11-20T23:00:02.000Z 9 : TLS TLSv1.3 TLS_AES_256_GCM_SHA384' \
		'2026-11-20T23:00:02.000Z 9 < QUIT ' \
		'2026-11-20T23:00:02.000Z 9 > 221 bye ' \
		'2026-11-20T23:00:02.000Z 9 < [EOF]' \
		'2026-11-20T23:00:02.000Z 9 > [EOF]'
} >smtpd
rlogsess -o json smtpd >sessions.json

# COLUMNS: these columns of all sessions, in the order of their starts.
select_columns() {
	lnav -I "$T/share" -n -c ";SELECT $1 FROM recio_sessions" \
		-c ':write-csv-to -' sessions.json 2>>err | tail -n +2
}
: >err
lnav -I "$T/share" -n sessions.json >out 2>>err
is "lnav shows a session a line" "$(wc -l <out)" "$(wc -l <sessions.json)"
is "lnav shows a session: start, outcome, seconds, pid, peer, HELO, TLS, reply" \
	"$(head -n 1 out | tr -s ' ')" "2026-11-20 22:00:00.010 fine 1.193000s \
4711 192.0.2.7 client.example.org - 221 mx.example.net"
# NAME...: the values of these members, comma-separated, "" for none.
members() {
	perl -MJSON::PP -e 'my @names = @ARGV; my @rows;
		while (<STDIN>) {
			my $object = decode_json($_);
			push @rows, [$object->{start}, join ",", map {
				$object->{$_} // "<NULL>" } @names];
		}
		print "$_->[1]\n" for sort { $a->[0] cmp $b->[0] } @rows' \
		"$@" <sessions.json
}
for name in outcome client_seconds server_seconds tls cipher pid peer exit \
	size recipient_count; do
	members $name >want
	select_columns $name >got
	same "lnav has $name of each session" want got
done
is "lnav has the TLS of a session" \
	"$(select_columns tls | tail -n 1)" TLSv1.3
is "lnav selects by an element of a list" "$(select_columns \
	"count(*)" | tail -n 1) $(lnav -I "$T/share" -n -c ";SELECT pid FROM
	recio_sessions WHERE jget(log_raw_text, '/from/0') = 'alice@example.org'" \
	-c ':write-csv-to -' sessions.json 2>>err | tail -n 1)" \
	"$(wc -l <sessions.json) 4711"
is "lnav shows bad outcomes as errors, refusals as warnings" \
	"$(select_columns log_level | tr '\n' ' ')" \
	"info error warning info info "
is "no message of lnav" "$(cat err)" ''
done_testing
