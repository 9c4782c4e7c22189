# shellcheck shell=sh
# For tests that mount file systems: runs the test in a mount namespace of its own,
# if the system allows one. Source it before tests/lib.sh.
#
#   needs_mounts COUNT   skips COUNT tests and ends if there is no such namespace
if [ -z "${RECIO_TEST_MOUNTS:-}" ]; then
	if [ "$(id -u)" = 0 ]; then
		set -- unshare -m sh "$0" "$@"
	else
		set -- unshare -rm sh "$0" "$@"
	fi
	if "$1" "$2" true 2>/dev/null; then
		RECIO_TEST_MOUNTS=yes exec "$@"
	fi
	# lib.sh passes the test's arguments on.
	shift 4
fi

needs_mounts() {
	if [ -z "${RECIO_TEST_MOUNTS:-}" ]; then
		skip 'no right to mount' "$1"
		done_testing
	fi
}
