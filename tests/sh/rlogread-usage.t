#!/bin/sh
# The command line: wrong use, long options, service directories, exit codes,
# and trouble with files.
. "$(dirname "$0")/../lib.sh"

TZ=UTC0
export TZ
mkdir d
for s in 1 2 3 4; do
	printf '@400000006920%04x00000000 l%s\n' $s $s
done >d/current

wrong() {
	rlogread "$@" >out 2>err
	is "rlogread $*: exit 100" $? 100
	is "rlogread $*: one line is printed" "$(wc -l <err)" 1
	ok "rlogread $*: the line begins with rlogread:" \
		grep -q '^rlogread: ' err
	is "rlogread $*: nothing is printed on standard output" "$(cat out)" ''
}
wrong -x d
is 'an unknown option is named' "$(cat err)" \
	"rlogread: fatal: unknown option '-x': --help lists the options"
wrong --what d
is 'an unknown long option is named' "$(cat err)" \
	"rlogread: fatal: unknown option '--what': --help lists the options"
wrong -S now -U -10m d
is '-S later than -U' "$(cat err)" \
	"rlogread: fatal: -S is later than -U: no line is in this window"
wrong -q -S 14:05 -U 14:04 d
wrong -S soon d
ok 'a wrong time: the message has examples' \
	grep -q "^rlogread: fatal: invalid time 'soon': \
times are 2026-11-20, .*-90m.*TAI64N" err
wrong --last soon d
is 'a wrong duration: the message has examples' "$(cat err)" \
	"rlogread: fatal: invalid duration 'soon': durations are '10 minutes', 90s, 1h30m, '2 days' or 1w"
wrong --last -10m d
wrong --last 1h -S now d
is '--last and -S' "$(cat err)" 'rlogread: fatal: --last excludes -S and -U'
wrong --until now --last 1h d
wrong -U 2026-02-30 d
wrong -n -1 d
wrong -n x d
wrong -o xml d
ok 'a wrong form: the message lists the forms' \
	grep -q "raw, local, .* or json" err
wrong -L tai d
wrong -c
wrong -f
wrong -n 3
wrong -f -U now d
wrong -f -q d

l() {
	rlogread "$@" | sed 's/.* //' | tr '\n' ' '
}
epoch=$((0x69200002 - 10))
is 'options as GreenArrow gives them' \
	"$(l --start $epoch --end $((epoch + 1)) --dir d)" 'l2 l3 '
is 'options as journalctl has them' \
	"$(l --since=@$epoch --until @$epoch --lines 1 --output raw d)" 'l2 '
is 'options may follow the directory' "$(l d --lines=1)" 'l4 '
is 'the last lines of a window' "$(l -n 2 -U @$((epoch + 1)) d)" 'l2 l3 '
is 'the last lines since then' "$(l -n 3 -S @$((epoch + 1)) d)" 'l3 l4 '
is '-S and -U take local times' \
	"$(l -S '2025-11-21 06:00:25' -U 2025-11-21T06:00:25Z d)" 'l3 '
is '-S and -U take a label' "$(l -S @400000006920000400000000 d)" 'l4 '
is 'a window on standard input' "$(l -S @400000006920000400000000 <d/current)" 'l4 '
is 'a file is read' "$(l -n 1 d/current)" 'l4 '

# A line an hour, the last one now.
mkdir recent
perl -e 'printf "\@%016x%08x h%d\n", (1 << 62) + 10 + time - 3600 * $_, 0, $_
	for reverse 0 .. 40' >recent/current
for window in '--last|3 hours 30 minutes' '--last=|210m' '-S|-3h30m' \
	'-S|3 hours 30 minutes' '-S|3h30m' '-S|12600 seconds' \
	'--since=|3 hours 30 minutes ago'; do
	option=${window%|*}
	case $option in
	*=) set -- "$option${window#*|}" ;;
	*) set -- "$option" "${window#*|}" ;;
	esac
	is "$*: the lines of this time before now" "$(l "$@" recent)" \
		'h3 h2 h1 h0 '
done
is '--last 1 day' "$(l --last '1 day' recent | wc -w)" 24
is '-U takes a duration before now' "$(l -U '1 day 14 hours 30 minutes' recent)" \
	'h40 h39 '
cp d/current copied
seq 1 9999 | gzip >packed.gz
is 'a compressed file is read' \
	"$(rlogread packed.gz | cksum)" "$(seq 1 9999 | cksum)"
is 'the last line of a compressed file' "$(rlogread -n 1 packed.gz)" 9999
printf 'one\ntwo\nthree' | gzip >packed.gz
is 'the last lines of a compressed file without a newline at its end' \
	"$(rlogread -n 2 packed.gz | tr '\n' ' ')" \
	'two three'
is 'a file and - for standard input' "$(l d/current - <copied)" \
	'l1 l1 l2 l2 l3 l3 l4 l4 '

# The last lines of a stream can't be found, nor a position in it.
for option in -n1 -cposition; do
	rlogread "$option" - <copied >out 2>err
	is "$option of standard input: exit 111" $? 111
	ok "$option of standard input: the message gives the reason" \
		grep -q '^rlogread: fatal: .* -: -c and -n need a log directory' err
	is "$option of standard input: nothing is printed" "$(cat out)" ''
done

rlogread -q -S @$epoch d >out
is '-q and a line: exit 0' $? 0
rlogread -q -S tomorrow d >>out
is '-q and no line: exit 1' $? 1
is '-q writes nothing' "$(cat out)" ''
rlogread -S tomorrow d
is 'without -q and without a line: exit 0' $? 0

