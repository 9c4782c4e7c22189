#!/bin/sh
# tests/run: the run fails if a test fails or hangs.
. "$(dirname "$0")/../lib.sh"

# program NAME: a test program, from stdin; it need not be written in C.
program() {
	{
		echo '#!/bin/sh'
		cat
	} >"$1"
	chmod 755 "$1"
}
# Its exit status; 124 if the run itself had no end.
run() {
	TEST_LIMIT=$limit timeout 300 "$top/tests/run" "$@" >out 2>&1
	echo $?
}
program passes <<'S'
echo 'ok 1 - fine'
echo 1..1
S
program fails <<'S'
echo 'not ok 1 - wrong'
echo 1..1
S
program hangs <<'S'
echo 'ok 1 - fine'
echo 1..1
sleep 1000 &
exec sleep 1000
S
limit=60
is "a test that passes" "$(run ./passes)" 0
is "a test that fails" "$(run ./passes ./fails)" 1
limit=1
is "a unit test that hangs fails" "$(run ./hangs ./passes)" 1
ok "a unit test that hangs is named, with the status of timeout" \
	sh -c 'grep -q "^./hangs.*exited 124" out'
cat >perl.t <<'S'
#!/usr/bin/perl
print "1..1\n";
sleep 1000;
S
is "a scenario in Perl that hangs fails" "$(run ./perl.t)" 1
# scenario NAME: a scenario, from stdin.
scenario() {
	{
		echo '#!/bin/sh'
		echo '. "$TOP/tests/lib.sh"'
		cat
		echo done_testing
	} >"$1"
}
TOP=$top
export TOP
scenario hangs.t <<'S'
spawn sleep 1000
ok "a test that waits for ever" sleep 1000
S
is "a scenario that hangs fails" "$(run ./hangs.t)" 1
ok "a scenario that hangs is named" sh -c 'grep -q "^./hangs.t.*exited 124" out'

limit=60
scenario orphan.t <<S
spawn sh -c 'env -i sleep 1000 & echo \$! >$T/orphan'
wait "\$spawned"
ok "a process outlives the leader of its group" kill -s 0 "\$(cat $T/orphan)"
S
is "a scenario whose process outlives the leader" "$(run ./orphan.t)" 0
ended() {
	! kill -s 0 "$(cat "$1")" 2>/dev/null
}
ok "the end of a scenario ends a process that no environment marks" \
	wait_for 20 ended orphan

# The next process gets the number after ns_last_pid, if nothing has that number.
if ! unshare -pf --mount-proc sh -c 'echo 99 >/proc/sys/kernel/ns_last_pid' \
	2>/dev/null; then
	skip "a PID namespace needs root" 2
	done_testing
fi
scenario number.t <<S
spawn true
wait "\$spawned"
echo \$((spawned - 1)) >/proc/sys/kernel/ns_last_pid
RECIO_TEST=other perl -e 'setpgrp; open F, ">", shift; sleep 1000' \
	$T/grouped &
echo \$! >$T/stranger
ok "a stranger has a group" wait_for 20 test -e $T/grouped
S
# shellcheck disable=SC2016 # for the inner shell
unshare -pf --mount-proc sh -c '"$TOP/tests/limit" ./number.t >out
	echo $? >status; kill -s 0 "$(cat stranger)" && : >survives'
is "a scenario beside a stranger" "$(cat status)" 0
ok "the end of a scenario spares a stranger with the number of an ended group" \
	test -e survives
done_testing
