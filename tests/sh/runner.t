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
sed 's/^\. .*/. "$TOP\/tests\/lib.sh"/' >hangs.t <<'S'
#!/bin/sh
. lib
spawn sleep 1000
ok "a test that waits for ever" sleep 1000
S
is "a scenario that hangs fails" "$(TOP=$top run ./hangs.t)" 1
ok "a scenario that hangs is named" sh -c 'grep -q "^./hangs.t.*exited 124" out'
done_testing
