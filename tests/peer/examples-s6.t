#!/bin/sh
# The example service for s6, its files themselves, under s6-svscan and
# s6-supervise: fed, stopped and started again, with nothing lost.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/peer/examples.sh"

log=service/smtpd/log

records() {
	cat "$log"/main/@*.s "$log"/main/current
}

logger_pid() {
	s6-svstat -o pid "$log" | grep -v -e -1
}

smtpd_down() {
	s6-svc -wD -T 20000 -d service/smtpd
}

smtpd_up() {
	s6-svc -wu -T 20000 -u service/smtpd
}

logger_down() {
	s6-svc -wD -T 20000 -d "$log"
}

logger_up() {
	s6-svc -wu -T 20000 -u "$log"
}

logger_term() {
	s6-svc -t "$log"
}

supervised() {
	s6-svok service/smtpd && s6-svok "$log"
}

unsupervised() {
	! s6-svok service/smtpd && ! s6-svok "$log"
}

service_from s6
spawn s6-svscan service
ok "s6-supervise is running for both" wait_for 20 supervised
play_scenario
kill "$spawned"
ok "s6-svscan ends" wait "$spawned"
ok "both s6-supervise end" wait_for 20 unsupervised
done_testing
