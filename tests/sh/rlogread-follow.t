#!/bin/sh
# Following: partial lines, rotations of every kind, archives that a processor
# made or that were removed unread, a directory that disappears, without
# inotify, and the cursor.
. "$(dirname "$0")/../lib.sh"

name() {
	printf '@4000000069200%03x00000000.%s' "$1" "$2"
}

line() {
	printf '@4000000069200%03x00000000 %s\n' "$2" "$3" >>"$1"
}

texts() {
	cut -d' ' -f2- "$1" | tr '\n' ' ' | sed 's/ $//'
}

has() {
	[ "$(texts "$1")" = "$2" ]
}

# follow OPTION...: starts it, what it writes goes to out and err.
follow() {
	: >out
	spawn sh -c 'exec rlogread -f "$@" >out 2>err' - "$@"
	reader=$spawned
}

# It waits for more.
is_idle() {
	[ "$(cat "/proc/$reader/comm")" = rlogread ] &&
		asleep "$reader"
}

comes() {
	ok "$1" wait_for 10 has out "$2" || sed 's/^/# /' out err
}

stop() {
	kill -s TERM "$reader" 2>/dev/null
	wait_for 10 gone "$reader"
}

# What a logger does, step by step.
rotate() {
	mv "$1/current" "$1/previous"
	: >"$1/current"
}

mkdir d
line d/current 1 a
follow d
comes 'what was there' a
line d/current 2 b
comes 'what is appended' 'a b'
printf '@400000006920000300000000 par' >>d/current
line d/current.other 4 x
printf 'tial\n' >>d/current
comes 'a line that comes in two parts' 'a b partial'
printf '@400000006920000400000000 cut' >>d/current
rotate d
ln d/previous "d/$(name 5 s)"
rm d/previous
printf ' here\n' >>d/current
comes 'a line that a rotation cuts' 'a b partial cut here'
line d/current 6 c
mv d/current "d/$(name 7 u)"
line d/current 8 d
comes 'a crash of the logger' 'a b partial cut here c d'
stop

mkdir p
line p/current 1 a
follow p
comes 'with a processor: what was there' a
line p/current 2 b
rotate p
line p/current 3 c
comes 'while it runs' 'a b c'
sed 's/ / processed /' p/previous >p/processed
chmod u+x p/processed
rm p/previous
line p/current 4 d
comes 'when it has ended' 'a b c d'
mv p/processed "p/$(name 5 s)"
line p/current 6 e
comes 'what it made is not read again' 'a b c d e'
rotate p
mv p/previous "p/$(name 7 s)"
gzip -k "p/$(name 7 s)"
rm "p/$(name 7 s)"
line p/current 8 f
comes 'nor what is compressed' 'a b c d e f'
stop
is 'following: no message is printed' "$(cat err)" ''

# Several rotations while it is stopped, then some archives are gone.
mkdir s
line s/current 1 a
follow s
comes 'before a stall' a
kill -s STOP "$reader"
line s/current 2 b
for n in 3 4 5; do
	rotate s
	mv s/previous "s/$(name $n s)"
	line s/current $n "after$n"
done
kill -s CONT "$reader"
comes 'three rotations during a stall' 'a b after3 after4 after5'
kill -s STOP "$reader"
for n in 6 7 8; do
	rotate s
	mv s/previous "s/$(name $n s)"
	line s/current $n "after$n"
done
rm "s/$(name 3 s)" "s/$(name 4 s)" "s/$(name 5 s)" "s/$(name 6 s)" "s/$(name 7 s)"
kill -s CONT "$reader"
comes 'what is left after archives were removed' \
	'a b after3 after4 after5 after7 after8'
stop
is 'following: the warning names the labels around missing lines' \
	"$(cat err)" "rlogread: warning: \
$T/s: lines between @400000006920000500000000 and @400000006920000700000000 \
are missing: files were removed before they were read"

