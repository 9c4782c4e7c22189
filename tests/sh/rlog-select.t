#!/bin/sh
# rlog: selection, alerts and status files.
. "$(dirname "$0")/../lib.sh"

printf '%s\n' 'fatal: a' 'b' 'x: fatal: c' 'd' >in
rlog '-*' '+fatal: *' ./a '+*: fatal: *' ./b e '-*' +d =st <in 2>err
is "the first directory has the line selected for it" \
	"$(cat a/current)" "fatal: a"
is "the second directory has both lines selected for it" \
	"$(cat b/current)" "$(printf 'fatal: a\nx: fatal: c')"
is "alerts go to standard error" \
	"$(cat err)" "$(printf 'fatal: a\nx: fatal: c')"
is "status: the file has 1001 bytes" "$(wc -c <st)" 1001
is "status: the file begins with the last line" "$(head -n 1 st)" d
is "status: the file is filled up with newlines" \
	"$(tail -c +2 st | tr -d '\n' | wc -c)" 0
is "status: mode 600" "$(stat -c %a st)" 600

perl -e 'print "x" x 1500, "\n"' | rlog '=st' e 2>err
is "status: a long line is cut after 1000 bytes" \
	"$(head -n 1 st | tr -d '\n' | wc -c)" 1000
is "alert: a long line is cut after 200 bytes, with three dots" \
	"$(wc -c <err) $(tail -c 4 err)" \
	"204 ..."

chmod 640 st
before=$(stat -c %i st)
exec 3<st
echo new | rlog t =st
is "status: the old file is unchanged for its readers" \
	"$(head -n 1 <&3 | cut -c 1-3)" xxx
ok "status: another file takes its place" test "$before" != "$(stat -c %i st)"
is "status: the mode is kept" "$(stat -c %a st)" 640
if chown 1234:2345 st 2>/dev/null; then
	echo new | rlog t =st
	is "status: the owner is kept" "$(stat -c %u:%g st)" 1234:2345
else
	skip "no file can be given away" 1
fi
ok "status: the line has its stamp" grep -q '^@[0-9a-f]\{24\} new$' st
ok "status: no temporary file is left" test ! -e st.new
exec 3<&-

# What can't be written is tried once more at the end.
mkdir st.new
mkfifo pipe
spawn sh -c 'exec rlog r1h =st <pipe 2>err 3>&-'
exec 3<>pipe
echo last >&3
wait_for 10 grep -q 'unable to write to st:' err
rmdir st.new
exec 3>&-
wait_for 10 gone "$spawned"
is "status: a failed write is tried again at the end" "$(head -n 1 st)" last

mkdir elsewhere
echo old >elsewhere/real
ln -s elsewhere/real link
echo through | rlog '=link'
is "status: the file that a link names is written" \
	"$(head -n 1 elsewhere/real)" through
ok "status: the link stays a link" test -L link
echo x >victim
ln -s "$T/victim" st.new
echo y | rlog '=st'
is "status: a link named st.new is not followed" "$(cat victim)" x
is "status: a link named st.new is replaced" "$(head -n 1 st)" y
echo z | rlog '=/dev/null'
is "status: /dev/null can be named" $? 0
ok "status: /dev/null stays a device" test -c /dev/null

# Several alerts of long lines: each is there.
perl -e 'print "x" x 300, "\n" for 1 .. 300' |
	rlog e E250 e E100 e ./several 2>err
is "several alerts: exit 0" $? 0
is "several alerts: each prints each line" \
	"$(grep -c '^x\{200\}[.][.][.]$' err) $(grep -c \
	'^x\{250\}[.][.][.]$' err)" "300 300"
done_testing
