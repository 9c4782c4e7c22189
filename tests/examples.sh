# shellcheck shell=sh
# Runs the examples of documents, for docs.t and readme.t, which source it after
# lib.sh. tests/tools/doc-examples.pl finds them:
# - "$ COMMAND" is run by one shell for each display, in one directory for each
#   page, and must succeed and print the lines that are shown below it. Process
#   IDs, labels, times and ports may differ.
# - Port 2525 stands for a free one, and /usr/sbin/nats-server for the server of
#   tests/nats.sh.
# - Behind a background command others are repeated until they print what is
#   shown; if it listens on the port, that is waited for first.
# shellcheck disable=SC2154 # lib.sh and the tests set the others
LC_ALL=C.UTF-8
export LC_ALL
examples=$top/tests/tools/doc-examples.pl
port=$(free_port)
nats_server=$(PATH=$PATH:/usr/sbin:$top/build/packages/nats-server/usr/sbin \
	command -v nats-server)
time_limit=60

# One shell runs the commands of a display: it reads them from descriptor 9.
# background is empty or, behind a background command, how many seconds others
# are repeated.
start_shell() {
	background=
	rm -f "$T/commands"
	mkfifo "$T/commands"
	spawn sh "$T/commands"
	exec 9>"$T/commands"
	echo "cd $1" >&9
}

end_shell() {
	exec 9>&-
	kill -s TERM -- "-$spawned"
	wait_for 10 gone "$spawned"
}

send() {
	echo ". $1.cmd </dev/null >$1.got 2>&1" \
		"; echo \$? >$1.status; mv $1.status $1.done" >&9
}

passes() {
	[ "$(cat "$1.done")" = 0 ] || return 1
	if [ "$page" = README.md ] && [ ! -s "$1.want" ]; then
		return 0
	fi
	"$examples" same "$1.want" "$1.got"
}

# True when there is nothing more to wait for.
settled() {
	[ -e "$1.done" ] || return 1
	passes "$1" || [ -z "$background" ] || {
		rm "$1.done"
		send "$1"
		return 1
	}
}

port_is_bound() {
	grep -qi "^ *[0-9]*: 0100007F:$(printf %04x "$port") 00000000:0000 0A" \
		/proc/net/tcp
}

after_background() {
	background=10
	if grep -qw "$port" "$1.cmd"; then
		wait_for 10 port_is_bound
	fi
}

run_command() {
	if [ "$(cat "$1.cmd")" = package/check ]; then
		ok "$page: package/check is there" test -x "$top/package/check"
		return
	fi
	send "$1"
	wait_for "${background:-$time_limit}" settled "$1"
	title=$(head -n 1 "$1.cmd" | tr -d "\\\\")
	if ! ok "$page: $title" passes "$1"; then
		diff "$1.want" "$1.got" | cat -v | sed 's/^/# /'
		return
	fi
	if grep -q '&$' "$1.cmd"; then
		after_background "$1"
	fi
}

# The names of the examples on standard input, taken out to directory $2.
take_out() {
	mkdir "$2"
	sed "s/\\b2525\\b/$port/g; s,/usr/sbin/nats-server,$nats_server," |
		"$examples" "$1" "$2" >"$2/names"
}

# Runs the displays in $1 in directory $2.
run_all() {
	display=
	while read -r name <&8; do
		[ -e "$name.cmd" ] || continue
		[ "${name%.*}" = "$display" ] || {
			[ -z "$display" ] || end_shell
			display=${name%.*}
			start_shell "$2"
		}
		run_command "$name"
	done 8<"$1/names"
	[ -z "$display" ] || end_shell
}
