#!/bin/sh
# The example services of rlogship and rlogfetch, their files themselves, under
# daemontools, runit and s6: a log is sent and collected while both programs are
# killed, and no line is lost or doubled. systemd itself does not run here: its
# units are checked, and a shell runs their command lines.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/nats.sh"
needs_nats
no_leak_check
for program in rlogship rlogfetch; do
	[ -x "$BUILD/$program" ] || {
		skip "$program is not built" 1
		done_testing
	}
done
ldd "$BUILD/rlogship" | grep -q libnats || {
	skip 'the programs were built without libnats' 1
	done_testing
}
nats_run 1

# add FROM TO: adds lines to the log, whose files are small.
add() {
	seq -f 'line %g' "$1" "$2" | rlog t s4k n1000 "$main"
	rlogread "$main" >want
}

# prepare SUPERVISOR: a stream, an empty log, and settings for both services.
prepare() {
	supervisor=$1
	main=$T/$supervisor/main
	hosts=$T/$supervisor/hosts
	mkdir "$supervisor"
	nats_stream "$supervisor" "$supervisor.>"
	add 1 1000
}

# use PROGRAM: its service, as links to the example and settings of its own.
use() {
	service=$supervisor/service/$1
	example=$top/doc/examples/$supervisor/$1
	mkdir -p "$service/log"
	cp -R "$example/env" "$service/env"
	for file in run log/run notification-fd; do
		[ ! -e "$example/$file" ] ||
			ln -s "$example/$file" "$service/$file"
	done
	: >"$service/env/CAFILE"
	: >"$service/env/NATS_NKEY"
}

use_both() {
	use rlogship
	echo "nats://$nats/$supervisor/$supervisor.mx1.smtpd" >"$service/env/URL"
	echo "$main" >"$service/env/LOG"
	use rlogfetch
	echo "nats://$nats/$supervisor" >"$service/env/URL"
	echo "$hosts" >"$service/env/DIR"
}

collected() {
	rlogread "$hosts/mx1/smtpd" >got 2>rlogread.err
	cmp -s got want
}

has_other_pid() {
	now=$(pid_of "$1") && [ -n "$now" ] && [ "$now" != "$2" ] &&
		kill -s 0 "$now"
}

# kill_it PROGRAM: and waits until it is started again.
kill_it() {
	old=$(pid_of "$1")
	kill -s KILL "$old"
	restart "$1"
	wait_for 30 has_other_pid "$1" "$old"
}

has_archives() {
	ls "$main"/@*.s >/dev/null
}

# What the supervisors do by themselves.
restart() {
	:
}

play() {
	ok "$supervisor: the lines of the log are collected" \
		wait_for 60 collected
	add 1001 3000
	ok "$supervisor: rlogship is killed, and started again" kill_it rlogship
	add 3001 4000
	ok "$supervisor: rlogfetch is killed, and started again" \
		kill_it rlogfetch
	add 4001 5000
	ok "$supervisor: all lines are collected, once and in order" \
		wait_for 60 collected ||
		diff want got | head | sed 's/^/# /'
	is "$supervisor: the log has 5000 lines" "$(cut -d' ' -f3 want | sort -nu |
		wc -l)" 5000
	ok "$supervisor: the origin has archives" has_archives
}

log_of() {
	cat "$supervisor/service/$1/log/main/current"
}

# daemontools
pid_of() {
	svstat "$supervisor/service/$1" |
		sed -n 's/.*: up (pid \([0-9]*\)).*/\1/p'
}
prepare daemontools
use_both
spawn svscan "$supervisor/service"
play
ok "$supervisor: each has a log of its own" log_of rlogship
ok "rlogfetch, too" log_of rlogfetch
kill "$spawned"
svc -dx "$supervisor"/service/* "$supervisor"/service/*/log
ok "$supervisor: the status file at the end counts the lines" wait_for 30 \
	grep -q '^lines [1-9]' "$supervisor/service/rlogship/state/status"

# runit
pid_of() {
	cat "$supervisor/service/$1/supervise/pid"
}
prepare runit
use_both
spawn runsvdir -P "$T/$supervisor/service"
play
ok "$supervisor: each has a log of its own" log_of rlogship
ok "rlogfetch, too" log_of rlogfetch
kill -s HUP "$spawned"
ok "$supervisor: runsvdir ends its services" wait_for 30 gone "$spawned"

# s6
pid_of() {
	s6-svstat -o pid "$supervisor/service/$1" | grep -v -e -1
}
is_ready() {
	[ "$(s6-svstat -o ready "$supervisor/service/$1")" = true ]
}
prepare s6
use_both
spawn s6-svscan "$supervisor/service"
play
ok "$supervisor: rlogship is ready" wait_for 30 is_ready rlogship
ok "$supervisor: rlogfetch is ready" wait_for 30 is_ready rlogfetch
ok "$supervisor: each has a log of its own" log_of rlogship
ok "rlogfetch, too" log_of rlogfetch
kill "$spawned"
ok "$supervisor: s6-svscan ends" wait "$spawned"

# systemd
units=$top/doc/examples/systemd
if command -v systemd-analyze >/dev/null; then
	is "systemd-analyze finds nothing in the units" "$(
		cd "$units" && systemd-analyze --man=no verify \
			./rlogship@.service ./rlogfetch.service 2>&1 |
			grep -v 'Command rlog[a-z]* is not executable: No such'
	)" ""
else
	skip "systemd-analyze is not installed" 1
fi
# setting UNIT NAME: with what systemd puts in place of %i and %l.
setting() {
	sed -n -e 's/%i/smtpd/g' -e 's/%l/mx1/g' \
		-e "s|/var/log|$T/systemd|" -e "s/^$2=//p" "$units/$1.service"
}
command_of() {
	case $1 in
	rlogship) setting rlogship@ ExecStart ;;
	*) setting rlogfetch ExecStart ;;
	esac
}
pid_of() {
	cat "$supervisor/$1.pid"
}
restart() {
	spawn sh -c "exec $(command_of "$1")" 2>>"$supervisor/$1.err"
	echo "$spawned" >"$supervisor/$1.pid"
}
prepare systemd
main=$T/systemd/smtpd
mv "$T/systemd/main" "$main"
for unit in rlogship@ rlogfetch; do
	setting "$unit" Environment >environment
	ok "$unit: the settings have their defaults" test -s environment
	is "$unit is always started again" "$(setting "$unit" Restart)" always
	while read -r line; do
		eval "export $line"
	done <environment
done
is "the limits are a script of rlog" "$LIMITS" 's1m n1000'
URL=nats://$nats/systemd
STATE_DIRECTORY=$T/systemd
RUNTIME_DIRECTORY=$T/systemd
LOGS_DIRECTORY=$T/systemd/hosts
export URL STATE_DIRECTORY RUNTIME_DIRECTORY LOGS_DIRECTORY
unset CAFILE NATS_NKEY
nats_api STREAM.UPDATE.systemd '{"name":"systemd","subjects":["rlog.>"],
	"retention":"limits","storage":"file","discard":"new","num_replicas":1,
	"max_age":2592000000000000,"max_bytes":10737418240,
	"max_msg_size":1048576,"duplicate_window":120000000000,
	"deny_delete":true,"deny_purge":true}' >answer
ok "the stream has the subjects of the unit" grep -q 'rlog\.' answer
restart rlogship
restart rlogfetch
play
kill "$(pid_of rlogship)" "$(pid_of rlogfetch)"
done_testing
