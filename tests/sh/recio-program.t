#!/bin/sh
# The program under recio is what it would be without: its pid, its children,
# its exit status, its signals, its environment.
. "$(dirname "$0")/../lib.sh"

sh -c 'echo $$ >pid; exec recio sh -c "echo \$\$ >pid2; exec cat"' \
	</dev/null 2>/dev/null
is "the program keeps the pid" "$(cat pid2)" "$(cat pid)"

: >log
# Unlike sh, perl leaves by exit, which runs what a preloaded object has to say.
for how in recio 'recio -L'; do
	$how perl -e 'exit 7' 2>>log
	is "$how: the program's exit status is passed on" $? 7
	$how sh -c 'kill -9 $$' 2>>log
	is "$how: the program's death by a signal is passed on" $? 137
done
# A relay can outlive its program, so that each has a file of its own.
recio ./none 2>err-none
is "exit 127 when there is no such program" $? 127
ok "exit 127: a message names the program" grep -q \
	'^recio: fatal: unable to run ./none: No such file or directory$' err-none
: >plain
recio ./plain 2>err-plain
is "exit 126 when the program can't be run" $? 126
ok "exit 126: a message names the program" \
	grep -q 'unable to run ./plain: Permission denied$' err-plain
printf '#!/bin/sh\nexit 5\n' >in-path && chmod +x in-path
(PATH=$T:$PATH recio in-path 2>>log)
is "the program is found in PATH" $? 5

# A shell waits for all of its children; one that it did not start would show.
cat >wait.pl <<'S'
close STDOUT;	# the relay has nothing left to do in this direction
my $pid = fork // die;
exit 3 unless $pid;
my @seen;
while ((my $w = wait) > 0) { push @seen, $w == $pid ? $? >> 8 : "stranger" }
open my $f, '>', 'waited' or die; print $f "@seen"; close $f;
S
recio perl wait.pl </dev/null 2>>log
is "the relay is no child of the program" "$(cat waited)" 3

is "arguments pass unchanged" "$(recio printf '%s|' 'a b' '' '*' 2>>log)" \
	'a b||*|'
is "the environment passes unchanged" \
	"$(MARK=x recio sh -c 'echo $MARK' 2>>log)" x

cat >signals.pl <<'S'
use POSIX;
my $set = POSIX::SigSet->new;
sigprocmask(SIG_BLOCK, POSIX::SigSet->new, $set);
print join ' ', (grep { $set->ismember($_) } 1 .. 31), $SIG{PIPE} // 'default';
S
is "signals are not blocked or ignored" "$(recio perl signals.pl 2>>log)" \
	default
is "-L: signals are not blocked or ignored" \
	"$(recio -L perl signals.pl 2>>log)" default

# What the system sends to the group must not end the recording before the
# program has said its last words.
mkfifo up
cat >last-words.sh <<'S'
trap 'echo last words; exit 0' TERM
echo ready
while :; do read -r line; done
S
spawn sh -c 'exec recio sh last-words.sh <up >down 2>records'
exec 9>up
wait_for 10 grep -q ready down
kill -s TERM -- "-$spawned"
wait_for 10 grep -q 'words' down
exec 9>&-
ok "a TERM to all does not stop the relay" wait_for 10 \
	grep -q '> last words $' records

(
	SSLCTLFD=3
	export SSLCTLFD
	recio true 2>err
	echo $? >status
)
is "SSLCTLFD is refused" "$(cat status)" 100
ok "SSLCTLFD: the message gives the right order" grep -q \
	'^recio: fatal: SSLCTLFD .* smtpd-starttls-proxy-io recio qmail-smtpd$' err
is "SSLCTLFD: the message is one line" "$(wc -l <err)" 1
done_testing
