# shellcheck shell=sh
# For tests with rsyslog as a server of RELP. Source it after tests/lib.sh. Its
# package would take over the machine's log: it is only unpacked.
#
#   needs_rsyslog              ends the test here if there is no rsyslog
#   rsyslog_start CONF         starts rsyslog, its pid is in $rsyslog_pid, and
#                              waits until it listens on $rsyslog_port
#   rsyslog_check CONF         checks a configuration
#   rsyslog_kill               kills it (-9), and waits for its end
#   rsyslog_end                tells it to end, and waits for its end
#   rsyslog_example            prints the configuration of doc/examples, with port
#                              and paths of the test, and without waiting for the
#                              disk; it writes to $T/stored
#   relp_send [ARG...]         is relp-send to that server
#   count FILE                 prints the number of its lines, 0 without a file
# shellcheck disable=SC2154 # lib.sh sets top
: "${T:?}" "${top:?}" "${spawned?}" "${tools:?}"
. "$top/tests/peer/unpacked.sh"

needs_rsyslog() {
	if unpacked rsyslog rsyslog-relp librelp0 libestr0 libfastjson4; then
		rsyslog_port=$(free_port)
		rsyslog_libs=$(echo "$T"/rsyslog/usr/lib/*-linux-*)
		cp rsyslog-relp/usr/lib/*/rsyslog/imrelp.so "$rsyslog_libs/rsyslog"
		for package in librelp0 libestr0 libfastjson4; do
			cp -P "$package"/usr/lib/*/lib* "$rsyslog_libs"
		done
		mkdir work
		return
	fi
	skip 'rsyslog, rsyslog-relp or a library of theirs is not fetched' 1
	done_testing
}

# Runs the command with rsyslogd -f CONF and what it needs as its arguments.
with_rsyslog() {
	"$1" env LD_LIBRARY_PATH="$rsyslog_libs" \
		"$T/rsyslog/usr/sbin/rsyslogd" -M "$rsyslog_libs/rsyslog" \
		-i "$T/rsyslog.pid" "$3" -f "$2"
}

rsyslog_check() {
	with_rsyslog command "$1" -N1 2>>rsyslog.log
}

rsyslog_start() {
	rm -f rsyslog.pid
	with_rsyslog spawn "$1" -n >>rsyslog.log 2>&1
	rsyslog_pid=$spawned
	wait_for 20 listening "$rsyslog_port" && return
	sed 's/^/# /' rsyslog.log
	return 1
}

rsyslog_kill() {
	kill -s KILL "$rsyslog_pid"
	wait_for 20 gone "$rsyslog_pid"
}

rsyslog_end() {
	kill -s TERM "$rsyslog_pid"
	wait_for 20 gone "$rsyslog_pid"
}

rsyslog_example() {
	echo "global(workDirectory=\"$T/work\")"
	sed -e "s|port=\"2514\"|port=\"$rsyslog_port\" address=\"127.0.0.1\"|" \
		-e "s|/var/log/rlog.log|$T/stored|" -e 's/ sync="on"//' \
		"$top/doc/examples/relp/rsyslog.conf"
}

relp_send() {
	"$tools/relp-send" "relp://127.0.0.1:$rsyslog_port" "$@"
}

count() {
	if [ -e "$1" ]; then
		wc -l <"$1"
	else
		echo 0
	fi
}