mkdir e
: >e/current
follow e
line e/current 1 a
comes 'a log that begins empty' a
: >e/current
line e/current 2 b
comes 'a log that somebody empties' 'a b'
stop
ok 'a log that somebody empties: it is said' grep -q ' are missing: ' err

mkdir g
line g/current 1 a
follow g
comes 'before it disappears' a
rm -r g
ok 'a directory that disappears: it is said' \
	wait_for 10 grep -q ' is gone; waiting for it$' err
mkdir g.new
line g.new/current 2 b
mv g.new g
comes 'and read when it is back' 'a b'
stop

mkdir later
follow later
line later/current 1 a
comes 'a directory where nothing was logged yet' a
stop

mkdir t
for n in 1 2 3 4 5; do line t/current $n "l$n"; done
follow -n 2 t
comes '-n 2: the last two' 'l4 l5'
line t/current 6 l6
comes 'and all that follow' 'l4 l5 l6'
stop
follow -n 0 t
wait_for 10 is_idle
line t/current 7 l7
comes '-n 0: only what follows' 'l7'
stop

mkdir half
cp t/current half
printf '@400000006920000800000000 par' >>half/current
follow -n 2 half
comes '-n 2: the last two whole lines' 'l6 l7'
printf 'tial\n' >>half/current
comes '-n 2: and the line that was partial' 'l6 l7 partial'
stop

# Two at once.
follow t d -n 1
wait_for 10 is_idle
line d/current 9 z
line t/current 10 y
wait_for 10 grep -q ' y$' out
ok 'two directories' grep -q ' z$' out
stop

# s6-log gives two files one label; rlog processes the second, and finishes it
# under the next label.
twin=w/@4000000065000000000000ff
mkdir w
line $twin.s 1 a
line $twin.u 2 b
line w/current 3 c
chmod 744 $twin.s
chmod 644 $twin.u w/current
follow w
comes 'two with one label' 'a b c'
mkfifo input
spawn sh -c "exec rlog '!cat' ./w <input"
writer=$spawned
exec 7>input
wait_for 10 test -e w/@400000006500000000000100.s
line /dev/fd/7 4 d
comes 'the second has another label now: not again' 'a b c d'
kill -s ALRM "$writer"
wait_for 10 test ! -s w/current
line /dev/fd/7 5 e
comes 'nor when rotation goes on' 'a b c d e'
exec 7>&-
wait_for 10 gone "$writer"
stop

# What has such a label and is another archive: .u is still there, or .u was the
# only one with its label, and is removed.
next=@400000006500000000000100.s
for kinds in 's u' u; do
	rm -rf w
	mkdir w
	for kind in $kinds; do line "${twin%.s}.$kind" 1 "$kind"; done
	line w/current 3 c
	chmod 644 w/*
	follow w
	comes "label of .$kinds" "$kinds c"
	[ "$kinds" != u ] || rm "${twin%.s}.u"
	line w/$next 4 x
	mv w/current "w/$(name 5 s)"
	line w/current 6 d
	comes 'the next label: another archive' "$kinds c x d"
	stop
done

# The system call fails, as if there were no inotify, or too many use it.
for error in ENOSYS EMFILE; do
	: >out
	spawn sh -c 'exec strace -f -o /dev/null -e trace=inotify_init1 \
		-e inject=inotify_init1:error='$error' rlogread -v -n 1 -f t >out 2>err'
	reader=$spawned
	wait_for 10 test -s out
	line t/current 11 "without-$error"
	ok "without inotify ($error)" wait_for 10 grep -q "without-$error" out
	ok 'without inotify: -v says so' grep -q 'no inotify' err
	kill -s TERM -- "-$reader"
	wait_for 10 gone "$reader"
done

spawn sh -c 'rlogread -f t | head -n 1 >first'
wait_for 10 test -s first
ok 'a reader that goes away while following ends rlogread' \
	wait_for 10 gone "$spawned"
is 'after what was read' "$(texts first)" l1
done_testing
