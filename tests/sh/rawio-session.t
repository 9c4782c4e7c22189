#!/bin/sh
# The session under rawio is what it would be without, and the files have it.
. "$(dirname "$0")/../lib.sh"
peer() {
	rm -rf raw && mkdir raw
	perl "$top/tests/tools/peer.pl" "$@" 2>err
}
holds() {
	cmp -s "raw/"*".$1" "$2"
}

head -c 300000 /dev/urandom >bytes
rm -rf raw && mkdir raw
rawio -d raw cat <bytes | cat >out
same "bytes pass unchanged" out bytes
ok ".in has all bytes of the client" wait_for 10 holds in bytes
ok ".out has all bytes of the program" wait_for 10 holds out bytes

sh -c 'echo $$ >pid; exec rawio -d raw sh -c "echo \$\$ >pid2; exit 7"'
is "the program's exit status is passed on" $? 7
is "the program keeps the pid" "$(cat pid2)" "$(cat pid)"
rawio -d raw sh -c 'kill -9 $$' 2>err
is "the program's death by a signal is passed on" $? 137

# rawlog loses the answer of each of these.
peer 'send:a\nb\n shut end' rawio -d raw wc -l >got
is "the client half-closes, the answer comes" "$(cat got)" \
	"$(printf '2\n<eof>')"
printf '2\n' >want
ok "the answer after the client's half-close is in the file" \
	wait_for 10 holds out want
cat >half-close.pl <<'S'
$| = 1;
print "bye\n";
shutdown STDOUT, 1;
close STDOUT;
open my $f, '>', 'read';
print $f $_ while <STDIN>;
S
peer 'line end send:one\n send:two\n shut gone' rawio -d raw perl half-close.pl \
	>got
is "the program half-closes and reads on" "$(cat got)" \
	"$(printf 'bye\n<eof>\n<status 0>')"
is "the program reads all bytes after its half-close" \
	"$(cat read)" "$(printf 'one\ntwo')"
ok "the bytes read after the half-close are in the file" \
	wait_for 10 holds in read
peer 'gone end' rawio -d raw head -c 300000 bytes >got
is "the last byte comes to a slow peer" "$(cat got)" \
	"$(printf '<status 0>\n300000 bytes<eof>')"

# A relay has the environment of its session.
relay_gone() {
	! grep -qsz '^SESSION=stays$' /proc/[0-9]*/environ
}
rm -rf raw && mkdir raw
spawn perl "$top/tests/tools/peer.pl" 'send:QUIT\nx end file:never' \
	env SESSION=stays rawio -d raw sh -c 'read -r x; >bye; echo bye'
ok "the program has run" wait_for 10 test -e bye
if [ "${COMPAT:-}" = portable ]; then
	skip "no system tells what a client has" 1
else
	ok "a client that stays open does not hold up the relay" \
		wait_for 30 relay_gone
fi

# Every packet is in the file while the session goes on, not only at its end.
peer 'send:hello\n line file:seen shut end' rawio -d raw sh -c \
	'read -r x; until test -s "$(echo raw/*.in)"; do :; done; cat raw/*.in
	 until cmp -s raw/*.in raw/*.out; do :; done; >seen; cat' >got
is "bytes are in the files while the session goes on" "$(head -n 1 got)" hello

rm -rf raw && mkdir raw
echo | rawio -b -d raw sh -c 'exec 3<&-; printf "a\nb"; read -r x' >out
printf '<<<\na\nb>>>\n' >want
ok "-b: the files show the bounds of packets" wait_for 10 holds out want
rm -rf raw && mkdir raw
echo hello | rawio -t -d raw cat >out
ok "-t: the files show the time of each line" wait_for 10 \
	grep -Exq '[0-9]{10}\.[0-9]{6} hello' raw/*.out

# Neither the files nor the directory are open in the program.
open=$(rawio -d raw sh -c 'ls -l /proc/$$/fd' </dev/null 2>err)
is "the program has no descriptor of rawio's" \
	"$(echo "$open" | sed -n 's/.* \([012] -> pipe\).*/\1/p; s,.*raw.*,&,p' |
		xargs)" "0 -> pipe 1 -> pipe"
done_testing
