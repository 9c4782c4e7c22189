#!/bin/sh
# The example units for systemd. systemd itself does not run here: their syntax
# is checked by systemd-analyze, and the command lines of the units themselves
# are run by a plain shell that stands in for it. It holds the fifo open as the
# socket unit does, and starts and stops the two as the service units say.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/peer/examples.sh"

units=$top/doc/examples/systemd
main=$T/service/smtpd/log/main
mkdir -p "${main%/*}"
files_of_scenario

# setting UNIT NAME
setting() {
	sed -n "s/^$2=//p" "$units/$1"
}

# That rlog is not yet installed is the only thing that may be said.
if command -v systemd-analyze >/dev/null; then
	is "systemd-analyze finds nothing in the units" "$(
		cd "$units" && systemd-analyze --man=no verify ./smtpd-*.s* 2>&1 |
			grep -v 'Command rlog is not executable: No such file'
	)" ""
else
	skip "systemd-analyze is not installed" 1
fi
for wire in 'log.service StandardInput' 'recorded.service StandardOutput' \
	'recorded.service StandardError'; do
	is "the pipe is smtpd-log.socket's: $wire" \
		"$(setting "smtpd-${wire% *}" "${wire#* }")" fd:smtpd-log.socket
done
is "the service inherits it" \
	"$(setting smtpd-recorded.service Sockets)" smtpd-log.socket
is "only the service's own process is stopped, open sessions are not" \
	"$(setting smtpd-recorded.service KillMode)" process

eval "export $(setting smtpd-recorded.service Environment)"
is "the settings have their defaults" \
	"$IP $PORT $CONCURRENCY $SMTPD" \
	'0 25 40 /usr/sbin/exim4 -bs -oMa "$TCPREMOTEIP"'
IP=127.0.0.1 PORT=$port SMTPD=cat LOGS_DIRECTORY=$main
export IP PORT SMTPD LOGS_DIRECTORY
mkfifo pipe
exec 9<>pipe

records() {
	cat "$main"/@*.s "$main/current"
}

smtpd_up() {
	spawn sh -c "exec $(setting smtpd-recorded.service ExecStart)" 9>&- \
		>pipe 2>&1
	smtpd=$spawned
}

smtpd_down() {
	kill "$smtpd" && { wait "$smtpd" 2>/dev/null || :; }
}

logger_up() {
	spawn sh -c "exec $(setting smtpd-log.service ExecStart) <pipe" 9>&-
	logger=$spawned
}

logger_down() {
	kill "$logger" && { wait "$logger" 2>/dev/null || :; }
}

logger_term() {
	logger_down
	logger_up
}

logger_pid() {
	echo "$logger"
}

both_up
play_scenario
ok "both are stopped at last" both_down
done_testing
