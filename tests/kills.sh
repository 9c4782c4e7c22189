# shellcheck shell=sh
# For tests that kill a program at random moments. Source it after tests/lib.sh.
#
#   plan_kills SHORT LONG LONGEST   writes the file pauses: the seconds before each
#                                   kill, a line a kill, at most LONGEST/1000. There
#                                   are SHORT kills, with CRASH_LONG LONG, or
#                                   $KILLS. $SEED says which; $seed and $kills are
#                                   set, and printed.
plan_kills() {
	kills=${KILLS:-${CRASH_LONG:+$2}}
	kills=${kills:-$1}
	seed=${SEED:-$$}
	echo "# seed $seed, $kills kills"
	awk -v seed="$seed" -v n="$kills" -v longest="$3" 'BEGIN {
		srand(seed)
		for (i = 0; i < n; i++) printf "%.3f\n", rand() * longest / 1000
	}' >pauses
}
