#!/bin/sh
# rlog: selection, alerts and status files.
. "$(dirname "$0")/../lib.sh"

printf '%s\n' 'fatal: a' 'b' 'x: fatal: c' 'd' >in
rlog '-*' '+fatal: *' ./a '+*: fatal: *' ./b e '-*' +d =st <in 2>err
is "first directory" "$(cat a/current)" "fatal: a"
is "more for the second" "$(cat b/current)" "$(printf 'fatal: a\nx: fatal: c')"
is "alerts" "$(cat err)" "$(printf 'fatal: a\nx: fatal: c')"
is "status: 1001 bytes" "$(wc -c <st)" 1001
is "status: the line" "$(head -n 1 st)" d
is "status: then newlines" "$(tail -c +2 st | tr -d '\n' | wc -c)" 0
is "status: its mode" "$(stat -c %a st)" 600

perl -e 'print "x" x 1500, "\n"' | rlog '=st' e 2>err
is "status: the first 1000 bytes" "$(head -n 1 st | tr -d '\n' | wc -c)" 1000
is "alert: the first 200 and three dots" "$(wc -c <err) $(tail -c 4 err)" \
	"204 ..."

chmod 640 st
before=$(stat -c %i st)
exec 3<st
echo new | rlog t =st
is "status: replaced as a whole" "$(head -n 1 <&3 | cut -c 1-3)" xxx
ok "by another file" test "$before" != "$(stat -c %i st)"
is "whose mode is kept" "$(stat -c %a st)" 640
if chown 1234:2345 st 2>/dev/null; then
	echo new | rlog t =st
	is "and whose owner" "$(stat -c %u:%g st)" 1234:2345
else
	skip "no file can be given away" 1
fi
ok "with its stamp" grep -q '^@[0-9a-f]\{24\} new$' st
ok "nothing is left beside it" test ! -e st.new
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
is "status: tried again at the end" "$(head -n 1 st)" last

mkdir elsewhere
echo old >elsewhere/real
ln -s elsewhere/real link
echo through | rlog '=link'
is "status: a link is resolved" "$(head -n 1 elsewhere/real)" through
ok "and stays a link" test -L link
echo x >victim
ln -s "$T/victim" st.new
echo y | rlog '=st'
is "status: st.new is not followed" "$(cat victim)" x
is "but replaced" "$(head -n 1 st)" y
echo z | rlog '=/dev/null'
is "status: /dev/null" $? 0
ok "which is still there" test -c /dev/null

# Several alerts of long lines: each is there.
perl -e 'print "x" x 300, "\n" for 1 .. 300' |
	rlog e E250 e E100 e ./several 2>err
is "several alerts: exit" $? 0
is "each of each line" "$(grep -c '^x\{200\}[.][.][.]$' err) $(grep -c \
	'^x\{250\}[.][.][.]$' err)" "300 300"
done_testing
