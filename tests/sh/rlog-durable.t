#!/bin/sh
# rlog: where the intake is, what F syncs, r, and d.
. "$(dirname "$0")/../lib.sh"
needs_linux "without a boot id no kill is undone"
# Leaks can't be looked for under strace.
export ASAN_OPTIONS=detect_leaks=0
mkfifo pipe
has() { grep -qx "$2" "$1" 2>/dev/null; }
start() {
	spawn sh -c 'exec "$@" <pipe 2>err 3>&-' sh "$@"
	exec 3<>pipe
}
stop() {
	kill -TERM "$spawned"
	wait_for 10 gone "$spawned"
}

# J: the ring elsewhere, or none.
start rlog J./ring ./a
printf 'one\ntw' >&3
wait_for 10 has a/current one
stop
is "J: the ring is made at the place named" \
	"$(stat -c '%a %s' ring)" "600 393216"
ok "J: the directory has no ring" test ! -e a/intake
start rlog J./ring ./b
printf 'o\n' >&3
ok "J: the next rlog goes on with the ring" wait_for 10 has b/current two
stop

start rlog J ./c
printf 'one\ntw' >&3
wait_for 10 has c/current one
kill -TERM "$spawned"
printf 'o\nthree\n' >&3
wait_for 10 gone "$spawned"
is "J alone: TERM waits for the end of the line" "$(cat c/current)" \
	"$(printf 'one\ntwo')"
ok "J alone: no ring is made" test ! -e c/intake
is "J alone: no warning is printed" "$(cat err)" ""
read -r rest <&3
is "J alone: the next line stays in the pipe" "$rest" three
start rlog J ./c
printf 'four\nfi' >&3
wait_for 10 has c/current four
kill -TERM "$spawned"
ok "J alone: TERM waits no longer than 2 seconds" wait_for 10 gone "$spawned"
is "J alone: a line without its end gets a newline" \
	"$(tail -n 1 c/current)" 'fi'

# Another first directory: the ring moves there.
start rlog ./d ./e
printf 'one\ntw' >&3
wait_for 10 has e/current one
stop
start rlog ./e ./d
printf 'o\n' >&3
ok "another first directory: lines go on" wait_for 10 has e/current two
stop
is "another first directory: no line is torn" \
	"$(cat d/current)" "$(printf 'one\ntwo')"
ok "another first directory: the ring has moved there" \
	test -e e/intake -a ! -e d/intake
start rlog ./e ./d
printf 'more\nthr' >&3
wait_for 10 has d/current more
stop
start rlog J./elsewhere ./e ./d
printf 'ee\n' >&3
ok "another place for the ring: lines go on" wait_for 10 has d/current three
stop
is "another place for the ring: no line is torn" \
	"$(cat e/current)" "$(printf 'one\ntwo\nmore\nthree')"
ok "another place for the ring: the ring has moved there" \
	test -e elsewhere -a ! -e e/intake
here=$(stat -c %d .)
if [ "$(stat -c %d /dev/shm 2>/dev/null || echo "$here")" = "$here" ]; then
	skip 'no other file system' 1
else
	far=$(mktemp -u /dev/shm/recio-test.XXXXXX)
	rlog ./far </dev/null
	echo line | rlog "J$far" ./far 2>err
	rm -f "$far"
	is "a warning says that a ring on another file system stays" \
		"$(cat err)" \
		"rlog: warning: unable to fetch ./far/intake, what it holds is\
 not written: Invalid cross-device link"
fi

# Where there is a ring already, another directory's stays where it is.
echo other | rlog ./y
start rlog ./x
printf 'one\ntw' >&3
wait_for 10 has x/current one
stop
start rlog ./x ./y
printf 'o\n' >&3
ok "two rings: rlog goes on with the first directory's" \
	wait_for 10 has x/current two
stop
ok "two rings: the second directory's stays" test -e x/intake -a -e y/intake

# A line that is longer than the ring, and another script in its middle.
start rlog '+*' ./f '-*' '+z*' ./g
perl -e 'print "z" x 300000' >&3
wait_for 10 test -s g/current
stop
start rlog ./h '-*' ./f '-*' '+q*' ./g
printf 'end\nafter\n' >&3
wait_for 10 has h/current after
stop
is "another script within a line: directories that had it get the rest" \
	"$(tr -d z <g/current) $(tr -d z <f/current)" "end end"
is "another script within a line: no other directory gets the rest" \
	"$(cat h/current)" after

# The machine was started again meanwhile: the pipe is another one then, whatever
# its number. What the ring holds comes first, and ends with a newline.
start rlog ./n
printf 'one\ntw' >&3
wait_for 10 has n/current one
# It has noted, too, that it has written what there was.
wait_for 10 asleep "$spawned"
kill -KILL "$spawned"
wait_for 10 gone "$spawned"
ok "the ring is made one of another boot" \
	"$tools/other-boot" n/intake </dev/null
