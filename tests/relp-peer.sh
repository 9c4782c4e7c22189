# shellcheck shell=sh
# For tests with a server of RELP that is a script. Source it after tests/lib.sh.
#
#   relp_peer SCRIPT-LINE...   starts tests/tools/relp-peer.pl, whose head has the
#                              words; $relp_port is its port, `log` its log
#   read_by_peer               prints that log in one line
#   relp_connects              prints how many connections it had
: "${T:?}" "${top:?}"

relp_peer() {
	rm -f log relp.port
	printf '%s\n' "$@" >script
	: >log
	spawn perl "$top/tests/tools/relp-peer.pl" script log >relp.port \
		2>peer.log
	wait_for 20 test -s relp.port
	# shellcheck disable=SC2034 # the tests use it
	relp_port=$(cat relp.port)
}
read_by_peer() {
	xargs <log
}
relp_connects() {
	grep -c '^connect$' log
}
