#!/bin/sh
# The format for lnav: the real lnav reads a real log directory with it.
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
is "lnav accepts the format: exit 0" $? 0
is "lnav accepts the format: no message" "$(cat out)" ""

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
done_testing
