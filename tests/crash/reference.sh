# shellcheck shell=sh
# compare_with_reference PROGRAM CASES: compares a program with its reference in
# random cases; CRASH_LONG=1: 5000 of them, SEED: others.

# shellcheck disable=SC2154 # tests/lib.sh sets it
compare_with_reference() {
	cases=$2
	[ -z "${CRASH_LONG:-}" ] || cases=5000
	"$top/tests/tools/compare-$1.py" "$cases" "${SEED:-1}" >out
	ok "the reference of $1 has compared $cases cases" \
		grep -q "^$cases cases, [0-9]* runs" out
	is "$1 never differs" "$(grep '^seed' out | head -n 10)" ''
	tail -n 1 out | sed 's/^/# /'
}
