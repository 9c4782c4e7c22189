#!/bin/sh
# Wrong use: one sentence and exit 100; trouble: exit 111.
. "$(dirname "$0")/../lib.sh"

wrong() {
	rlogsess "$@" </dev/null >out 2>err
	is "rlogsess $*: exit 100" $? 100
	is "rlogsess $*: one line is printed" "$(wc -l <err)" 1
	ok "rlogsess $*: the line begins with rlogsess:" \
		grep -q '^rlogsess: ' err
	is "rlogsess $*: nothing is printed on standard output" "$(cat out)" ''
}
# said DESCRIPTION MESSAGE: the message of the last wrong use.
said() {
	is "$1" "$(cat err)" "rlogsess: fatal: $2"
}
wrong -Z
said "an unknown option is named" "unknown option '-Z': --help lists the options"
wrong -vZ
said "an unknown option behind others is named" \
	"unknown option '-Z': --help lists the options"
wrong --foo
said "an unknown long option is named" \
	"unknown option '--foo': --help lists the options"
wrong --foo=bar
said "an unknown long option with an argument is named" \
	"unknown option '--foo=bar': --help lists the options"
wrong dir -Z
said "an unknown option behind a directory is named" \
	"unknown option '-Z': --help lists the options"
wrong --follow=yes
said "a long option that takes no argument" \
	"unknown option '--follow=yes': it takes no argument"
wrong --output
said "a long option without its argument" \
	"missing argument of option '--output'"
wrong -S 14:05 -U 14:04
said "-S later than -U" \
	"-S is later than -U: no line is in this window"
wrong -S now -U -10m
wrong -S 2026-11-21 -U 2026-11-20
wrong -S @400000006b00c794000001f4 -U @400000006b00c793000001f4
wrong -S 2026-11-21 -U @400000006b00c794000001f4
for bounds in '14:05 14:05' 'today now' \
	'@400000006b00c793000001f4 @400000006b00c793000001f4'; do
	rlogsess -S "${bounds% *}" -U "${bounds#* }" </dev/null >out 2>err
	is "-S ${bounds% *} -U ${bounds#* }: exit 0" "$? $(cat err)" "0 "
done
many() {
	seq -f "$1%g" 1 "$2"
}
# shellcheck disable=SC2046 # words
wrong $(many -p 65)
said "too many filters of one kind" \
	"too many process IDs '65': at most 64 are possible"
# shellcheck disable=SC2046 # words
rlogsess $(many -p 64) $(many -m 64) </dev/null 2>err
is "64 filters of each kind: exit 0" "$? $(cat err)" "0 "
wrong -i 192.0.2
wrong -i 192.0.2.0/33
wrong -i 2001:db8::/129
wrong -i 192.0.2.7/
wrong -p 0
wrong -p x
wrong -r 600
wrong -r 45
wrong -r x51
wrong -m '('
ok "a wrong argument: the message says how it should be" \
	grep -q "invalid regular expression '(': " err
wrong -o xml
# The names of the forms, one a line.
sed -n "s/.*unknown form 'xml': //p" err | sed 's/,\{0,1\} or /, /; s/, */\
/g' >forms
ok "-o: an unknown form is told the known ones" test "$(wc -l <forms)" -gt 4
wrong -t 0
wrong -t 1h
wrong -M -i 192.0.2.7
wrong -M -r 451
wrong -r joe@example.com
said "-r with an address, without -M" \
	"-r with an address needs -M: sessions have replies"
wrong -k state -K
wrong -k state -o stats
wrong -o
said "an option without its argument" "missing argument of option '-o'"
rlogsess --help >help
is "--help: exit 0" $? 0
sed -n '/^  -o form/,/^  -p/ s/^  -o form\|^ \{9,\}//p' help | tr -s ' \n' ' ' |
	sed 's/^ //; s/ or /, /; s/, /\
/g; s/ $/\
/' | sed '/^$/d' >got
same "--help names all forms" forms got
sed -n '/^\.Ss Forms/,/^\.Ss JSON/s/^\.It Cm //p' "$top/doc/rlogsess.1" |
	sort >got
sort forms >want
same "the manual page names all forms" want got
rlogsess --version >version
ok "--version prints name and version" grep -q '^rlogsess [0-9.]*$' version
rlogsess --version >/dev/full 2>/dev/null
is "--version to a full disk: exit 111" $? 111
log=$top/tests/samples/smtpd.log
while read -r form; do
	set --
	[ "$form" != bytes ] || set -- --direction in
	rlogsess -o "$form" "$@" "$log" >/dev/full 2>err
	is "-o $form to a full disk: exit 111" $? 111
	ok "-o $form to a full disk: the message gives the reason" \
		grep -q '^rlogsess: fatal: unable to write' err
done <forms
rlogsess none 2>err
is "no such file: exit 111" $? 111
ok "no such file: the message names it" \
	grep -q '^rlogsess: fatal: unable to .* none: ' err
perl "$top/tests/tools/sessions.pl" 20000 10 >big
{
	rlogsess big 2>err
	echo $? >status
} | head -n 1 >/dev/null
is "a reader that goes away ends it by SIGPIPE" "$(cat status)" 141
is "a reader that goes away: no message" "$(cat err)" ''
# It is known before more input comes, which may never be.
mkfifo pipe
spawn sh -c 'exec rlogsess -o flat <>pipe >/dev/full 2>err'
echo '1 < a ' >pipe
ok "output that fails ends it while it waits for input" \
	wait_for 10 gone "$spawned"
is "output that fails: the message gives the reason" "$(cat err)" \
	"rlogsess: fatal: unable to write to standard output: No space left on device"
# A pipe by its name: what has come is shown before more is waited for.
mkfifo named
spawn sh -c 'exec rlogsess -o flat ./named 3<>named >got'
echo '1 < a ' >named
ok "a pipe that stays open: its lines come at once" \
	wait_for 10 grep -q '1 < a ' got
echo not a state >state
rlogsess -k state "$log" >/dev/null 2>err
is "-k with another file: exit 111" $? 111
is "-k with another file: the file is unchanged" "$(cat state)" "not a state"
rlogsess -K "$log" 4<&- >/dev/null 2>err
is "-K without descriptors 4 and 5: exit 111" $? 111
{
	printf '1 < a \n1 < '
	head -c 300000 /dev/zero | tr '\0' x
	printf ' \n1 < b \n'
} >long
rlogsess long >out 2>err
is "a line that is too long is cut, and it is said" "$(cat err)" \
	"rlogsess: warning: lines longer than 65535 bytes were cut"
is "a line that is too long: all other lines are there" \
	"$(grep -c '^1 < [ab] $' out)" 2
is "a line that is too long is cut to the length in the message" \
	"$(awk 'length > n { n = length } END { print n }' out)" 65535
echo '1 < a ' | rlog t ./dir
rlogsess -v -o table dir 2>err >/dev/null
ok "-v names the kind of labels" \
	grep -q '^rlogsess: warning: .*/dir: labels without' err
mkdir empty
rlogsess empty 2>err
is "a directory without a log: exit 111" $? 111
ok "a directory without a log: the message gives the reason" \
	grep -q '^rlogsess: fatal: empty holds no log' err
done_testing
