#!/bin/sh
# rlog: a wrong script is answered with one sentence, before anything is read
# or made; --help and --version; what can't be opened.
. "$(dirname "$0")/../lib.sh"

# refused STATUS WORDS DIRECTIVE...: that status, one line, and nothing read.
refused() {
	want=$1 words=$2
	shift 2
	printf 'line\n' >in
	rest=$( (
		rlog "$@" 2>err
		echo $? >rc
		cat
	) <in)
	is "rlog $*: exit $want" "$(cat rc)" "$want"
	is "rlog $*: one line is printed" "$(wc -l <err)" 1
	ok "rlog $*: the message gives the reason" grep -q -e "$words" err
	is "rlog $*: nothing is read" "$rest" line
}

refused 100 'usage: rlog directive'
refused 100 "unknown option '--hlep': --help lists the options" --hlep
refused 100 'directive y: ' y ./d
refused 100 'directive t: ' ./d t
refused 100 'directive tx: ' tx ./d
refused 100 "directive '': " ./d ''
refused 100 'directive s12x: ' s12x ./d
refused 100 'directive n: ' n ./d
refused 100 'directive ee: ' ee
refused 100 'directive =: ' ./d =
refused 100 'directive dir: ' dir
refused 100 'directive R7h@local: only a duration that divides a day' \
	R7h@local ./d
ok "a wrong script makes no directory" test ! -e d

refused 111 'unable to create directory ./no/such: No such file' ./no/such
refused 111 'unable to create ./no/such: No such file' =./no/such
: >file
refused 111 'unable to open directory ./file: Not a directory' ./file
mkdir -p link fifo
ln -s ../file link/current
mkfifo fifo/current
refused 111 'unable to write to ./link/current: not a regular file' ./link
refused 111 'unable to write to ./fifo/current: not a regular file' ./fifo
is "nothing is written through a link" "$(wc -c <file)" 0

is "--help lists each directive" "$(rlog --help | grep -c '^  [^ ]')" 34
ok "--version prints name and version" \
	sh -c 'rlog --version | grep -q "^rlog [0-9]"'
rlog --help >/dev/full 2>/dev/null
is "--help to a full disk: exit 111" $? 111
printf '%s\n' --help x >in
ok "beside other arguments --help is a pattern" sh -c 'rlog --help ./p <in'
is "beside other arguments --help deselects" \
	"$(cat p/current)" "$(printf '%s\n' --help x)"

printf 'x\n' >in
ok "a script without an action reads all input" sh -c 'rlog t -a <in 2>err'
ok "a script without an action: a warning is printed" \
	grep -q 'warning.*thrown away' err
rlog -f <in 2>err
is "a pattern that looks like an option: exit 0" $? 0
ok "a pattern that looks like an option: a warning names it" grep -qx \
	'rlog: warning: directive -f is a pattern, not an option: .*' err
ok "'--' and no letter is a pattern" sh -c 'rlog --.x <in 2>err'

# Directives that do nothing where they stand, or defeat each other.
warned() {
	want=$1
	shift
	rlog "$@" <in >/dev/null 2>err
	is "rlog $*: exit 0, and one warning" "$? $(cat err)" \
		"0 rlog: warning: directive $want"
}
warned 'n100 has no effect: no directory follows it' t ./w n100
warned '-a has no effect: no output follows it' ./w -a
warned "A30d has no effect on ./w: n10 keeps fewer archives than R1d makes in \
that time: use n31" R1d A30d ./w
warned "S500k leaves no archive in ./w: each has up to 1048576 bytes: use at \
least S1048576" s1m S500k ./w
rlog t R1d A30d n31 s1m S20m '-*' '+* x' ./w <in 2>err
is "a script without such directives: no warning" "$(cat err)" ''

seq 10000 10400 >in
rlog e s4096 '!readlink /proc/self/fd/2; cat >/dev/null' ./noerr <in 2>&-
is "no standard error: exit 0" $? 0
is "no standard error: the processor has /dev/null" \
	"$(cat noerr/@*.s)" /dev/null

rlog ./e <&- 2>err
is "no standard input: exit 111" $? 111
ok "no standard input: the message gives the reason" \
	grep -q 'unable to read standard input' err
ok "no standard input: no directory is made" test ! -e e
rlog ./e </ 2>err
is "a directory as input: exit 111" $? 111
ok "a directory as input: the message gives the reason" \
	grep -q 'standard input: Is a directory' err
is "a directory as input: current is clean" "$(stat -c %a e/current)" 744
done_testing
