#!/bin/sh
# Lines of two logs on their way through three servers to the directories of
# rlogfetch, while servers, rlogship, rlogfetch and rlog are killed and stopped
# at random moments: every server has every line once and in order, and so have
# the directories. The servers know the ids of messages for one second only.
# CRASH_LONG=1: more rounds of faults and more seeds. SEED: other series; ROUNDS:
# how many rounds; WINDOW: how many seconds the servers know ids.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/nats.sh"
. "$top/tests/server-faults.sh"
needs_nats

# Writes numbered lines of many lengths until SIGTERM, then their number to file
# $1: one in 400 is long. They are all different from those of another log.
write_lines() {
	spawn sh -c 'exec perl -e '\''
		my ($log, $file) = @ARGV;
		my ($n, $ended) = (0, 0);
		$SIG{TERM} = sub { $ended = 1 };
		until ($ended) {
			my $bytes = join "", map { $n++; my $size = $n % 400
				? $n * 37 % 61 : 1000 + $n * 37 % 9000;
				"log $log line $n " . "x" x $size . "\n" } 1 .. 60;
			while (length $bytes) {
				my $w = syswrite STDOUT, $bytes;
				substr $bytes, 0, $w, "" if $w;
			}
			select undef, undef, undef, 0.05;
		}
		open my $out, ">", "$file.new" or die;
		print $out "$n\n";
		close $out;
		rename "$file.new", $file or die;'\'' "$1" "written$1" >"lines$1"' \
		- "$1"
	eval "writer_$1=$spawned"
}

# start_process NAME: starts it, or starts it again.
start_process() {
	name=$1 from=/dev/null n=${1#*_}
	case $name in
	rlog_*)
		from=lines$n
		set -- rlog t s20000 n1000000 "./origin$n"
		;;
	ship_1) set -- rlogship -b 16k -c cursor -n mx1/smtp "$url/chaos.1" origin1 ;;
	ship_2) set -- rlogship -b 4k -o raw -n mx2/smtp "$url/chaos.2" origin2 ;;
	fetch) set -- rlogfetch "$url" fetched s20000 n1000000 ;;
	esac
	# shellcheck disable=SC2016 # sh expands it
	spawn sh -c 'err=$1 from=$2; shift 2; exec "$@" <"$from" 2>>"$err"' - \
		"err.$name" "$from" "$@"
	eval "pid_$name=$spawned"
}
# The pipes of the lines stay open when rlog is killed.
hold_open() {
	case $1 in
	1) exec 7<>lines1 ;;
	2) exec 8<>lines2 ;;
	esac
}
has_last_line() {
	rlogread -n 1 "origin$1" | grep -q " line $(cat "written$1") "
}

# Ends all, then ships and fetches what is left.
finish() {
	for log in 1 2; do
		eval "kill -s TERM \"\$writer_$log\""
		wait_for 60 [ -e "written$log" ]
		ok "seed $seed: rlog $log has the last line" \
			wait_for 60 has_last_line "$log"
		end_process "rlog_$log" TERM 0
		end_process "ship_$log" TERM 0
	done
	ok "seed $seed: the servers are ready" nats_ready
	end_process fetch TERM 0
	is "seed $seed: no process ended by itself" "$early" 0
	rlogship -1 -b 16k -c cursor -n mx1/smtp "$url/chaos.1" origin1 \
		2>>err.ship_1
	is "seed $seed: rlogship -1 sends the rest" "$?" 0
	rlogship -1 -b 4k -o raw -n mx2/smtp "$url/chaos.2" origin2 2>>err.ship_2
	is "seed $seed: rlogship -1 -o raw sends the rest" "$?" 0
	rlogfetch -1 "$url" fetched s20000 n1000000 2>>err.fetch
	is "seed $seed: rlogfetch -1 fetches the rest" "$?" 0
	ok "seed $seed: all servers have the last message" \
		wait_for 60 replicas_current CHAOS
}

