#!/bin/sh
# rlogfetch takes the messages of a stream of a real server into log directories.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/nats.sh"
needs_nats

publish() {
	"$tools/publish-lines" "$@" >published
}
# fetched DIR: all lines of a log directory.
fetched() {
	cat "$1"/@* "$1/current" 2>/dev/null
}
# keeps DIR FILE: the directory has the lines of the file.
keeps() {
	fetched "$1" >kept
	cmp kept "$2"
}
sequence() {
	sed -n 's/^sequence //p' "$1"
}
# has_sequence FILE N: the status file has reached it.
has_sequence() {
	[ "$(sequence "$1")" = "$2" ]
}

nats_run 1
nats_stream RLOG 'rlog.>'
url=nats://$nats/RLOG
seq 1 20000 | sed 's/^/line /' | rlog t s50k n1000 ./main
cat main/@* main/current >origin

publish "$url/rlog.a.smtp" a/smtp raw 10000 <origin
rlogfetch -1 -s status "$url" out s60k n100 2>err
is 'a stream is fetched, with -1' "$?" 0
is 'it says nothing' "$(cat err)" ''
ok 'the lines are those of the origin' keeps out/a/smtp origin
ok 'the directory is rotated by its directives' test \
	"$(find out/a/smtp -name '@*.s' | wc -l)" -gt 9
ok 'rlogread reads the directory' sh -c 'rlogread out/a/smtp | cmp - origin'
ok 'the status file has the sequence' has_sequence status "$(cat published)"
is 'the status file counts messages, lines and bytes' \
	"$(grep -v '^time ' status)" "stream RLOG
connected yes
sequence $(cat published)
pending 0
messages $(cat published)
lines 20000
bytes $(wc -c <origin)
refused 0
copies 0
fault -"
ok 'and has the time of the last message' grep -q '^time 20.*T.*Z$' status
is 'names of directories are those of origins alone' "$(ls out)" a

rlogfetch -1 "$url" out s60k n100 2>err
ok 'a second run adds nothing' keeps out/a/smtp origin
printf '%s\n' '# limits' s8192 '' "!tr '[:lower:]' '[:upper:]'" >limits
rlogfetch -1 -D limits "$url" limited n7 2>err
is 'a file of directives and one behind them: sizes and number, with current' \
	"$(find limited/a/smtp -name '@*.s' -size -9k | wc -l)" 6
ok 'a directive of the file may have blanks' sh -c \
	'cat limited/a/smtp/@*.s | grep -q " LINE 1" && [ ! -s err ]'
rlogfetch -1v "$url" out s60k n100 2>err
is '-v tells where reading begins' "$(cat err)" \
	"rlogfetch: info: reading RLOG from message $(cat published)"
rm out/.cursor
rlogfetch -1 "$url" out s60k n100 2>err
ok 'nor does one without its cursor' keeps out/a/smtp origin
rlogfetch -1 -c cursor "$url" >lines
ok 'without a directory the lines are written out' cmp lines origin
is 'and -c keeps the place' "$(rlogfetch -1 -c cursor "$url")" ''
mkdir place
ASAN_OPTIONS=detect_leaks=0 strace -f -y -o trace \
	-e trace=fsync,rename,renameat,renameat2 \
	rlogfetch -1 -c place/cursor "$url" >lines
is 'the cursor is synced, renamed, and its name synced' \
	"$(sed -n '/place/s/^[0-9]* *\(fsync\|rename\).*place\([^>"]*\).*/\1\2/p' \
		trace | tail -n 3)" \
	'fsync/cursor.new
rename/cursor
fsync'
rlogfetch -1 -n "$(cat published)" "$url" >lines
ok '-n begins with a message' sh -c \
	'[ -s lines ] && tail -n "$(wc -l <lines)" origin | cmp - lines'
is '-S begins with messages of a time' "$(rlogfetch -1 -S now "$url")" ''
ok '-S of an earlier time has all' sh -c \
	"rlogfetch -1 -S -1h '$url' | cmp - origin"
rlogfetch -1 "$url/rlog.b.>" out 2>err
is 'a cursor of another filter is refused' "$?" 100
is 'the message names the file and the other' "$(cat err)" \
	'rlogfetch: fatal: out/.cursor is the cursor of another url: RLOG; give -c the name of a new file'

# Follows; another origin, pieces of long lines.
is_ready() {
	[ -s ready ]
}
spawn rlogfetch -d 3 -s status "$url" out s60k n100 3>ready 2>err
fetcher=$spawned
ok 'it is ready when the server has answered' wait_for 20 is_ready
{
	head -c 300000 /dev/zero | tr '\0' x
	echo
	head -n 100 origin
} >long
publish "$url/rlog.b.pop3" b/pop3 raw 7000 pieces <long
seq 1 1000 >added
publish "$url/rlog.a.smtp" a/smtp raw 1000 <added
is_fetched() {
	cat origin added >want
	keeps out/a/smtp want && keeps out/b/pop3 long
}
ok 'it follows the stream' wait_for 20 is_fetched
rlogfetch "$url" out 2>locked
is 'a second rlogfetch in the directory is refused' "$?" 111
ok 'the message tells of the lock' grep -q 'lock' locked
kill -s TERM "$fetcher"
wait "$fetcher"
is 'TERM ends it' "$?" 0
ok 'the status is the last one' has_sequence status "$(cat published)"
is 'all went without a message' "$(cat err)" ''

# Hostile names, and forms that it does not know.
mkdir elsewhere
ln -s ../elsewhere out/link
for name in ../x x/../y /etc x/ x x/y/z .x/y x/.y -x/y 'a b/c' ''; do
	echo hostile | publish "$url/rlog.bad" "$name" raw 100 2>/dev/null
done
echo '{"host":"a"' | publish "$url/rlog.bad" c/good json 1000
echo x | publish "$url/rlog.bad" a/bad sessions 1000
echo good | publish "$url/rlog.bad" c/good raw 1000
rlogfetch -1 -s status "$url" out 2>err
is 'it takes the messages between others' "$(cat out/c/good/current)" good
is 'no other directory was made' \
	"$(find out -mindepth 1 -maxdepth 2 -type d | sort | tr '\n' ' ')" \
	'out/a out/a/smtp out/b out/b/pop3 out/c out/c/good '
is 'nothing was made through a link' "$(ls elsewhere)" ''
ok 'what was refused is counted' test \
	"$(sed -n 's/^refused //p' status)" -ge 10
is 'and told once' "$(grep -c 'unable to keep message' err)" 1
# A link that was planted is not followed, and waited for.
echo linked | publish "$url/rlog.link" link/x raw 100
spawn rlogfetch "$url" out 2>err
ok 'a link in the place of a directory is told' wait_for 20 \
	grep -q 'unable to open directory ./out/link' err
is 'and not followed' "$(ls elsewhere)" ''
rm out/link
ok 'it goes on when the link is gone' wait_for 20 test -s out/link/x/current
kill -s TERM "$spawned"
wait "$spawned"
done_testing
