#!/bin/sh
# rlog: when a directory is rotated, how big files get, what is kept.
. "$(dirname "$0")/../lib.sh"

sizes() {
	for f in "$1"/@* "$1"/current; do
		[ ! -e "$f" ] || stat -c %s "$f"
	done | tr '\n' ' '
}

seq 10000 99999 >in
rlog s4096 n1000 ./a <in
cat a/@* a/current >out
same "lines are in order over archives and current" out in
is "s4096: each file is rotated at the first line end from 2096 on" \
	"$(for f in a/@*; do stat -c %s "$f"; done | sort -u)" 2100

seq 10000 10348 >in
rlog s4096 ./b <in
is "s4096: a current of 2094 bytes is not rotated" "$(sizes b)" "2094 "
echo 1 | rlog s4096 ./b
is "s4096: a current of 2096 bytes is rotated before more input" \
	"$(sizes b)" "2096 0 "

perl -e 'print "x" x 10000, "\n", "y\n"' >in
rlog s4096 ./c <in
is "a line is cut exactly at the size" "$(sizes c)" "4096 4096 1811 "
cat c/@* c/current >out
same "a line that is cut goes on in the next file" out in

perl -e 'print "x" x 4095, "\n"' | rlog s4096 ./d
is "a line of just the size is not cut" "$(sizes d)" "4096 0 "

is "the default size is 99999" "$(perl -e 'print "x" x 300000, "\n"' |
	rlog ./e; sizes e)" "99999 99999 99999 4 "
is "s1 means 4096 bytes" "$(perl -e 'print "x" x 5000, "\n"' |
	rlog s1 ./f; sizes f)" "4096 905 "
is "s8k means 8192 bytes" "$(perl -e 'print "x" x 9000, "\n"' |
	rlog s8k ./g; sizes g)" "8192 809 "
is "there is no largest size" "$(perl -e 'print "x" x 20000000, "\n"' |
	rlog s1g ./h; sizes h)" "20000001 "

seq 10000 19999 | rlog s4096 n4 ./i
is "n4: three archives and current" "$(find i -name '@*' | wc -l)" 3
is "n4: the newest archives are kept" "$(cat i/@* i/current | tail -n 1)" 19999
seq 10000 19999 | rlog s4096 n1 ./j
is "n1 means n2" "$(find j -name '@*' | wc -l)" 1

# Settings hold for what follows, each directory has its own.
seq 10000 19999 | rlog ./k s4096 n3 ./l n5 ./m
is "a directory before s and n has the defaults" "$(sizes k)" "60000 "
is "n3: two archives and current" "$(find l -name '@*' | wc -l)" 2
is "n5: four archives and current" "$(find m -name '@*' | wc -l)" 4

is "modes of the directory and its files" \
	"$(cd l && stat -c %a . lock current @* | sort | uniq -c |
	tr -s ' \n' ' ')" " 1 600 1 700 3 744 "
(umask 077 && echo x | rlog ./n)
is "modes do not depend on the umask" \
	"$(stat -c %a n n/current n/state | tr '\n' ' ')" \
	"700 744 644 "
seq 10000 10400 >in
(umask 0 && rlog s4096 '!umask' ./u <in)
is "the umask of a processor is 022" "$(cat u/@*)" 0022

# A clean current that is too big for a new size.
perl -e 'print "x" x 4090, "\n"' | rlog ./o
seq 3 | rlog t s4096 ./o
is "a stamp is never cut" "$(sizes o)" "4091 84 "
done_testing
