#!/bin/sh
# 500 random sessions through tcpserver, with recio, with rawio, with recio -p
# and without: client and program see the same, and the records and the files
# hold every byte that went through, but for what -p may hide.
# The one exception: where a bare socket was reset, which loses what the program
# had said, it comes whole, and the end is orderly.
. "$(dirname "$0")/../lib.sh"
sessions=${SESSIONS:-500}

mkdir bare with raw bytes raw.bytes kept bare.client with.client raw.client \
	protocol protocol.client
serve() {
	port=$(free_port)
	spawn sh -c 'exec "$@" 2>"$0"' "$1.log" tcpserver -RHl0 -b 100 -c 40 \
		127.0.0.1 "$port" "$@"
	wait_for 10 listening "$port"
}
run_all() {
	seq 1 "$sessions" | xargs -P 6 -I N sh -c \
		"\"$tools/session\" client $2 N >$1.client/N 2>&1"
}
cat >with.sh <<'S'
#!/bin/sh
exec recio "$BUILD/tests/tools/session" program with
S
cat >raw.sh <<'S'
#!/bin/sh
exec rawio -d kept "$BUILD/tests/tools/session" program raw
S
# Whatever is said is none of these, or looks like one by chance.
cat >protocol.sh <<'S'
#!/bin/sh
set smtp lmtp pop3 imap sieve auto
shift $(($$ % 6))
exec recio -p "$1" "$BUILD/tests/tools/session" program protocol
S
chmod +x with.sh raw.sh protocol.sh
serve "$tools/session" program bare
run_all bare "$port"

relays_gone() {
	! pgrep -g "$spawned" -x "$1"
}
# through SCRIPT PROGRAM: the same with that in between; what it says is in log.
through() {
	port=$(free_port)
	spawn sh -c 'exec tcpserver -RHl0 -b 100 -c 40 127.0.0.1 "$1" "$2" 2>log' \
		sh "$port" "./$1.sh"
	wait_for 10 listening "$port"
	run_all "$1" "$port"
	ok "$2: all relays end" wait_for 30 relays_gone "$2"
}
through with recio

cat >compare.pl <<'S'
use strict;
use warnings;
my ($sessions, $tool, $name, $bytes) = @ARGV;
sub line { open my $f, '<', $_[0] or return 'none'; my $l = <$f>; chomp $l; $l }
my ($differ, $resets, $records) = (0, 0, 0);
sub report { print "# @_\n"; }
for my $seed (1 .. $sessions) {
	my ($bare, $with) = map { line("$_.client/$seed") } 'bare', $name;
	my ($bare_n, $bare_good, $bare_end) = split ' ', $bare;
	my ($with_n, $with_good, $with_end) = split ' ', $with;
	# A reset that a write has reported already is read as an end.
	if ($bare_end eq 'reset' || $bare_good eq 'short') {
		$resets++;
		if ($with_good ne 'good' || $with_end ne 'eof') {
			$differ++;
			report("session $seed: client saw $with, bare $bare");
		}
	} elsif ($bare ne $with) {
		$differ++;
		report("session $seed: client saw $with, bare $bare");
	}
	my ($p_bare, $p_with) = map { line("$_/$seed") } 'bare', $name;
	my $pid = $p_with =~ s/ (\d+)$// ? $1 : 0;
	$p_bare =~ s/ \d+$//;
	if ($p_bare ne $p_with) {
		$differ++;
		report("session $seed: program saw $p_with, bare $p_bare");
	}
	next unless defined $bytes;
	# The records: all the client got, and at least all the program got.
	my $in = `$tool check $seed 0 <$bytes/$pid.in`;
	my $out = -e "$bytes/$pid.out" ? `$tool check $seed 1 <$bytes/$pid.out`
	    : "0 good\n";
	my ($in_n) = split ' ', $in;
	my ($program_n) = split ' ', $p_with;
	if ($in !~ / good$/ || $out ne "$with_n good\n" || $in_n < $program_n) {
		$records++;
		report("session $seed: records in $in, out $out, client $with");
	}
}
print "# $resets of $sessions bare sessions were reset\n";
exit(($differ ? 1 : 0) + ($records ? 2 : 0));
S
# compare SCRIPT PROGRAM [DIRECTORY WHAT]: the bytes, if they are to be found.
compare() {
	perl compare.pl "$sessions" "$tools/session" "$1" ${3:+"$3"}
	result=$?
	is "$2: client and program see the same" "$((result & 1))" 0
	[ $# = 2 ] ||
		is "$2: the $4 hold what went through" "$((result & 2))" 0
}
ok "every line of the log is a record" \
	[ -z "$(perl "$top/tests/tools/rebuild.pl" bytes <log)" ]
compare with recio bytes records

through protocol recio
compare protocol "recio -p"

through raw rawio
is "rawio has nothing to say" "$(cat log)" ''
for file in kept/*; do
	mv "$file" "raw.bytes/${file##*-}"
done
compare raw rawio raw.bytes files
done_testing
