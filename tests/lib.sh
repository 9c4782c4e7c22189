# shellcheck shell=sh
# The library of scenario tests: TAP output, a temporary directory for each test,
# waiting for events, and clean-up. Source it first; end with done_testing.
#
#   ok DESCRIPTION COMMAND [ARG...]   passes if the command succeeds
#   is DESCRIPTION GOT WANT           passes if the strings are equal
#   same DESCRIPTION FILE FILE        passes if the files are equal
#   skip REASON COUNT                 skips COUNT tests; tests/run counts them
#   no_leak_check                     for programs under a supervisor: leaks are not
#                                     looked for, since the CONT that comes after
#                                     a TERM would undo the STOP of that, and the
#                                     program would hang
#   needs_linux REASON                ends the test here in portable builds
#   wait_for TIMEOUT COMMAND [ARG...] waits until the command succeeds; a loaded
#                                     machine has six times TIMEOUT seconds
#   spawn COMMAND [ARG...]            starts the command in the background, pid in
#                                     $spawned; its group is killed at the end
#   free_port                         prints a TCP port without a listener, which
#                                     is this test's to its end

set -u
ports=${TMPDIR:-/tmp}/recio-ports.$(id -u)
# A time limit ends a test that hangs, which fails then. Processes that a killed
# test has left running are killed, too: they hold the pipe of the results open.
if [ -z "${RECIO_TEST_DIR:-}" ]; then
	T=$(mktemp -d "${TMPDIR:-/tmp}/recio-test.XXXXXX") || exit 111
	mkdir "$T.spawned" && mkfifo "$T.spawned/end" || exit 111
	exec 9<>"$T.spawned/end"
	RECIO_TEST_DIR=$T RECIO_TEST=$T timeout -k 20 "${TEST_LIMIT:-900}" \
		sh "$0" "$@" 9>&-
	rc=$?
	for p in "$T.spawned"/[0-9]*; do
		kill -s KILL -- "-${p##*/}" 2>/dev/null
	done
	# A process that has left its group, as a guard does, is found by its
	# environment.
	grep -lsz "^RECIO_TEST=$T\$" /proc/[0-9]*/environ |
		while IFS=/ read -r _ _ p _; do
			kill -s KILL "$p" 2>/dev/null
		done
	find "$ports" -lname "$T" -delete 2>/dev/null
	rm -rf "$T" "$T.spawned"
	exit $rc
fi
T=$RECIO_TEST_DIR
unset RECIO_TEST_DIR
test_n=0
test_failed=0
spawned=
spawned_all=
top=$(cd "$(dirname "$0")/../.." && pwd)
BUILD=${BUILD:-$top/build}
# shellcheck disable=SC2034 # the tests use it
tools=$BUILD/tests/tools
PATH=$BUILD:$PATH
# recio preloads into programs that the sanitizers were built into.
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0
export BUILD PATH ASAN_OPTIONS
cd "$T" || exit 111

no_leak_check() {
	ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0
}

cleanup() {
	for p in $spawned_all; do
		kill -s TERM -- "-$p" 2>/dev/null
	done
	for p in $spawned_all; do
		wait_for 1 gone "$p" || kill -s KILL -- "-$p" 2>/dev/null
	done
}
trap cleanup EXIT
trap 'exit 1' INT TERM HUP PIPE

gone() {
	! kill -s 0 -- "-$1" 2>/dev/null
}
# asleep PID: true if the process sleeps, waiting for an event.
asleep() {
	grep -q '^State:.S' "/proc/$1/status"
}

# The one place where tests poll: all other functions wait through this one.
wait_for() {
	wait_tries=$(($1 * 50 * 6))
	shift
	until "$@" >/dev/null 2>&1; do
		wait_tries=$((wait_tries - 1))
		if [ $wait_tries -le 0 ]; then
			echo "# timed out waiting for: $*"
			return 1
		fi
		sleep 0.02
	done
}

report() {
	test_n=$((test_n + 1))
	if [ "$1" = 0 ]; then
		echo "ok $test_n - $2"
	else
		test_failed=$((test_failed + 1))
		echo "not ok $test_n - $2"
	fi
	return "$1"
}

ok() {
	ok_what=$1
	shift
	"$@"
	report $? "$ok_what"
}

is() {
	if [ "$2" = "$3" ]; then
		report 0 "$1"
	else
		report 1 "$1"
		printf '%s\n' "got:  $2" "want: $3" | sed 's/^/# /'
		return 1
	fi
}

same() {
	if cmp -s "$2" "$3"; then
		report 0 "$1"
	else
		report 1 "$1"
		diff -a "$2" "$3" | head -n 12 | cat -v | sed 's/^/# /'
		return 1
	fi
}

needs_linux() {
	if [ "${COMPAT:-}" = portable ]; then
		skip "$1" 1
		done_testing
	fi
}
skip() {
	skip_n=$2
	while [ "$skip_n" -gt 0 ]; do
		test_n=$((test_n + 1))
		echo "ok $test_n # SKIP $1"
		[ -z "${RECIO_SKIPS:-}" ] ||
			echo "${0#"$top"/}: $1" >>"$RECIO_SKIPS"
		skip_n=$((skip_n - 1))
	done
}

done_testing() {
	echo "1..$test_n"
	[ $test_failed = 0 ]
	exit
}

# The command gets its own process group, so that clean-up reaches all of its
# descendants, and its own session. A process of the session, the keeper, lives
# until the test has been cleaned up, in another group. As long as it does, the
# system gives the number of the session to no other process: what is sent to the
# command or to its group reaches them or nobody.
spawn() {
	perl -MPOSIX -e '
		my $spawned = shift;
		POSIX::setsid();
		my $child = fork // die;
		if (!$child) {
			# No child of the command.
			exit if fork // die;
			setpgrp;
			chdir "/";
			POSIX::close($_) for 0 .. 255;
			# It reads the end of the file when lib.sh has ended.
			my $end = POSIX::open("$spawned/end", O_RDONLY);
			POSIX::read($end, my $byte, 1);
			exit;
		}
		waitpid $child, 0;
		open my $kept, ">", "$spawned/$$" or die;
		close $kept;
		exec { $ARGV[0] } @ARGV or exit 127' -- "$T.spawned" "$@" &
	spawned=$!
	spawned_all="$spawned_all $spawned"
	# Until the keeper and the group exist.
	until [ -e "$T.spawned/$spawned" ]; do
		:
	done
}

# The kernel gives none of these ports to clients. A link to the test's directory
# claims a port; it is stale when the directory has gone.
free_port() {
	perl -MIO::Socket::INET -e '
		my ($claims, $test) = @ARGV;
		mkdir $claims;
		for (1 .. 1000) {
			my $port = 20000 + int rand 12000;
			my $owner = readlink "$claims/$port";
			next if defined $owner && -e $owner;
			unlink "$claims/$port";
			next unless symlink $test, "$claims/$port";
			next unless IO::Socket::INET->new(Listen => 1,
				LocalAddr => "127.0.0.1", LocalPort => $port);
			print $port;
			exit;
		}
		die "no port is free\n"' \
		"$ports" "$T"
}

listening() {
	perl -MIO::Socket::INET -e 'exit !IO::Socket::INET->new(
		PeerAddr => "127.0.0.1", PeerPort => $ARGV[0])' "$1"
}