start rlog ./n
echo three >&3
wait_for 10 has n/current three
stop
is "another boot: the old current is archived unchanged" "$(cat n/@*.u)" one
is "another boot: lines that the old ring held come first" \
	"$(cat n/@*.u n/current)" "$(printf 'one\ntw\nthree')"
is "another boot: a warning says that lines may be there twice" "$(cat err)" \
	"rlog: warning: the machine went down while rlog was running: lines may be there twice"

# The same where the system does not tell one boot from another.
cat >without-boot <<'END'
#!/bin/sh
exec unshare -m sh -c 'mount --bind /dev/null \
	/proc/sys/kernel/random/boot_id && exec "$@"' sh "$@"
END
chmod +x without-boot
if ./without-boot true 2>/dev/null; then
	start ./without-boot rlog ./o
	printf 'one\ntw' >&3
	wait_for 10 has o/current one
	wait_for 10 asleep "$spawned"
	kill -KILL "$spawned"
	wait_for 10 gone "$spawned"
	start ./without-boot rlog ./o
	echo three >&3
	wait_for 10 has o/current three
	stop
	is "no boot id: any start may be after another boot" \
		"$(cat o/@*.u) $(cat err)" "one rlog: warning: the machine\
 went down while rlog was running: lines may be there twice"
	is "no boot id: lines are not put together" \
		"$(cat o/@*.u o/current)" "$(printf 'one\ntw\nthree')"
else
	skip "no mount of its own here" 2
fi

# Of current the last pages may be missing, or be NULs: half a line is no line.
rlog ./half </dev/null
printf 'one\ntwo\nth\000\000' >half/current
chmod 644 half/current
rlog J ./half </dev/null 2>err
is "killed in the same boot: no part of a line is cut off" \
	"$(cat half/@*.u err | tr '\000' 0)" "$(printf 'one\ntwo\nth00')"
rm half/@*
# The disk may have another device number after that.
for moved in '' moved; do
	rm -rf half err
	start rlog ./half
	printf 'four\n' >&3
	wait_for 10 has half/current four
	wait_for 10 asleep "$spawned"
	kill -KILL "$spawned"
	wait_for 10 gone "$spawned"
	printf 'fi\000\000' >>half/current
	# shellcheck disable=SC2086 # a word or none
	ok "again a ring of another boot${moved:+, on a disk that has moved}" \
		"$tools/other-boot" half/intake $moved </dev/null
	start rlog ./half
	printf 'six\n' >&3
	wait_for 10 has half/current six
	stop
	is "after another boot half a line is cut off${moved:+, there too}" \
		"$(cat half/@*.u half/current)" "$(printf 'four\nsix')"
	is "after that a warning says so${moved:+, there too}" "$(cat err)" \
		"rlog: warning: the end of ./half/current did\
 not reach the disk: 4 bytes of half a line are removed"
done

# What a ring holds is not lost with a disk that is full; see rlog-trouble.t.
start rlog ./k
echo one >&3
wait_for 10 has k/current one
kill -KILL "$spawned"
wait_for 10 gone "$spawned"
chmod 0 k/intake
printf 'rlog intake 2\nbad' >k/intake
start rlog ./k
echo two >&3
ok "a damaged ring: rlog goes on" wait_for 10 has k/current two
ok "a damaged ring: a warning is printed" \
	grep -qx "rlog: warning: ./k/intake is damaged: renamed to intake.bad, what it held is not written" err
is "a damaged ring is kept as intake.bad" "$(tail -n 1 k/intake.bad)" bad
is "a damaged ring: the old current is archived" "$(cat k/@*.u)" one
stop

# Two at the same ring.
start rlog J./ring ./l
echo one >&3
wait_for 10 has l/current one
rlog J./ring ./m </dev/null 2>err
is "one ring for two: exit 111" $? 111
ok "one ring for two: the message says that it is locked" grep -qx \
	"rlog: fatal: unable to lock ./ring: another process has it" err
stop

# F: current before the lines count as written.
syncs() {
	strace -f -o trace -e trace=fsync,fdatasync "$@"
}
printf '1\n2\n3\n' | syncs rlog F ./n
is "F: current is synced after a batch" "$(grep -c fdatasync trace)" 3
printf '1\n2\n3\n' | syncs rlog ./n
is "without F only the ring is synced, at the beginning and the end" \
	"$(grep -c fdatasync trace)" 2