mkdir -p service/log a/main
cp -R d service/log/main
cp d/current a/main
ln -s service link
is 'the log of a service directory is read' "$(l -n 1 service)" 'l4 '
is 'the log of a link to a service directory is read' "$(l -n 1 link)" 'l4 '
is 'the log directory of a service is read' "$(l -n 1 link/log)" 'l4 '
is 'the directory main of a log service is read' "$(l -n 1 a)" 'l4 '
mkdir none
rlogread none 2>err
is 'no log: exit 111' $? 111
is 'no log: the message gives the reason' \
	"$(cat err)" 'rlogread: fatal: none holds no log: neither current nor archives, here or in log/main'
mkdir fresh
: >fresh/lock
rlogread fresh >out 2>err
is 'a directory with lock alone is a log without lines' "$?$(cat out err)" 0
rlogread -q fresh
is 'and -q says that there are none' $? 1
rlogsess fresh >out 2>err
is 'for rlogsess too' "$?$(cat out err)" 0
rlogread nowhere 2>err
is 'no directory: exit 111' $? 111
is 'no directory: the message gives the reason' \
	"$(cat err)" 'rlogread: fatal: unable to open nowhere: No such file or directory'

mkdir shut
: >shut/current
chmod 755 . shut
chmod 0 shut/current
as=
[ "$(id -u)" != 0 ] || as='setpriv --reuid nobody --clear-groups'
if $as true 2>/dev/null; then
	$as "$(command -v rlogread)" shut 2>err
	is 'a file that this user may not read: exit 111' $? 111
	is 'and the file is named' "$(cat err)" \
		"rlogread: warning: unable to read $T/shut/current: Permission denied
rlogread: fatal: unable to open shut: Permission denied"
else
	skip "root can't be another user" 2
fi

rlogread d >/dev/full 2>err
is 'a full disk: exit 111' $? 111
is 'a full disk: the message gives the reason' "$(cat err)" \
	'rlogread: fatal: unable to write to standard output: No space left on device'
perl -e 'pipe my $r, my $w or die; close $r; open STDOUT, ">&", $w or die;
	exec "rlogread", "d"' 2>err
is 'a closed pipe: death by SIGPIPE' $? 141
is 'a closed pipe: no message' "$(cat err)" ''

# It is known before more input comes, which may never be.
mkfifo pipe
spawn sh -c 'exec rlogread -o utc <>pipe >/dev/full 2>err'
echo line >pipe
ok 'output that fails ends it while it waits for input' \
	wait_for 10 gone "$spawned"
is 'output that fails: the message gives the reason' "$(cat err)" \
	'rlogread: fatal: unable to write to standard output: No space left on device'

# A pipe by its name: what has come is shown before more is waited for.
mkfifo named
spawn sh -c 'exec rlogread ./named 3<>named >got'
echo 'line' >named
ok 'a pipe that stays open: its lines come at once' \
	wait_for 10 grep -q 'line' got

# A pipe that somebody has made non-blocking, and a slow reader.
mkdir big
perl -e 'print "line $_\n" for 1 .. 100000' >big/current
mkfifo slow
spawn perl -MFcntl -e 'open STDOUT, ">", "slow"; fcntl STDOUT, F_SETFL,
	O_NONBLOCK; exec "rlogread", "big"'
waits() {
	grep -q '^Name:.rlogread$' "/proc/$spawned/status" && asleep "$spawned"
}
{
	wait_for 10 waits >&2
	cat
} <slow >got
same 'a pipe that does not block gets all lines' big/current got

# Compressed archives that are damaged, or that nothing here unpacks.
mkdir packed
gzip <big/current >packed/@400000006920000100000000.s
head -c 5000 packed/@400000006920000100000000.s >packed/@400000006920000200000000.s
echo 'the end' >packed/current
rlogread packed >got 2>err
is 'a damaged archive: exit 111' $? 111
ok 'a damaged archive: the message names it' \
	grep -q "rlogread: warning: unable to unpack .*/packed/@40*6920000200000000.s: gzip failed" err
is 'a damaged archive: all others are read' "$(tail -n 1 got)" 'the end'
mkdir bin
ln -s "$(command -v rlogread)" bin
PATH=$T/bin rlogread packed >got 2>err
is 'no gzip: exit 111' $? 111
ok 'no gzip: the message gives the reason' \
	grep -q "unable to run gzip for .*: No such file or directory; it is needed to read this file" err
is 'no gzip: other archives are read' "$(cat got)" 'the end'
PATH=$T/bin rlogread packed.gz >got 2>err
is 'no gzip for a single file: exit 111' $? 111
ok 'no gzip for a single file: the message names it' \
	grep -q 'unable to run gzip for .*/packed.gz: No such file or directory; it is' err
echo '@400000006920000300000000 end' >packed/current
is 'a damaged archive is not read for the last line' \
	"$(rlogread -n 1 packed 2>&1)" '@400000006920000300000000 end'

rlogread --help >help
is '--help: exit 0' $? 0
ok '--help prints the usage' grep -q '^usage: rlogread ' help
rlogread --version >version
ok '--version prints name and version' grep -q '^rlogread [0-9.]*$' version
rlogread --help >/dev/full 2>/dev/null
is '--help to a full disk: exit 111' $? 111
done_testing
