# shellcheck shell=sh
# For tests with NATS servers. Source it after tests/lib.sh.
#
#   nats_prepare COUNT [LINES]   makes the configurations of the servers 1 to
#                                COUNT, a cluster if more than one, with ports of
#                                their own; LINES are added to each. $nats is
#                                their HOST:PORT,HOST:PORT...
#   nats_run COUNT [LINES]       nats_prepare, nats_start and nats_ready of COUNT
#                                servers; exits if they don't answer
#   nats_start N...              starts servers, also again after nats_kill;
#                                $nats_pid_N is the pid
#   nats_ready [N...]            waits until these (all) servers and JetStream
#                                answer for all streams; starts one again that
#                                stays behind the others
#   nats_kill N...               kills servers (-9), and waits for their end
#   nats_stop N...; nats_continue N...   SIGSTOP and SIGCONT
#   nats_api SUBJECT [JSON]      asks the API; SUBJECT without $JS.API.
#   nats_stream STREAM SUBJECT [OPTION...]   makes a stream by make-stream; the
#                                server's answer is in $T/nats/answer, and is
#                                printed if it refuses
#   nats_last STREAM             prints the last sequence of a stream
#   all_once N                   prints the verdict of tools/judge-lines.py on N
#                                lines that are all stored, once and in order
#
# $T/nats/N has the configuration, the log and the files of server N.
: "${T:?}" "${top:?}" "${spawned?}"
PATH=$PATH:/usr/sbin:$top/build/packages/nats-server/usr/sbin
nats_examples=$top/doc/examples/nats
nats_count=0

needs_nats() {
	command -v nats-server >/dev/null && return
	skip 'nats-server is not there' 1
	done_testing
}

# Prints the configuration of server $1; $2 are more lines.
print_nats() {
	cat <<-CONF
		server_name: n$1
		host: 127.0.0.1
		port: $(cat "$T/nats/$1/port")
		http: "127.0.0.1:$(cat "$T/nats/$1/http")"
		log_file: "$T/nats/$1/log"
		jetstream {
			store_dir: "$T/nats/$1/store"
			max_memory_store: 64M
			max_file_store: 64G
		}
		${2:-}
	CONF
	[ "$nats_count" -gt 1 ] || return 0
	echo "cluster {
	name: test
	host: 127.0.0.1
	port: $(cat "$T/nats/$1/route")
	routes: [ $(for n in $(seq "$nats_count"); do
		echo "nats://127.0.0.1:$(cat "$T/nats/$n/route")"
	done) ]
}"
}

nats_prepare() {
	nats_count=$1
	nats=
	for n in $(seq "$nats_count"); do
		mkdir -p "$T/nats/$n" || return
		for p in port http route; do
			free_port >"$T/nats/$n/$p" || return
		done
		nats="$nats${nats:+,}127.0.0.1:$(cat "$T/nats/$n/port")"
	done
	for n in $(seq "$nats_count"); do
		print_nats "$n" "${2:-}" >"$T/nats/$n/conf"
	done
}

nats_start() {
	for n; do
		spawn nats-server -c "$T/nats/$n/conf" 2>>"$T/nats/$n/stderr"
		eval "nats_pid_$n=$spawned"
	done
}

nats_run() {
	nats_prepare "$@" || exit
	# shellcheck disable=SC2046 # numbers
	nats_start $(seq "$1")
	nats_ready || exit
}

nats_healthy() {
	curl -sf "http://127.0.0.1:$(cat "$T/nats/$1/http")/healthz" |
		grep -q '"status":"ok"'
}
nats_ready() {
	[ $# -gt 0 ] || {
		# shellcheck disable=SC2046 # numbers
		set -- $(seq "$nats_count")
	}
	for n; do
		wait_for 30 nats_healthy "$n" || nats_restart "$n" || return
	done
}
# nats-server 2.9 may stay behind the others for good, after it was stopped: no
# client can change that.
nats_restart() {
	echo "# server $1 is started again:" \
		"$(curl -s "http://127.0.0.1:$(cat "$T/nats/$1/http")/healthz")"
	nats_kill "$1"
	nats_start "$1"
	wait_for 30 nats_healthy "$1"
}

nats_signal() {
	nats_signal=$1
	shift
	for n; do
		eval "kill -s $nats_signal \"\$nats_pid_$n\""
	done
}
nats_stop() {
	nats_signal STOP "$@"
}
nats_continue() {
	nats_signal CONT "$@"
}

# nats_by_others COMMAND: runs it again and again until it succeeds, while one of
# three servers is away. False after 40 s: nats-server 2.9.10 sometimes elects no
# leader of a stream for minutes, until the third server is back.
nats_by_others() {
	nats_end=$(($(date +%s) + 40))
	until "$@"; do
		[ "$(date +%s)" -lt $nats_end ] || {
			echo '# the two other servers have no leader'
			return 1
		}
	done
}
nats_kill() {
	nats_signal KILL "$@"
	for n; do
		eval "wait \"\$nats_pid_$n\"" 2>/dev/null
	done
	return 0
}

nats_api() {
	"$nats_examples/jetstream-api" "$nats" "\$JS.API.$1" "${2:-}"
}
nats_stream() {
	nats_stream=$1
	nats_subject=$2
	shift 2
	"$nats_examples/make-stream" -r "$nats_count" "$@" "$nats" "$nats_stream" \
		"$nats_subject" >"$T/nats/answer" || {
		sed 's/^/# /' "$T/nats/answer"
		return 1
	}
}
nats_last() {
	nats_api "STREAM.INFO.$1" | sed -n 's/.*"last_seq":\([0-9]*\).*/\1/p'
}

all_once() {
	echo "$1 lines, lost 0, doubled 0, disordered 0, torn 0, odd 0, gaps 0"
}
