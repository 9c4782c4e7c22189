#!/bin/sh
# rlog: forwarding to standard output, to a reader that is quick, slow or gone.
. "$(dirname "$0")/../lib.sh"

seq 1 100000 >in

rlog t 1 s1g ./a <in >out
same "standard output has the lines of the directory" out a/current
rlog '-*' '~+0$' 1 ./b '+*' s1g ./c <in >out
grep '0$' in >zeros
same "standard output has its own selection" out zeros
same "directories beside standard output have their selections" c/current in
rlog t 1 <in | rlog s1g ./d
is "another rlog can follow" "$(wc -l <d/current)" 100000
rlog 'p> ' v 1 s1g p ./e <in >out
sed 's/^/> /' in >want
same "standard output has its own form" out want
perl -e 'print "x" x 1000000, "\ny"' | rlog s4096 n1000 ./f 1 >out
is "long lines, and a last one without its newline" \
	"$(wc -lc <out | tr -s ' ')" " 2 1000003"

rlog 1 s1g ./g <in 2>err | head -n 3 >out
is "a reader that goes: it has had the first lines" "$(tail -n 1 out)" 3
same "a reader that goes: the directory has all lines" g/current in
is "a reader that goes: one warning" "$(cat err)" \
	"rlog: warning: unable to write to standard output: Broken pipe, writing no more there"

rlog 1 ./h </dev/null >&- 2>err
is "no standard output: exit 111" $? 111
ok "no standard output: the message gives the reason" \
	grep -q 'unable to write to standard output' err
ok "no standard output: no directory is made" test ! -e h

# A reader that does not read: everything waits, and nothing is lost.
mkfifo slow
spawn sh -c 'exec rlog J 1 s1g ./i <in >slow'
exec 4<slow
ok "a reader that does not read: the first lines are in the directory" \
	wait_for 10 test -s i/current
ok "a reader that does not read: rlog waits for it" \
	test "$(wc -l <i/current)" -lt 100000
cat <&4 >out
exec 4<&-
wait "$spawned"
is "a slow reader: exit 0" $? 0
same "a slow reader gets all" out in
same "a slow reader: the directory gets all lines" i/current in

needs_linux "without a boot id no line goes on"
# TERM while it waits: the rest is in the ring.
mkfifo input
spawn sh -c 'exec rlog 1 s1g ./j <input >slow'
exec 5<>input 4<slow
cat in >&5 &
writer=$!
ok "a reader that does not read: rlog has begun" wait_for 10 test -s j/current
kill -s TERM "$spawned"
ok "TERM ends rlog while it waits for the reader" wait_for 10 gone "$spawned"
cat <&4 >out
exec 4<&-
spawn sh -c 'exec rlog 1 s1g ./j <input >slow'
cat <slow >>out &
reader=$!
wait "$writer"
# What standard output has not taken yet would be taken back from the directory.
all() {
	[ "$(wc -l <j/current)" = 100000 ] && [ "$(tail -n 1 out)" = 100000 ]
}
ok "the next rlog writes the rest" wait_for 10 all
kill -s TERM "$spawned"
ok "TERM ends the next rlog" wait_for 10 gone "$spawned"
wait "$reader"
exec 5<&-
same "the directory has each line once" j/current in
# What was begun when it ended is repeated, so a line may be there twice, or
# first in part.
is "standard output has each line at least once" \
	"$(awk 'FNR == NR { seen[$0] = 1; next } !($0 in seen)' out in |
		wc -l)" 0
done_testing
