#!/bin/sh
# Random sessions with TLS through tcpserver and recio, with -L and without, to a
# program that uses OpenSSL or GnuTLS: client and program see the same, byte for
# byte and end for end, and with -L the records hold the bytes that the program took
# and gave. check runs a sample of them.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/tls.sh"
tool=$tools/tls-session
if ! [ -x "$tool" ]; then
	skip "there are no headers of OpenSSL and GnuTLS" 1
	done_testing
fi
sessions=${TLS_SESSIONS:-${CRASH_LONG:+500}}
sessions=${sessions:-60}
make_certificate peer.example.org
cat cert.pem key.pem >both.pem
# The program ends without a clean-up.
CERT=$T/both.pem ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0
export CERT ASAN_OPTIONS

relays_gone() {
	! pgrep -g "$spawned" -x recio
}

# sessions NAME COMMAND...: all of them; NAME/SEED is what the program saw,
# NAME.client/SEED what the client saw, NAME.log the log.
run_sessions() {
	name=$1
	shift
	mkdir "$name" "$name.client"
	port=$(free_port)
	spawn sh -c 'exec "$@" 2>"$0"' "$name.log" tcpserver -RHl0 -b 100 \
		-c 40 127.0.0.1 "$port" "$@" "$tool" program "$name"
	wait_for 20 listening "$port"
	seq 1 "$sessions" | xargs -P 4 -I N sh -c \
		"\"$tool\" client $port N >$name.client/N 2>&1"
	ok "$name: all sessions end" wait_for 60 relays_gone
	kill "$spawned"
}

# What each side saw, but for the pid. Where a side just ends, it is chance how much
# of the rest goes through.
cat >compare.pl <<'S'
use strict;
use warnings;
my ($sessions, @names) = @ARGV;
sub line {
	open my $f, '<', $_[0] or return 'nothing';
	my $line = <$f> // 'nothing';
	chomp $line;
	$line =~ s/ \d+$// unless $_[1];
	return $line =~ /^hard/ ? 'hard, ' . ($line =~ /bad/ ? 'bad' : 'good') :
		$line;
}
my $differ = 0;
for my $seed (1 .. $sessions) {
	for my $of ('.client', '') {
		my ($one, $other) = map { line("$_$of/$seed", $of) } @names;
		next if $one eq $other && $one !~ /bad/;
		$differ++;
		print "# session $seed: ", $of ? 'client' : 'program',
			" saw $one with $names[0], $other with $names[1]\n";
	}
}
exit($differ != 0);
S

run_sessions bare
run_sessions plain recio
ok "recio: client and program see the same" perl compare.pl "$sessions" bare plain
is "the sessions are of all kinds" "$(cat plain/* | cut -d ' ' -f 1 | sort -u |
	xargs)" "clean hard silent"
run_sessions inside recio -L
ok "recio -L: client and program see the same" perl compare.pl "$sessions" \
	plain inside

# The records of each session are the bytes that the program says to have taken and
# given, but for those that a note counts as lost.
cat >records.pl <<'S'
use strict;
use warnings;
my ($sessions, $tool) = @ARGV;
my (%lost, %tls, $differ);
open my $log, '<', 'inside.log' or die;
while (<$log>) {
	/^(\d+) : lost \d+ records, (\d+) bytes/ and $lost{$1} += $2;
	/^(\d+) : TLS TLSv1\.[23] TLS_/ and $tls{$1}++;
}
my ($good, $losers) = (0, 0);
for my $seed (1 .. $sessions) {
	open my $f, '<', "inside/$seed" or next;
	my ($got, $sent, $begun, $pid) = <$f> =~
		/got (\d+) .* sent (\d+) (\w+) (\d+)$/ or die;
	next if $begun ne 'begun';
	my ($in, $out) = map {
		my $file = -e "bytes/$pid.$_->[0]" ? "bytes/$pid.$_->[0]" : '/dev/null';
		`$tool check $seed $_->[1] <$file`
	} ['in', 0], ['out', 1];
	if ($lost{$pid}) {
		$losers++;
		next;
	}
	if ($in eq "$got good\n" && $out eq "$sent good\n" && $tls{$pid} == 1) {
		$good++;
		next;
	}
	$differ++;
	print "# session $seed, pid $pid: got $got sent $sent, recorded in ",
		$in =~ s/\n//r, ', out ', $out =~ s/\n//r, ", notes $tls{$pid}\n";
}
print "# $good sessions are recorded whole, $losers have lost records\n";
exit($differ || $good < $sessions * 0.9);
S
mkdir bytes
is "recio -L: each line of the log is a record" \
	"$(perl "$top/tests/tools/rebuild.pl" bytes <inside.log)" ''
ok "recio -L: the records hold all bytes" perl records.pl "$sessions" "$tool"
done_testing
