#!/bin/sh
# rlog: a directory that ends within a line, the rest of which went elsewhere, or
# nowhere, gets a newline before the next line, and not before.
. "$(dirname "$0")/../lib.sh"
needs_linux "without a boot id no line goes on"
mkfifo pipe
has() { grep -q "$2" "$1" 2>/dev/null; }
start() {
	spawn sh -c 'exec rlog "$@" <pipe 2>>err 3>&-' sh "$@"
	exec 3<>pipe
}
stop() {
	kill -TERM "$spawned"
	wait_for 10 gone "$spawned"
}
# What stands in front of each line, and the x of a long one, left out.
plain() {
	cat "$@" | sed 's/@[0-9a-f]\{24\} /@ /g; s/xx*/x/'
}

# A line of which b has the beginning ends while the script does not have b.
start t ./a ./b
(printf 'long ' && head -c 300000 /dev/zero | tr '\0' x) >&3
wait_for 10 test -s b/current
stop
start t ./a
printf 'end\nother\n' >&3
wait_for 10 has a/current other
stop
start t ./a ./b
printf 'last\n' >&3
wait_for 10 has b/current last
stop
is "a directory that was left: its next line begins as a line" \
	"$(plain b/@* b/current)" "$(printf '@ long x\n@ last')"
is "a directory that stayed: no empty line" "$(plain a/@* a/current)" \
	"$(printf '@ long xend\n@ other\n@ last')"

# No newline stands where the line goes on after all, whatever the size is.
start s4096 l0 n1000 ./c
head -c 290000 /dev/zero | tr '\0' y >&3
wait_for 10 test -s c/current
stop
start s4096 l0 n1000 ./c
printf 'end\n' >&3
wait_for 10 has c/current end
stop
is "a line that goes on" "$(cat c/@* c/current | tr -d y)" end

# What others leave: a kill, and an end in the middle of a line.
left() {
	rm -rf d
	mkdir d
	printf 'one\nto' >"d/$1"
	chmod "$2" "d/$1"
	[ "$1" = current ] || : >d/current
}
for how in 'current 644' 'current 744' '@400000006b00fc7f0a1b2c3d.s 744' \
	'@400000006b00fc7f0a1b2c3d.u 644' 'previous 644'; do
	# shellcheck disable=SC2086 # a name and a mode
	left $how
	echo two | rlog ./d 2>>err
	is "$how: the next line is a line" "$(cat d/@* d/current 2>/dev/null)" \
		"$(printf 'one\nto\ntwo')"
done
left current 744
head -c 4089 /dev/zero | tr '\0' x | rlog l0 s4096 ./d 2>>err
is "the newline counts for the size" "$(wc -c d/@* d/current | sed -n \
	's/^ *\([0-9]*\) d.*/\1/p' | sort -n | tr '\n' ' ')" "1 4096 "
is "a line ended by a newline: no warning is printed" "$(cat err)" ""

# The output of a processor need not end with a newline, and may be no text: it
# says nothing, also when the script has no processor any more.
processed() { ls "$1"/@*.s >/dev/null 2>&1; }
for command in gzip 'tr "\n" " "'; do
	rm -rf g
	start "!$command" ./g
	echo one >&3
	wait_for 10 has g/current one
	kill -ALRM "$spawned"
	wait_for 10 processed g
	stop
	is "an archive of $command: current is empty" "$(wc -c <g/current)" 0
	start ./g
	echo two >&3
	wait_for 10 has g/current two
	stop
	is "an archive of $command: no empty line is added" \
		"$(cat g/current)" two
done

# A batch that e cannot take is in f when rlog is killed. The next script, which
# is killed too, does not have f; the one after it has.
big() {
	spawn sh -c 'ulimit -f 1500; exec rlog r1s s10m "$@" <pipe 2>>err 3>&-' \
		sh "$@"
	exec 3<>pipe
}
killed() {
	kill -KILL "$spawned"
	wait_for 10 gone "$spawned"
}
for second in KILL TERM 'TERM and a reboot'; do
	rm -rf e f err
	mkdir e
	head -c 800000 /dev/zero | tr '\0' '\n' >e/current
	chmod 744 e/current
	big ./e ./f
	printf 'one\ntwo\n' >&3
	wait_for 10 has f/current two
	killed
	rm err
	big ./e
	wait_for 10 has err 'unable to write to ./e/current'
	kill -s "${second%% *}" "$spawned"
	wait_for 10 gone "$spawned"
	[ "$second" = "${second#*reboot}" ] ||
		ok "a ring of another boot" "$tools/other-boot" e/intake </dev/null
	start s10m ./e ./f
	echo three >&3
	wait_for 10 has f/current three
	stop
	is "left in the middle of a batch, then $second: f" \
		"$(cat f/@* f/current 2>/dev/null)" "$(printf 'one\ntwo\nthree')"
	is "left in the middle of a batch, then $second: e" \
		"$(cat e/@* e/current 2>/dev/null | grep .)" \
		"$(printf 'one\ntwo\nthree')"
done
done_testing
