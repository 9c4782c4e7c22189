#!/bin/sh
# The example service for daemontools, its files themselves, under svscan and
# supervise: fed, stopped and started again, with nothing lost.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/peer/examples.sh"

log=service/smtpd/log

records() {
	cat "$log"/main/@*.s "$log"/main/current
}

logger_pid() {
	svstat "$log" | sed -n 's/.*: up (pid \([0-9]*\)).*/\1/p'
}

is_up() {
	svstat "$1" | grep -q ': up '
}

is_down() {
	svstat "$1" | grep -q ': down '
}

smtpd_down() {
	svc -d service/smtpd && wait_for 20 is_down service/smtpd
}

smtpd_up() {
	svc -u service/smtpd && wait_for 20 is_up service/smtpd
}

logger_down() {
	svc -d "$log" && wait_for 20 is_down "$log"
}

logger_up() {
	svc -u "$log" && wait_for 20 is_up "$log"
}

logger_term() {
	svc -t "$log"
}

supervised() {
	svok service/smtpd && svok "$log"
}

unsupervised() {
	! svok service/smtpd && ! svok "$log"
}

service_from daemontools
spawn svscan service
ok "supervise is running for both" wait_for 20 supervised
play_scenario
kill "$spawned"
svc -dx service/smtpd "$log"
ok "both supervise end" wait_for 20 unsupervised
done_testing
