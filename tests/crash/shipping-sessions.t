#!/bin/sh
# Sessions of a log on their way to a stream of three servers, while servers and
# rlogship are killed and stopped at random moments, and the logger rotates: every
# server has the object of each session once, as rlogsess has it. The servers know
# the ids of messages for one second only.
# CRASH_LONG=1: more rounds of faults and more seeds. SEED: another series; ROUNDS:
# how many rounds.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/nats.sh"
. "$top/tests/server-faults.sh"
. "$top/tests/shipped-sessions.sh"
needs_nats

# start_process ship: the only process beside the servers that is killed.
start_process() {
	spawn sh -c 'exec rlogship -o sessions -b 16k -c cursor -n mx1/r "$1" \
		main 2>>err.ship' - "nats://$nats/SESS/sess.mx1.r"
	# shellcheck disable=SC2034 # server-faults.sh uses it
	pid_ship=$spawned
}
# Logs sessions of 25 lines until SIGTERM, the last ones to their end.
write_sessions() {
	rm -f lines
	mkfifo lines
	mkdir main
	spawn sh -c 'exec rlog t s64k n1000000 ./main <lines'
	logger=$spawned
	# shellcheck disable=SC2016 # of perl
	spawn sh -c 'perl "$1" 2000000 30 | cut -d " " -f 2- | perl -e '\''
		my $ended = 0;
		$SIG{TERM} = sub { $ended = 1 };
		until ($ended) {
			print scalar <STDIN> for 1 .. 100;
			$| = 1;
			select undef, undef, undef, 0.05;
		}'\'' >lines' - "$top/tests/tools/sessions.pl"
	writer=$spawned
}
finish() {
	kill -s TERM -- "-$writer"
	ok "seed $seed: the logger ends" wait_for 60 gone "$logger"
	ok "seed $seed: the servers are ready" nats_ready
	end_process ship TERM 0
	is "seed $seed: rlogship did not end by itself" "$early" 0
	# A line that is hours later, so that all sessions are over.
	printf '@%016x00000000 tcpserver: status: 0/40\n' \
		$((4611686018427387914 + $(date +%s) + 9999)) >>main/current
	rlogship -1 -o sessions -c cursor -n mx1/r \
		"nats://$nats/SESS/sess.mx1.r" main 2>>err.ship
	is "seed $seed: rlogship -1 sends the rest" "$?" 0
	ok "seed $seed: all servers have the last message" \
		wait_for 60 replicas_current SESS
}
judge() {
	wanted_sessions r main | sort >want
	ok "seed $seed: the log has many sessions" test "$(wc -l <want)" -gt 100
	for server in 1 2 3; do
		stored_sessions r "n$server" | plain_sessions | sort >got
		is "seed $seed: server $server has no session twice" \
			"$(sed 's/.*"id": "\([^"]*\)".*/\1/' got | sort | uniq -d)" ''
		same "seed $seed: server $server has each as rlogsess has it" \
			got want
	done
}

run_series() {
	seed=$1 early=0
	rm -rf "series$seed"
	mkdir "series$seed"
	cd "series$seed" || exit 111
	nats_run 3
	nats_stream SESS 'sess.>' -s -w 1
	write_sessions
	start_process ship
	print_faults "$seed" "$2" ship >plan
	echo "# seed $seed: $(wc -l <plan) faults"
	run_faults <plan
	finish
	judge
	echo "# seed $seed: $(wc -l <want) sessions," \
		"$(grep -c kill_process faults) kills of rlogship," \
		"$(grep -c nats_kill faults) of servers," \
		"$(grep -c warning err.ship) warnings"
	nats_kill 1 2 3
	cd "$T" || exit 111
	rm -rf nats
}

for seed in ${SEED:-${CRASH_LONG:+1 2 3 }4}; do
	run_series "$seed" "${ROUNDS:-$([ -z "${CRASH_LONG:-}" ] && echo 3 ||
		echo 60)}"
done
done_testing
