#!/bin/sh
# Recording switched on for one peer while the service runs, by a tcprules
# database; and programs that are UCSPI clients.
. "$(dirname "$0")/../lib.sh"

rules() {
	printf '%s\n' "$@" | tcprules rules.cdb rules.tmp
}
# Says "hello" from address $1 to the service and prints its answer.
talk() {
	perl -MIO::Socket::INET -e 'my $s = IO::Socket::INET->new(
		LocalAddr => $ARGV[0], PeerAddr => "127.0.0.1",
		PeerPort => $ARGV[1]) or die; print $s "hello\n";
		print scalar <$s>; shutdown $s, 1; print while <$s>' "$1" "$port"
}
records() {
	grep -c '^[0-9]* [<>] .' log
}
all_gone() {
	! pgrep -g "$spawned" -x recio
}

rules ':allow'
port=$(free_port)
spawn sh -c 'exec tcpserver -RHl0 -x rules.cdb 127.0.0.1 "$1" \
	recio -ew 50 sh -c "read -r x; echo \$x \${RECIO-unset}" 2>log' \
	sh "$port"
wait_for 10 listening "$port"
is "no rule: the session goes on" "$(talk 127.0.0.1)" 'hello unset'
is "no rule: no record" "$(cat log)" ''
rules '127.0.0.2:allow,RECIO="-v -f in"' ':allow'
is "the peer of a new rule" "$(talk 127.0.0.2)" 'hello -v -f in'
ok "the peer of a new rule is recorded as its options say" wait_for 10 grep -q \
	' : start TCP 127.0.0.2:' log
wait_for 10 grep -q ' : end ' log
is "the peer of a new rule: one direction is recorded" \
	"$(grep -c '^[0-9]* < hello $' log; grep -c '^[0-9]* > ' log)" \
	"$(printf '1\n0')"
cp log before
is "other peers: the session goes on" "$(talk 127.0.0.1)" 'hello unset'
same "other peers: no record" log before
rules '127.0.0.2:allow' '127.0.0.3:allow,RECIO=""' ':allow'
is "no rule any more" "$(talk 127.0.0.2)" 'hello unset'
same "no rule any more: no record" log before
talk 127.0.0.3 >out
ok "an empty value records" wait_for 10 grep -q '^[0-9]* > hello $' log
wait_for 10 all_gone
cp log before
rules '127.0.0.2:allow,RECIO="-p nothing"' ':allow'
is "a wrong rule: the session goes on" "$(talk 127.0.0.2)" 'hello -p nothing'
is "a wrong rule: a warning and no record" "$(diff before log | sed -n 's/^> //p')" \
	"recio: warning: nothing will be recorded: RECIO: $(recio -p nothing true 2>&1 |
		sed 's/recio: fatal: //')"
wait_for 10 all_gone

# Without a record there is no process besides the program, and no cost.
is "-e without RECIO becomes the program at once" \
	"$(env -u RECIO recio -e readlink /proc/self/fd/0 </dev/null)" /dev/null

# UCSPI clients: descriptor 6 is read, 7 is written. Whether the end of < comes
# before the program is gone is not looked at: that is a race.
cat >client.sh <<'S'
echo "what the program says on 1"
echo hello >&7
read -r answer <&6
echo "got $answer"
S
cat >want <<'S'
what the program says on 1
got hello unset
S
recorded() {
	grep -q " $1 \[EOF\]" log-tcp
}
rules ':allow'
tcpclient -RHl0 127.0.0.1 "$port" recio -c sh client.sh >out 2>log-tcp
same "tcpclient: the session" out want
wait_for 10 recorded '>'
is "tcpclient: the records" "$(sed -n 's/^[0-9]* \([<>] h\)/\1/p' log-tcp | sort)" \
	"$(printf '%s\n' '< hello unset ' '> hello ')"

# -1: it writes a line as soon as it listens.
spawn s6-ipcserver -1 ./sock sh -c 'read -r x; echo $x unset' >listens
wait_for 10 test -s listens
s6-ipcclient -l me ./sock recio -cv sh client.sh >out 2>log-ipc
same "s6-ipcclient: the session" out want
wait_for 10 grep -q ' : end ' log-ipc
is "s6-ipcclient: the records" "$(sed -n 's/^[0-9]* \([<>] h\)/\1/p' log-ipc | sort)" \
	"$(printf '%s\n' '< hello unset ' '> hello ')"

cat >kinds.pl <<'S'
use Fcntl ':mode';
my @kinds = map { open my $f, '<&=', $_; my @s = $f ? stat $f : ();
	!@s ? 'closed' : S_ISSOCK($s[2]) ? "socket$s[1]" : 'other' } 0, 6, 7;
print $kinds[1] =~ /socket/ && $kinds[1] eq $kinds[2] ? "one socket\n" : "@kinds\n";
S
is "-c: one socket stays one socket" \
	"$(tcpclient -RHl0 127.0.0.1 "$port" recio -c perl kinds.pl 2>log2)" \
	"one socket"
is "-c: closed descriptors stay closed" "$(recio -c perl kinds.pl </dev/null \
	2>log2 6<&- 7<&-)" "other closed closed"
is "-c: exit status" "$(recio -c sh -c 'exit 7' 2>log2 6</dev/null 7>out2
	echo $?)" 7
# The relay holds neither 0 nor 1 open.
mkfifo held
mkfifo held2
spawn sh -c 'exec recio -c sh -c "exec 1>&-; cat <&6" 1>held 2>log3 6<held2 7>out2' 
exec 9<>held2
is "-c: the relay holds no other descriptor" "$(timeout 300 cat held && echo ended)" \
	ended
exec 9>&-
recio -c -n 7 true 2>err
is "-c with -n 7: exit 100" $? 100
done_testing
