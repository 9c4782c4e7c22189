#!/bin/sh
# A log that is stuck or fails never ends a session, and what could not be
# recorded is counted and said.
. "$(dirname "$0")/../lib.sh"

# The relay of the recio that was spawned: it writes to the log or waits for it.
relay_pid() {
	pgrep -g "$spawned" -x recio
}
stuck_in() {
	grep -Eq "$1" "/proc/$(relay_pid)/wchan"
}
# all_said FILE: the program has said all, and it is in the file.
all_said() {
	[ "$(stat -c %s "$1")" = 1000000 ]
}
recorded_bytes() {
	rm -rf bytes && mkdir bytes
	perl "$top/tests/tools/rebuild.pl" bytes <"$1" >odd
	cat bytes/* | wc -c
}
lost_bytes() {
	sed -n 's/^[0-9]* : lost [0-9]* records, \([0-9]*\) bytes$/\1/p' "$1" |
		awk '{ sum += $1 } END { print sum + 0 }'
}

printf 'yes 123456789 | head -c 1000000\n' >talk.sh
mkfifo log
# Descriptor 8 keeps the fifo open; nobody reads until cat below does.
exec 8<>log
spawn sh -c 'exec recio -f out sh talk.sh </dev/null >out 2>log'
ok "a stuck log stops the relay" wait_for 20 stuck_in pipe
ok "a stuck log stops the session" [ "$(stat -c %s out)" -lt 1000000 ]
timeout 300 sed '/\[EOF\]/q' <log >records
ok "the session goes on when the log is read again" wait_for 20 all_said out
is "a stuck log: no record is lost" "$(recorded_bytes records)" 1000000

mkfifo log2
exec 6<>log2
spawn sh -c 'exec recio -d -f out sh talk.sh </dev/null >out2 2>log2'
ok "-d: the session does not wait" wait_for 20 all_said out2
exec 5<log2 6>&-
timeout 300 cat <&5 >records
exec 5<&-
is "-d: records and counted losses add up to all bytes" \
	"$(($(recorded_bytes records) + $(lost_bytes records)))" 1000000
ok "-d: something was lost" [ "$(lost_bytes records)" -gt 0 ]
is "-d: no torn record" "$(cat odd)" ''

# The note comes as soon as the log takes something, without more traffic.
mkfifo in
spawn sh -c 'exec recio -d -f out sh -c "sh talk.sh; cat" <in >out3 2>log'
exec 7>in
wait_for 20 all_said out3
timeout 300 sed '/ : lost /q' <log >records
relay_lives() {
	relay_pid >/dev/null
}
ok "-d: the loss is said while the session is idle" relay_lives
exec 7>&-
exec 8>&-

# A log that another program made non-blocking: the flag stays, we wait.
cat >nonblocking.pl <<'S'
use Fcntl;
pipe my $r, my $w or die;
fcntl $w, F_SETFL, fcntl($w, F_GETFL, 0) | O_NONBLOCK;
open STDERR, '>&', $w or die;
if (!fork) {
	close $r;
	exec 'recio', '-f', 'out', 'sh', 'talk.sh';
}
close $w;
select undef, undef, undef, 0.01 until -s 'out' >= 20000;
my $flags = fcntl(STDERR, F_GETFL, 0) & O_NONBLOCK ? 'kept' : 'changed';
close STDERR;
open my $f, '>', 'records';
print $f $_ while <$r>;
open $f, '>', 'flags';
print $f $flags;
S
timeout 300 perl nonblocking.pl >out
is "a non-blocking log is waited for" "$(recorded_bytes records)" 1000000
is "a non-blocking log keeps its flag" "$(cat flags)" kept

# The log's own flag stays as it was also with -d.
cat >blocking.pl <<'S'
use Fcntl;
pipe my $r, my $w or die;
open STDERR, '>&', $w or die;
exec 'recio', '-d', 'sh', '-c', 'sh talk.sh; echo x' unless fork;
wait;
open my $f, '>', 'flags';
print $f fcntl(STDERR, F_GETFL, 0) & O_NONBLOCK ? 'changed' : 'kept';
S
rm -f flags
timeout 300 perl blocking.pl >out
is "-d: a blocking log stays blocking" "$(cat flags)" kept

is "a log on a full disk: the session goes on" \
	"$(recio sh talk.sh </dev/null 2>/dev/full | wc -c)" 1000000
is "a closed log: the session goes on" \
	"$(recio sh talk.sh </dev/null 2>&- | wc -c)" 1000000
{
	recio sh talk.sh </dev/null 2>&3 | wc -c >count
} 3>&1 | true
is "a log that nobody reads: the session goes on" "$(cat count)" 1000000
is "-n to a descriptor that is closed: the session goes on" \
	"$(recio -n 9 sh talk.sh </dev/null 9>&- 2>err | wc -c)" 1000000
is "-n to a descriptor that is closed: a warning is printed" \
	"$(cut -c1-38 err)" 'recio: warning: the descriptor of the '

# A relay has the environment of its session.
relays_gone() {
	! grep -qsz '^SESSION=over$' /proc/[0-9]*/environ
}
i=0
while [ $i -lt 20 ]; do
	SESSION=over recio -d echo x </dev/null 2>&- >>said
	i=$((i + 1))
done
all_20_said() {
	[ "$(wc -l <said)" = 20 ]
}
ok "-d and a closed log: 20 sessions" wait_for 20 all_20_said
ok "-d and a closed log: their relays go with them" wait_for 20 relays_gone

# A disk that is full, here by a limit on the file, and has room again.
cat >takes.sh <<'S'
head -c 100000 >/dev/null
: >taken
exec cat >/dev/null
S
spawn sh -c 'rm out; ulimit -f 16; exec recio -f in sh takes.sh <in 2>>full'
exec 7>in
yes 123456789 | head -c 100000 >&7
# The program has all, the log has what it can hold, and the relay waits.
all_taken() {
	[ -e taken ] && [ "$(stat -c %s full)" -ge 8192 ] && stuck_in poll
}
wait_for 20 all_taken
: >full
echo more >&7
wait_for 20 grep -q '< more $' full
exec 7>&-
ok "a disk with room again: the loss is said first" \
	[ "$(grep . full | sed -n '1s/.* : lost [0-9]* records, [0-9]* bytes$/lost/p')" = lost ]
done_testing