# of_current: how often current was synced.
of_current() {
	grep -c 'fdatasync(.*/sync/current>' trace
}
begin_syncs() {
	spawn sh -c 'exec strace -y -o trace -e trace=fdatasync rlog "$1" \
		./sync <pipe 3>&-' sh "$1"
}
begin_syncs F200ms
echo first >&3
synced() { [ "$(of_current)" -ge 1 ]; }
ok "F200ms: current is synced after that time" wait_for 10 synced
exec 3>&-
wait_for 10 gone "$spawned"
begin_syncs F1h
exec 3>pipe
for i in 1 2 3 4 5; do
	echo $i >&3
	wait_for 10 has sync/current $i
done
exec 3>&-
wait_for 10 gone "$spawned"
is "F1h: current is not synced for each line" "$(of_current)" 0

# And the directory, when a rotation has changed its names.
seq 1000 | strace -y -o trace -e trace=fsync,renameat2,openat rlog F s4096 n100 \
	./names
is "F: a rotation syncs the directory" "$(sed -n -e '/^renameat2.*current/s/.*/rename/p' \
	-e '/^openat.*current.*= [0-9]/s/.*/create/p' \
	-e '/^fsync(.*names>)/s/.*/sync/p' trace | sed -n 4,6p | xargs)" \
	"rename create sync"

# What is called safely finished is on the disk, without F too.
seq 1000 | strace -y -o trace -e trace=fsync,renameat2 rlog s4096 n100 ./safe
is "without F an archive is synced before it is named" "$(sed -n \
	-e '/^fsync(.*safe\/current>)/s/.*/sync/p' \
	-e '/^renameat2.*current.*@.*[.]s/s/.*/rename/p' trace | head -n 2 |
	xargs)" "sync rename"

# With a processor: no file goes before what was made from it is on the disk.
syncing='trace=fsync,renameat,renameat2,unlinkat,fchmod,fchmodat'
# The ring's name, too, is on the disk when it is made.
# in_order WHAT DONE:FILE...: that was done with its files, in this order.
in_order() {
	what=$1
	shift
	is "$what" "$(order)" "$*"
}
order() {
	sed -n -e 's/^fsync([0-9]*<.*\/\([a-z]*\)>) *= 0/sync:\1/p' \
		-e 's/^fchmod([0-9]*<.*\/\([a-z]*\)>, 0744) *= 0/mark:\1/p' \
		-e 's/^fchmodat(.*"\([@a-z]*\)[^"]*", \([0-7]*\)) *= 0/mark-\2:\1/p' \
		-e 's/^unlinkat(.*"\([a-z]*\)".*) *= 0/unlink:\1/p' \
		-e '/"intake/d' -e 's/^renameat2*([^"]*"\([@a-z]*\).*"\([@a-z]*\)[^."]*\([^"]*\)".*) *= 0/\1-to-\2\3/p' \
		trace | xargs
}
seq 10000 10400 | strace -y -o trace -e "$syncing" rlog F s4096 '!cat' ./made
in_order "F: in a rotation with a processor" \
	sync:made sync:made sync:current mark:current current-to-@.u sync:made \
	mark-0654:processing sync:processing sync:nextstate processing-to-@.u \
	nextstate-to-state @-to-@.s mark-0754:@ sync:made \
	sync:current mark:current
seq 10000 10400 | strace -y -o trace -e "$syncing" rlog s4096 '!cat' ./unnamed
in_order "without F the same, but for the names" \
	sync:unnamed sync:current mark:current current-to-@.u \
	mark-0654:processing sync:processing sync:nextstate processing-to-@.u \
	nextstate-to-state @-to-@.s mark-0754:@ \
	sync:current mark:current
mkdir -m 700 left
seq 10 >left/@400000005000000000000000.u
spawn sh -c 'exec strace -y -o trace -e "$1" rlog "!cat" ./left <pipe 3>&-' \
	sh "$syncing"
exec 3<>pipe
processed() { [ -x left/@400000005000000000000000.s ]; }
wait_for 10 processed
exec 3>&-
wait_for 10 gone "$spawned"
in_order "the order of syncs for a .u that was left over" \
	sync:left mark-0654:processing sync:processing sync:nextstate processing-to-@.u \
	nextstate-to-state @-to-@.s mark-0754:@ \
	sync:current mark:current
# At the end there is no time for it.
mkfifo gate
spawn sh -c 'exec strace -D -y -o trace -e "$1" rlog s4096 "!cat ../gate" \
	./end <pipe 3>&-' sh "$syncing"
exec 3<>pipe
seq 10000 10400 >&3
wait_for 10 test -e end/processing
seq 10000 10400 >&3
drained() { [ "$(stat -c %s end/current)" = 2100 ]; }
wait_for 10 drained
kill -TERM "$spawned"
wait_for 10 gone "$spawned"
exec 3>&-
in_order "the order of syncs when TERM ends a processor" \
	sync:end sync:current mark:current current-to-@.u \
	unlink:nextstate unlink:processing \
	sync:current mark:current current-to-@.u \
	sync:current mark:current