# The messages that a server has applied twice are its fault: they are shown, and
# rlogfetch must leave them out.
judge_messages() {
	"$top/tests/tools/judge-lines.py" "origin$1.lines" "mx$1/smtp" \
		<"messages$2" 2>findings >verdict
	sed -n "s/^replayed/# server $2, log $1: &/p" findings >&3
	grep -v replayed verdict
}
# Reads what each server has stored; $alone is a server that has not what the two
# others agree on. No client can make replicas differ: that is the servers' fault,
# which is shown. nats-server 2.9 stores what was not agreed on, now and then,
# when servers are killed.
read_servers() {
	for server in 1 2 3; do
		"$top/tests/tools/read-stream.py" "$nats" CHAOS "n$server" \
			>"messages$server"
		sed 's/, "headers":.*//' "messages$server" >"stored$server"
	done
	alone=
	for one in '1 2 3' '2 1 3' '3 1 2'; do
		# shellcheck disable=SC2086 # numbers
		set -- $one
		if cmp -s "stored$2" "stored$3" && ! cmp -s "stored$1" "stored$2"
		then
			alone=$1
			echo "# server $1 (<) has not what the others agree on:"
			diff "stored$1" "stored$2" | head -n 9 | sed 's/^/# /'
		fi
	done
}
# judge_server SERVER LOG
judge_server() {
	verdict=$(judge_messages "$2" "$1")
	if [ "$1" = "$alone" ]; then
		echo "# server $1, log $2: $verdict"
		return
	fi
	is "seed $seed: server $1 has each line of log $2 once" \
		"$verdict" "$whole" || sed 's/^/# /' findings
}
# rlogfetch may have read from the server that is alone.
judge_fetched() {
	rlogread "fetched/mx$1/smtp" >"fetched$1.lines"
	verdict=$("$top/tests/tools/judge-lines.py" "origin$1.lines" \
		<"fetched$1.lines" 2>findings)
	if [ -n "$alone" ] && [ "$verdict" != "$whole" ]; then
		echo "# rlogfetch, log $1: $verdict"
		spoiled=1
		return
	fi
	is "seed $seed: rlogfetch has each line of log $1 once" \
		"$verdict" "$whole" || sed 's/^/# /' findings
	same "seed $seed: the lines of log $1 are the same" \
		"fetched$1.lines" "origin$1.lines"
}
judge() {
	exec 3>&1
	read_servers
	for log in 1 2; do
		rlogread "origin$log" >"origin$log.lines"
		n=$(wc -l <"origin$log.lines")
		whole=$(all_once "$n")
		is "seed $seed: log $log has all lines that were written" "$n" \
			"$(cat "written$log")"
		for server in 1 2 3; do
			judge_server "$server" "$log"
		done
		judge_fetched "$log"
	done
}

run_series() {
	seed=$1 early=0 spoiled=
	rm -rf "series$seed"
	mkdir "series$seed"
	cd "series$seed" || exit 111
	mkdir fetched
	nats_run 3
	nats_stream CHAOS 'chaos.>' -w "${WINDOW:-1}"
	url=nats://$nats/CHAOS
	for log in 1 2; do
		mkfifo "lines$log"
		mkdir "origin$log"
		hold_open "$log"
		start_process "rlog_$log"
		write_lines "$log"
		start_process "ship_$log"
	done
	start_process fetch
	print_faults "$seed" "$2" rlog_1 rlog_2 ship_1 ship_2 fetch >plan
	echo "# seed $seed: $(wc -l <plan) faults"
	run_faults <plan
	finish
	judge
	echo "# seed $seed: $(cat written1 written2 | xargs) lines," \
		"$(wc -l <messages1) messages," \
		"$(cat err.ship_* | grep -c warning) warnings of rlogship," \
		"$(grep -c warning err.fetch) of rlogfetch"
	nats_kill 1 2 3
	cd "$T" || exit 111
	rm -rf nats
}

# A series in which a server misled rlogfetch says nothing about rlogfetch: it
# takes another one.
run_seed() {
	run_series "$1" "$2"
	for more in 100 200 300; do
		[ -n "$spoiled" ] || return
		run_series $(($1 + more)) "$2"
	done
	is "seed $1: rlogfetch was judged" "$spoiled" ''
}

if [ -n "${CRASH_LONG:-}" ]; then
	for seed in ${SEED:-1 2 3 4}; do
		run_seed "$seed" "${ROUNDS:-60}"
	done
else
	run_seed "${SEED:-1}" "${ROUNDS:-3}"
fi
done_testing
