#!/bin/sh
# Which lines -n, -S and -U select where lines have no stamp or no newline, where
# archives are outside of the window, and where the clock was set back.
. "$(dirname "$0")/../lib.sh"
export TZ=UTC

t=@400000006b00c2 # 22:00:00 is ea, one second is one more
in_order() {
	tr '\n' ' ' | tr -d '@'
}

# A crash has cut the line "ha"; a rotation has cut "long line".
mkdir cut
printf '%s\n' "${t}ea00000000 one" >cut/${t}eb10000000.u
printf %s "${t}eb00000000 ha" >>cut/${t}eb10000000.u
printf '%s\n' "${t}ec00000000 two" >cut/${t}ed10000000.s
printf %s "${t}ed00000000 long" >>cut/${t}ed10000000.s
printf '%s\n' ' line' "${t}ee00000000 three" >cut/current
printf %s "${t}ef00000000 last" >>cut/current
all='one ha two long line three last'
rlogread cut >all
for n in 0 1 2 3 4 5 6 7; do
	tail -n "$n" all >want
	rlogread -n "$n" cut >got
	same "-n $n: lines that a crash and a rotation have cut" got want
	rlogread -n "$n" -S 2026-01-01 cut >got
	same "-n $n -S: lines that a crash and a rotation have cut" got want