# A sync that failed says nothing of what is on the disk: the first one, and one
# with other batches before it.
seq 3000 >want
for n in 1 2; do
	strace -o trace -e trace=fdatasync,ftruncate \
		-e inject=fdatasync:error=EIO:when=$n rlog F r100ms "./p$n" \
		<want 2>err
	is "sync $n of current fails: exit 0" "$?" 0
	ok "sync $n of current fails: a warning is printed" grep -q \
		"unable to sync ./p$n/current: Input/output error, trying again" err
	same "sync $n of current fails: each line is there once" \
		"p$n/current" want
	sed -n 's/^ftruncate(.*, \(0*\)\([0-9]*\)) *= 0/\1 \2/p' trace >"cut$n"
done
is "a failed sync of the first batch: the batch is cut off" "$(cat cut1)" "0 "
ok "a failed sync of the second batch: the first stays" \
	grep -qx ' [1-9][0-9]*' cut2

# Also where it is not a batch that is synced: what was not on the disk before is
# written once more, so that the sync that says yes has it to write.
# once WHAT CALL N DIR DIRECTIVE...: sync N of that kind fails, once.
once() {
	what=$1 call=$2 n=$3 dir=$4
	shift 4
	strace -y -f -o trace -e "trace=$call,pwrite64,ftruncate" \
		-e "inject=$call:error=EIO:when=$n" rlog "$@" n1000 r10ms "./$dir" \
		<want 2>err
	is "$what: exit 0" "$?" 0
	ok "$what: a warning is printed" grep -q \
		"unable to sync ./$dir/[a-z]*: Input/output error, trying again" err
	cat "$dir"/@* "$dir/current" 2>/dev/null >got
	same "$what: each line is there once" got want
}
# The first two are of the new ring and its name.
once "a sync before a rotation fails" fsync 3 e1 s4096
is "bytes left in doubt by a failed sync are written again" \
	"$(grep -c '^[0-9]* *pwrite64(.*e1/current>, .*, 0) *= ' trace)" 1
ok "a warning says that bytes left in doubt are written again" \
	grep -qx "rlog: warning: what a failed sync of\
 ./e1/current had left in doubt is written again" err
once "the second one" fsync 4 e2 s4096
strace -f -P "$T/e3/processing" -o trace -e trace=fsync \
	-e inject=fsync:error=EIO:when=1 rlog s4096 n1000 r10ms \
	'!cat; echo run >>../runs' ./e3 <want 2>err
cat e3/@* e3/current >got
same "a failed sync of processing: each line is there once" got want
ok "a failed sync of processing: a warning is printed" \
	grep -q "unable to sync ./e3/processing: Input/output error" err
# A call that another process interrupts stands on two lines.
is "a failed sync of processing: the file is synced again" \
	"$(grep 'fsync' trace | grep -v 'unfinished' |
	head -n 3 | sed 's/.*= //; s/ .*//' | xargs)" \
	"-1 0 0"
ok "a failed sync of processing: the processor runs again" \
	test "$(wc -l <runs)" -gt "$(find e3 -name '@*.s' | wc -l)"
printf '1\n2\n' | strace -y -o trace -e trace=fsync,pwrite64 \
	-e inject=fsync:error=EIO:when=3 rlog ./e4 2>err
is "a failed last sync of current: the bytes are written again" \
	"$? $(stat -c %a e4/current) $(grep -c pwrite64 trace)" "0 744 1"
ok "a failed last sync of current: a warning is printed" \
	grep -q "left in doubt is written again" err
printf '1\n2\nthr' | strace -y -o trace -e trace=fdatasync \
	-e inject=fdatasync:error=EIO:when=1 rlog ./e5 2>err
is "a failed sync of the ring: it is synced again, exit 0" \
	"$? $(grep -c fdatasync trace)" "0 2"

# d: as s6 expects it.
rlog d4 ./q </dev/null 4>ready
is "d: a newline when all is ready" "$(od -An -c <ready | tr -d ' ')" '\n'
rlog d4 ./q </dev/null 2>err 4>&-
is "a descriptor that is not open: exit 100" $? 100
rlog d4 ./no/such </dev/null 4>ready 2>err
is "d: no newline when a directory cannot be opened" \
	"$? $(wc -c <ready)" "111 0"
mkfifo told
spawn sh -c 'exec rlog d7 s4096 "!ls /proc/self/fd; cat >/dev/null" ./q <pipe \
	3>&- 7>told'
exec 3>pipe
ok "d: the descriptor is closed after the newline" timeout 300 cat told
seq 10000 10400 >&3
exec 3>&-
wait_for 10 gone "$spawned"
is "d: no processor has the descriptor" "$(grep -cx -e 0 -e 7 q/@*.s)" 1
done_testing
