#!/bin/sh
# The example service for runit, its files themselves, under runsv: fed, stopped
# and started again, with nothing lost.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/peer/examples.sh"

log=service/smtpd/log

records() {
	cat "$log"/main/@*.s "$log"/main/current
}

logger_pid() {
	cat "$log"/supervise/pid
}

state_is() {
	grep -q "^$2" "$1/supervise/stat"
}

# control DIRECTORY LETTER: as sv does, without waiting.
control() {
	printf '%s' "$2" >"$1/supervise/control"
}

smtpd_down() {
	control service/smtpd d && wait_for 20 state_is service/smtpd down
}

smtpd_up() {
	control service/smtpd u && wait_for 20 state_is service/smtpd run
}

logger_down() {
	control "$log" d && wait_for 20 state_is "$log" down
}

logger_up() {
	control "$log" u && wait_for 20 state_is "$log" run
}

logger_term() {
	control "$log" t
}

supervised() {
	state_is service/smtpd run && state_is "$log" run
}

service_from runit
spawn runsv service/smtpd
ok "runsv is running both" wait_for 20 supervised
play_scenario
control service/smtpd x
ok "runsv ends" wait "$spawned"
done_testing