done
is 'all lines are there' "$(sed 's/^@[^ ]* //' all | tr '\n' ' ')" "$all"
gzip -k cut/*.[us]
mkdir packed
mv cut/*.gz packed
cp cut/current packed
for n in 0 1 2 3 4 5 6 7; do
	tail -n "$n" all >want
	rlogread -n "$n" packed >got
	same "-n $n: cut lines in compressed archives" got want
done

# Several directories, whose last lines have no newline.
mkdir one two
printf '%s\n%s' "${t}ea00000000 a" "${t}ec00000000 c" >one/current
printf '%s\n%s' "${t}eb00000000 b" "${t}ed00000000 d" >two/current
rlogread one two >all
for n in 0 1 2 3 4; do
	tail -n "$n" all >want
	rlogread -n "$n" one two >got
	same "-n $n: last lines without newlines of two directories" got want
	rlogread -n "$n" -S 2026-01-01 one two >got
	same "-n $n -S: last lines without newlines of two directories" \
		got want
done

# The time of the first of the last lines is in an older file.
mkdir bare other
printf '%s\n' "${t}ec00000000 old" >bare/${t}ec10000000.s
: >bare/${t}ec20000000.s
printf '%s\n' ' more 1' >bare/${t}ec30000000.s
printf '%s\n' ' more 2' ' more 3' >bare/current
printf '%s\n' "${t}eb00000000 b" "${t}ed00000000 d" >other/current
rlogread bare other >all
for n in 1 2 3 4 5; do
	tail -n "$n" all >want
	rlogread -n "$n" bare other >got
	same "-n $n: the stamp of the lines is in an older archive" got want
done
gzip bare/${t}ec10000000.s
rlogread -n 2 bare other >got
tail -n 2 all >want
same '-n 2: the stamp of the lines is in a compressed archive' got want

# Archives that are left out, and lines without a stamp in the next file.
mkdir gap
printf '%s\n' "${t}ea00000000 a" >gap/@400000006b00c2ea10000000.s
printf '%s\n' "@400000006b00d0ea00000000 b" >gap/@400000006b00d0ea10000000.s
printf '%s\n' ' of b' "@400000006b00d1ea00000000 c" \
	>gap/@400000006b00d1ea10000000.s
printf '%s\n' ' of c' >gap/current
is '-U: a line without a stamp goes with a line after the window' \
	"$(rlogread -U ${t}ea00000000 gap)" "${t}ea00000000 a"
is '-S: a line without a stamp goes with a line before the window' \
	"$(rlogread -S @400000006b00d1ea00000000 gap | in_order)" \
	'400000006b00d1ea00000000 c  of c '
is '-U: a line without a stamp goes with a line of the window' \
	"$(rlogread -S ${t}eb00000000 -U @400000006b00d0ea00000000 gap |
		in_order)" '400000006b00d0ea00000000 b  of b '
# Lines without stamps in several archives after the window's last stamp.
mkdir long
printf '%s\n' "${t}ea00000000 a" >long/@400000006b00c2ea10000000.s
printf '%s\n' ' of a 1' >long/@400000006b00d0ea10000000.s
printf '%s\n' ' of a 2' >long/@400000006b00d1ea10000000.s
printf '%s\n' ' of a 3' >long/@400000006b00d2ea10000000.s
printf '%s\n' "@400000006b00d3ea00000000 b" >long/current
is '-U: lines without stamps in later archives go with the line before' \
	"$(rlogread -U ${t}eb00000000 long | in_order)" \
	'400000006b00c2ea00000000 a  of a 1  of a 2  of a 3 '

# The clock was set back between two archives, and the later one begins with a
# line without a stamp.
mkdir back
for k in 1 2 3; do
	printf '%s\n' "@400000006b00d${k}ea00000000 late $k" \
		>back/@400000006b00d${k}ea10000000.s
done
printf '%s\n' ' of late 3' "${t}ea00000000 early" \
	>back/@400000006b00d3ea20000000.s
printf '%s\n' "${t}eb00000000 earlier" >back/current
is '-U: an archive of a clock that was set back' \
	"$(rlogread -U ${t}ea00000000 back)" "${t}ea00000000 early"

# The sentence about a log without stamps.
mkdir stamped unstamped
printf '%s\n' "${t}ea00000000 a" >stamped/@400000006b00c2ea10000000.s
printf '%s\n' ' of a' >stamped/current
rlogread -S @400000006b00d0ea00000000 stamped >out 2>err
is 'stamps are in an archive before the window: nothing is said' \
	"$? $(cat out err)" '0 '
mkdir later
printf '%s\n' bare >later/@400000006b00d0ea10000000.s
printf '%s\n' '@400000006b00d1ea00000000 a' >later/current
rlogread -S ${t}ea00000000 -U ${t}eb00000000 later >out 2>err
is 'stamps are in a file after the window: nothing is said' \
	"$? $(cat out err)" '0 '
printf '%s\n' a >unstamped/@400000006b00c2ea10000000.s
: >unstamped/current
rlogread -S @400000006b00d0ea00000000 unstamped >out 2>err
is 'a log without stamps, in an archive before the window: exit 1' $? 1
ok 'and a sentence' grep -q 'no line begins with a time' err

# A cursor after a window without lines.
mkdir news
printf '%s\n' "${t}ea00000000 a" >news/@400000006b00c2ea10000000.s
: >news/@400000006b00c2ea20000000.s
: >news/current
is 'a window without lines' "$(rlogread -c cursor -S 2026-12-01 news)" ''
printf '%s\n' "${t}eb00000000 b" >news/current
is 'its cursor is after the lines before the window' \
	"$(rlogread -c cursor news)" "${t}eb00000000 b"

mkdir none
printf '%s\n' "${t}ea00000000 a" >none/@400000006b00c2ea10000000.s
: >none/current
is '-n 0 gives nothing' "$(rlogread -c cursor.none -n 0 none)" ''
printf '%s\n' "${t}eb00000000 b" >none/current
is 'its cursor is after the last line' "$(rlogread -c cursor.none none)" \
	"${t}eb00000000 b"

# The repeated hour, after a line with another stamp.
mkdir fold
printf '%s\n' '2026-10-25T01:30:00Z utc' '2026-10-25 02:30:01 local' \
	'@400000006add5cf200000000 label' '2026-10-25 02:40:01 local' \
	>fold/current
is 'the repeated hour is told by the line before, whatever its stamp' \
	"$(TZ=Europe/Berlin rlogread -o unix fold | cut -d. -f1 | tr '\n' ' ')" \
	'1792891800 1792891801 1792892136 1792892401 '
# splogger's own stamp tells the hour of syslog's, also of a clock set back.
printf '%s\n' '2026-10-25T01:30:00Z utc' \
	'Oct 25 02:00:46 host qmail: 1792886446.459870 set back' >fold/current
touch -d 2026-10-26 fold/current
is "splogger's stamp is used in the repeated hour" \
	"$(TZ=Europe/Berlin rlogread -o unix fold | sed -n 2p)" \
	'1792886446.459870000 host qmail: 1792886446.459870 set back'
done_testing
