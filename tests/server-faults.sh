# shellcheck shell=sh
# For tests that kill and stop the servers of a cluster, and other processes, at
# random moments. Source it after tests/nats.sh. The test has start_process NAME,
# which starts a process, or starts it again, with its pid in $pid_NAME and its
# messages in err.NAME.
#
#   print_faults SEED ROUNDS NAME...   prints a series, a fault a line: the seconds
#                                      before it, and its words. A round is a
#                                      fault of one, two or all servers, and
#                                      faults of processes meanwhile
#   run_faults                         makes the faults of standard input
#   end_process NAME SIGNAL STATUS     ends a process; one that had ended with
#                                      another status before adds to $early
#   kill_process, stop_process, continue_process NAME
#   replicas_current STREAM            true if all servers have all messages
: "${T:?}" "${nats_count?}"

print_faults() {
	perl -e '
		my ($seed, $rounds, @processes) = @ARGV;
		srand $seed;
		sub put { printf "%.3f %s\n", rand shift, "@_" }
		sub pick { $_[rand @_] }
		for (1 .. $rounds) {
			my @left = (1 .. 3);
			my $number = pick(1, 1, 2, 3);
			my @servers = map { splice @left, rand @left, 1 } 1 .. $number;
			my ($down, $up) = @{pick(["kill", "start"],
				["stop", "continue"])};
			put(1, "nats_$down", @servers);
			for (1 .. int rand 4) {
				my $process = pick(@processes);
				if (rand(3) > 1) {
					put(0.7, "kill_process", $process);
				} else {
					put(0.7, "stop_process", $process);
					put(1.5, "continue_process", $process);
				}
			}
			put(1.5, "nats_$up", @servers);
		}' "$@"
}

pid_of() {
	eval "echo \"\$pid_$1\""
}
# A process that ended before it was killed is counted.
end_process() {
	kill -s "$2" "$(pid_of "$1")"
	wait "$(pid_of "$1")" 2>/dev/null
	end_status=$?
	[ "$end_status" = "$3" ] && return
	early=$((early + 1))
	echo "# $1 ended with status $end_status:"
	tail -n 5 "err.$1" | sed 's/^/# /'
}
kill_process() {
	end_process "$1" KILL 137
	start_process "$1"
}
stop_process() {
	kill -s STOP "$(pid_of "$1")"
}
continue_process() {
	kill -s CONT "$(pid_of "$1")"
}

# The moments of the faults are random, so they are waited for by time.
run_faults() {
	while read -r seconds words; do
		sleep "$seconds"
		echo "$words" >>faults
		# shellcheck disable=SC2086 # words
		$words
	done
}

replicas_current() {
	nats_api "STREAM.INFO.$1" >info
	[ "$(grep -o '"current":true' info | wc -l)" = 2 ] &&
		! grep -q '"lag":' info
}
