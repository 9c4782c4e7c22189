#!/bin/sh
# svlogd gives an archive another name and another inode when its processor is
# done: .s comes and .u goes.  That happens here while rlogread -f looks at the
# directory, between any two of its system calls in turn.
. "$(dirname "$0")/../lib.sh"
# A leak check can't be made of a program that is traced.
export ASAN_OPTIONS=detect_leaks=0

archive=svlogd/@4000000065000000000000ff
stop_signal=$(perl -MPOSIX -e "print SIGSTOP")
labelled=yes

line() {
	echo "${labelled:+@40000000650000000000000$1 }line $1"
}
fresh() {
	rm -rf svlogd
	mkdir svlogd
	line 1 >svlogd/current
	: >got
}
rotate() {
	mv svlogd/current $archive.u
	line 2 >svlogd/current
}
process() {
	cp $archive.u $archive.s
	rm $archive.u
}
has() {
	grep -q "line $1" got
}
reader() {
	tr -d ' ' <"/proc/$spawned/task/$spawned/children"
}
stopped() {
	grep -qs '^State:.T (stopped)' "/proc/$(reader)/status"
}
stopped_or_has() {
	has "$1" || stopped
}

# The first stop after line 1 was written.
fresh
spawn "$tools/stop-at" -l -o list rlogread -f -n all ./svlogd >got
ok "following: line 1 is printed" wait_for 10 has 1
kill -s TERM "$(reader)"
wait_for 10 gone "$spawned"
# The next one but one, and so on, are each before a call, too.
stop=$(grep -n '^write before' list | head -n 1 | cut -d : -f 1)
ok "following: there are stops before line 1" test "$stop" -gt 1

# At stop $1: what was read must be the three lines; false if it never came.
at_stop() {
	fresh
	spawn "$tools/stop-at" -o said -s "$stop_signal" "$1" rlogread -f -n all \
		./svlogd >got 2>told
	wait_for 10 stopped_or_has 1 || return
	rotate
	wait_for 10 stopped_or_has 2 || return
	if ! stopped; then
		kill -s KILL "$(reader)"
		return 1
	fi
	process
	kill -s CONT "$(reader)"
	line 3 >>svlogd/current
	wait_for 10 has 3
	kill -s KILL "$(reader)"
	sed 's/.*line //' got | tr '\n' ' ' | grep -qx '1 2 3 ' && [ ! -s told ] ||
		wrong="$wrong $1: $(sed 's/.*line //' got told | tr '\n' ' ')"
}

wrong=
first=$stop
while at_stop "$stop"; do
	stop=$((stop + 2))
done
echo "# $(((stop - first) / 2)) stops"
ok "following: rlogread is stopped often" test $((stop - first)) -ge 40
is "followed: each line once, whenever the archive is renamed" "$wrong" ""

# The same where the archive is there from the beginning: begins WANT ARGS... is
# stopped in turn at each stop after that in which it has opened the directory.
begins() {
	want=$1
	shift
	fresh
	rotate
	cp cursor c
	"$tools/stop-at" -l -o list rlogread "$@" ./svlogd >got
	# The last one is its exit.
	stops=$(($(wc -l <list) - 1))
	stop=$(grep -n '^getdents64' list | head -n 1 | cut -d : -f 1)
	first=$stop
	wrong=
	while [ "$stop" -le "$stops" ]; do
		fresh
		rotate
		cp cursor c
		spawn "$tools/stop-at" -o said -s "$stop_signal" "$stop" \
			rlogread "$@" ./svlogd >got 2>told
		wait_for 10 stopped || break
		process
		kill -s CONT "$(reader)"
		wait_for 10 gone "$spawned"
		is_all || wrong="$wrong $stop: $(cat got told)"
		stop=$((stop + 2))
	done
	echo "# $(((stop - first) / 2)) stops"
	ok "rlogread${*:+ $*}: it is stopped at all of them" test "$stop" -gt "$stops"
	is "rlogread${*:+ $*}: each line once" "$wrong" ""
}
is_all() {
	[ "$(sed 's/.*line //' got | tr '\n' ' ')" = "$want" ] && [ ! -s told ]
}
fresh
rlogread -c cursor ./svlogd >got
begins '1 2 '
begins '1 2 ' -n 2
begins '2 ' -c c
# Without labels it must know the file.
labelled=
fresh
rlogread -c cursor ./svlogd >got
begins '2 ' -c c
done_testing
