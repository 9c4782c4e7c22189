# shellcheck shell=sh
# What the tests of the example services share: one scenario, played with the
# files of doc/examples themselves under a real supervisor. Sourced after
# tests/lib.sh by a test that defines
#
#   smtpd_down, smtpd_up     stops or starts the service, and waits for it
#   logger_down, logger_up   the same for its log service
#   logger_term              sends TERM to the logger; it is started again
#   logger_pid               prints the pid of the running logger, or nothing
#   records                  prints everything that the logger wrote
#
# The service's program is cat: whatever a client sends comes back, so that
# every line must be in the log twice, in either direction.

no_leak_check

: "${top:?}"

# A service directory $T/service/smtpd that consists of links to the example
# $1 and of settings of its own.
service_from() {
	example=$top/doc/examples/$1/smtpd
	mkdir -p service/smtpd/log
	ln -s "$example/run" service/smtpd/run
	ln -s "$example/log/run" service/smtpd/log/run
	cp -R "$example/env" service/smtpd/env
	files_of_scenario
	echo 127.0.0.1 >service/smtpd/env/IP
	echo "$port" >service/smtpd/env/PORT
	echo cat >service/smtpd/env/SMTPD
}

# What client needs.
files_of_scenario() {
	port=$(free_port)
	: >want
	mkfifo gate
}

# client TAG LINES [GATE]: adds what must be recorded to the file want.
client() {
	"$top/tests/tools/echo-clients.pl" "$port" "$1" 1 "$2" 120 \
		${3:+"$3"} >"want.$1" && cat "want.$1" >>want
}

# recorded TEXT: whether a line with this text is in the log.
recorded() {
	records | grep -q "$1"
}

same_records() {
	records | "$top/tests/tools/records.pl" | LC_ALL=C sort >got.sorted
	LC_ALL=C sort want >want.sorted
	cmp -s got.sorted want.sorted
}

other_logger() {
	new=$(logger_pid) && [ -n "$new" ] && [ "$new" != "$1" ]
}

ended() {
	! kill -0 "$1" 2>/dev/null
}

# The log is larger than $1 bytes, or process $2 is gone.
grown() {
	[ "$(records | wc -c)" -gt "$1" ] || ended "$2"
}

# Ends loggers by TERM, each when it has written something, one after the other, until process $1 is gone.
logger_killed_while() {
	killed=0
	until ended "$1" && [ $killed -ge 3 ]; do
		old=$(logger_pid)
		logger_term
		wait_for 20 other_logger "$old" || return
		size=$(records | wc -c)
		wait_for 20 grown "$size" "$1" || return
		killed=$((killed + 1))
	done
}

# The service is running; the log service as well.
play_scenario() {
	ok "the service answers" wait_for 20 listening "$port"

	ok "a session is echoed" client plain 12000

	client across 2000 gate &
	across=$!
	ok "half of another session is recorded" \
		wait_for 20 recorded "> across-1-1000 "
	ok "the service is stopped" smtpd_down
	ok "the stopped service answers no more" not listening "$port"
	echo go >gate
	ok "the open session goes on to its end" wait "$across"
	ok "the service is started again" smtpd_up
	ok "the service answers after its second start" \
		wait_for 20 listening "$port"
	ok "a session is echoed after the second start" client again 1000
	ok "the session after the second start is recorded" \
		wait_for 20 recorded "> again-1-1000 "

	ok "the logger is stopped" logger_down
	ok "a session is echoed without a logger" client unlogged 100
	ok "the logger is started again" logger_up
	ok "the logger records lines that it missed" \
		wait_for 20 recorded "> unlogged-1-100 "

	client term 30000 &
	term=$!
	ok "the logger is killed by TERM again and again in a session" \
		logger_killed_while "$term"
	echo "# killed $killed times"
	ok "the session of a logger killed again and again is echoed" \
		wait "$term"

	ok "service and logger are stopped" both_down
	ok "service and logger are started" both_up
	ok "the service answers again" wait_for 20 listening "$port"
	ok "a last session is echoed" client last 1000
	ok "the last session is recorded" wait_for 20 recorded "> last-1-1000 "

	ok "every line is in the log, once in each direction" same_records ||
		diff want.sorted got.sorted | head -n 20 | sed 's/^/# /'
	is "the log has the number of lines that clients sent" \
		"$(grep -c . got.sorted)" \
		$((2 * (12000 + 2000 + 1000 + 100 + 30000 + 1000)))
	ok "the log has archives" archives
}

both_down() {
	smtpd_down && logger_down
}

both_up() {
	logger_up && smtpd_up
}

not() {
	! "$@"
}

archives() {
	ls service/smtpd/log/main/@*.s >/dev/null
}
