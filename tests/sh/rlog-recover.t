#!/bin/sh
# rlog: directories as a killed multilog, s6-log or rlog leaves them.
. "$(dirname "$0")/../lib.sh"

# state DIR MODE-OF-PREVIOUS PROCESSED CURRENT: files of these modes, - for none.
state() {
	rm -rf "$1"
	mkdir -m 700 "$1"
	dir=$1
	shift
	for f in previous processed current; do
		[ "$1" = - ] || {
			echo "$f" >"$dir/$f"
			chmod "$1" "$dir/$f"
		}
		shift
	done
	echo newstate >"$dir/newstate"
	echo nextstate >"$dir/nextstate"
	echo state >"$dir/state"
}

# found DIR: what is where now, archives by their suffix, in the order of age.
found() {
	(cd "$1" && for f in @* current previous processed newstate processing nextstate; do
		[ ! -e "$f" ] || echo "${f##@*.}=$(tr '\n' , <"$f")"
	done) | tr '\n' ' '
}

check() {
	echo new | rlog ./d
	is "$1: the archives and current" "$(found d)" "$2"
	is "$1: state" "$(cat d/state)" "$3"
}

state d - - 744
check "a clean current is gone on with" "current=current,new, " state
state d - - 644
check "an unclean current" "u=current, current=new, " state
state d 644 - -
check "previous only" "u=previous, current=new, " state
state d 744 - 644
check "previous and current" "u=previous, u=current, current=new, " state
state d 744 - 744
check "previous beside a clean current" "u=previous, current=current,new, " \
	state
state d 744 644 644
check "a processor was running" "u=previous, u=current, current=new, " state
state d 744 744 644
check "a processor was done" "s=processed, u=current, current=new, " newstate
state d - 744 644
check "a processor was done and previous removed" \
	"s=processed, u=current, current=new, " newstate
state d - - 644
: >d/current
check "an empty unclean current is gone on with" "current=new, " state
state d 744 - 644
ln d/previous d/@400000005fffffff00000000.s
check "previous was linked already" "s=previous, u=current, current=new, " state
state d - 744 644
ln d/processed d/@400000005fffffff00000000.s
check "processed was linked already" "s=processed, u=current, current=new, " \
	newstate
state d - - 644
ln d/current d/@400000005fffffff00000000.u
check "current was linked already" "u=current, current=new, " state
state d - - 744
ln d/current d/@400000005fffffff00000000.u
check "a clean current that was linked already is not appended to" \
	"u=current, current=new, " state
state d - - 744
ln d/current d/previous
check "a clean current that is previous, too, is not appended to" \
	"u=current, current=new, " state
state d 744 - 644
ln d/previous backup
check "a backup is no archive" "u=previous, u=current, current=new, " state

# svlogd: a processor makes a .t of a .u, which then becomes a .s. Twice: what is
# in order for the next rlog, too, stays.
label=d/@400000005fffffff00000000
svlogd() {
	state d - - 744
	for f in "$@"; do
		echo "${f%:*}" >"$label.${f%:*}"
		chmod "${f#*:}" "$label.${f%:*}"
	done
}
check_twice() {
	check "$1" "$2current=current,new, " "$3"
	sed -i '$d' d/current
	chmod 744 d/current
	check "$1, again" "$2current=current,new, " "$3"
}
svlogd u:744 t:644
check_twice "svlogd's processor was running" "u=u, " state
svlogd u:744 s:644
check_twice "svlogd's processor was done" "s=s, " newstate
svlogd u:744 s:744
check_twice "svlogd's processor was done and its archive marked" \
	"s=s, " newstate
svlogd s:744
check_twice "svlogd's processor was done and its source removed" "s=s, " state
svlogd s:744 t:644
check_twice "another logger has made the archive" "s=s, " state
svlogd t:644
check_twice "a .t without its source is kept" "t=t, " state
svlogd t:644
ln -s nowhere "$label.u"
check_twice "a .t beside a link is kept" "t=t, " state
svlogd u:744 t:644
echo older >"d/@400000005000000000000000.u"
cp -p d/@400000005000000000000000.u d/@400000005000000000000000.s
chmod 744 d/@400000005000000000000000.u
check_twice "a newstate beside a .t is not complete" "s=older, u=u, " state
svlogd u:644
ln "$label.u" d/@400000005fffffff00000001.u
check_twice "svlogd has named what others had archived" "u=u, " state

# rlog itself: what a processor has made takes its source's place.
svlogd u:744
echo half >d/processing
check_twice "rlog's processor was running" "u=u, " state
svlogd u:654
check_twice "rlog's processor was done" "s=u, " nextstate

# s6-log makes .s and .u of one label; they are different data.
state d - - 744
echo s >d/@400000005fffffff00000000.s
echo u >d/@400000005fffffff00000000.u
echo new | rlog '!tr a-z A-Z' ./d
ok "an .s and a .u of one label are both kept" sh -c \
	'cat d/@*.s | tr A-Z a-z | sort | tr -d "\n" | grep -qx su'
echo newer | rlog ./d
ok "the next rlog keeps an .s and a .u of one label, too" sh -c \
	'cat d/@*.s | tr A-Z a-z | sort | tr -d "\n" | grep -qx su'

# multilog and s6-log, killed while lines come, perhaps in a rotation: then there
# is a previous, which may be an archive already. The last line may be torn.
lines() {
	for file in d/@* d/previous d/current; do
		[ ! -e "$file" ] || awk 1 "$file"
	done
}
for logger in multilog s6-log; do
	rm -rf d
	mkfifo pipe
	spawn sh -c 'exec "$1" s4096 n1000 ./d <pipe' sh "$logger"
	exec 3>pipe
	seq 10000 19999 >&3
	written() {
		[ "$(cat d/@* d/current 2>/dev/null | wc -l)" -gt 9000 ]
	}
	wait_for 10 written
	kill -KILL "$spawned"
	wait_for 10 gone "$spawned"
	exec 3>&-
	lines | sort -u >before
	unclean=$(find d -size +0 -links 1 -name current -o \
		-links 1 -name previous | wc -l)
	echo 20000 | rlog s4096 n1000 ./d
	lines | sort >after
	echo 20000 >>before
	same "after a killed $logger: all that it has written, once" after before
	is "$logger's current was not clean, nor a previous" "$(find d -name '@*.u' | wc -l)" \
		"$unclean"
	rm pipe
done

seq 3 | rlog ./m
seq 4 6 | multilog ./m
is "multilog goes on with a directory of ours" "$(tr '\n' ' ' <m/current)" \
	"1 2 3 4 5 6 "
done_testing
