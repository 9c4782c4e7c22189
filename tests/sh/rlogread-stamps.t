#!/bin/sh
# Lines with any stamp that loggers write: windows, the last lines, several
# directories, forms and JSON; files whose lines have no stamp; archives whose
# processor has rewritten the stamps.
. "$(dirname "$0")/../lib.sh"

export TZ=Europe/Berlin

# write_log FORM FIRST LAST STEP TEXT: a line for each step of seconds after
# 2026-11-20 22:00:00 UTC, with a fraction of a quarter of a second.
write_log() {
	perl -e '
	use POSIX qw(strftime);
	my ($form, $first, $last, $step, $text) = @ARGV;
	for (my $i = $first; $i <= $last; $i += $step) {
		my $t = 1795212000 + $i;
		my @utc = gmtime $t;
		my @local = localtime $t;
		my %stamp = (
		tai64n => sub { sprintf "@%016x%08x", (1 << 62) + 10 + $t, 250e6 },
		rfc3339 => sub { strftime "%Y-%m-%dT%H:%M:%S.250000000Z", @utc },
		offset => sub { strftime "%Y-%m-%dT%H:%M:%S.25+01:00", @local },
		human => sub { strftime "%Y-%m-%d_%H:%M:%S.25000", @utc },
		svlogd => sub { strftime "%Y-%m-%dT%H:%M:%S.25000", @utc },
		local => sub { strftime "%Y-%m-%d %H:%M:%S.250000000", @local },
		utc => sub { strftime "%Y-%m-%d %H:%M:%S.250000Z", @utc },
		unix => sub { "$t.250000" },
		seconds => sub { $t },
		syslog => sub { strftime "%b %e %H:%M:%S", @local },
		splogger => sub {
			strftime("%b %e %H:%M:%S", @local) .
			    " host qmail: $t.250000" },
		);
		print $stamp{$form}->(), " $text $i\n";
	}' "$@"
}
forms='tai64n rfc3339 offset human svlogd local utc unix seconds syslog splogger'
written='2026-11-20 23:50:00'

mkdir tl
echo hello | rlog T ./tl
is 'rlog T: -S finds the line' "$(rlogread -S -10m tl | cut -d' ' -f2)" hello
ok 'rlog T: -q -S finds the line' rlogread -q -S -10m tl
ok 'rlog T: -q -U does not' sh -c '! rlogread -q -U -10m tl'

# ends SUBJECT DIR [OPTION...]: the first and last number of lines
ends() {
	rlogread "$@" | sed -n 's/.* //; 1p; $p' | tr '\n' ' '
}
for form in $forms; do
	mkdir "$form" "$form.other"
	write_log "$form" 0 1000 2 even >"$form/current"
	write_log "$form" 1 1001 2 odd >"$form.other/current"
	touch -d "$written" "$form/current" "$form.other/current"
	is "$form: a window" \
		"$(ends -S '2026-11-20 23:01:00' -U '2026-11-20 23:02:01' "$form")" \
		'60 120 '
	is "$form: the last lines of a window" \
		"$(ends -n 2 -U '2026-11-20 23:02:01' "$form")" '118 120 '
	is "$form: the last lines since a time" \
		"$(ends -n 300 -S '2026-11-20 23:10:00' "$form")" '600 1000 '
	rlogread "$form" "$form.other" | sed 's/.* //' >got
	seq 0 1001 >want
	same "$form: two directories are merged" got want
	rlogread -S '2026-11-20 23:05:00' -n 10 "$form" "$form.other" |
		sed 's/.* //' >got
	seq 992 1001 >want
	same "$form: the last lines since a time, of two directories" got want
	nano=250000
	case $form in seconds | syslog) nano=000000 ;; esac
	rest=even
	[ "$form" != splogger ] ||
		rest='host qmail: 1795212060.250000 even'
	is "$form: -o utc" \
		"$(rlogread -o utc "$form" | sed -n '31p')" \
		"2026-11-20 22:01:00.${nano}Z $rest 60"
	stamp=$(sed -n 31p "$form/current" | sed "s/ $rest.*//")
	is "$form: -o json" "$(rlogread -o json "$form" | sed -n 31p)" \
		"{\"time\":\"2026-11-20T23:01:00.${nano}000+01:00\",\"label\":\"$stamp\",\"directory\":\"$T/$form\",\"text\":\"$rest 60\"}"
done

# All kinds at once, from the first lines to the last.
for form in $forms; do
	mkdir "$form.mixed"
	write_log "$form" 5 1000 40 "$form" >"$form.mixed/current"
	touch -d "$written" "$form.mixed/current"
done
# shellcheck disable=SC2046,SC2086 # the names have no spaces
rlogread -o unix $(printf '%s.mixed ' $forms) | cut -d. -f1 >got
sort -n got >want
same 'directories of all stamps are merged' got want

# One log whose stamps were changed, as by another script of rlog.
mkdir changed
{
	write_log tai64n 0 99 1 a
	write_log rfc3339 100 199 1 b
	write_log local 200 299 1 c
} >changed/current
is 'a log whose stamps were changed' \
	"$(ends -S '2026-11-20 23:01:30' -U '2026-11-20 23:04:00' changed)" \
	'90 239 '

# Files that are searched in their middle, and archives that are chosen.
for form in $forms; do
	mkdir "$form.big"
	for k in 0 1 2; do
		name=$(write_log tai64n $((k * 9000 + 9000)) \
			$((k * 9000 + 9000)) 1 x | cut -d' ' -f1)
		write_log "$form" $((k * 9000)) $((k * 9000 + 8999)) 1 \
			"some text that makes the line longer than it was" \
			>"$form.big/$name.s"
		touch -d "@$((1795212000 + k * 9000 + 9000))" \
			"$form.big/$name.s"
	done
	is "$form: a window in a large archive" \
		"$(ends -S @1795225000 -U @1795225099.5 "$form.big")" \
		'13000 13099 '
	is "$form: a window over two archives" \
		"$(rlogread -S @1795229900 -U @1795230100.5 "$form.big" | wc -l)" \
		201
	# The first line of an archive and its name keep the rest from being read.
	mkdir "$form.few"
	cp -p "$form.big/"* "$form.few"
	for name in "$form.few/"*; do
		if [ "$(sed -n '1s/.* //p' "$name")" != 9000 ]; then
			sed -n 1p "$name" >kept
			grep -h ' 13000$' "$form.big/"* >>kept
			touch -r "$name" kept
			mv kept "$name"
		fi
	done
	is "$form: archives outside of the window are left out" \
		"$(rlogread -S @1795225000 -U @1795225001.5 "$form.few" |
			sed 's/.* //' | tr '\n' ' ')" '13000 13001 '
done

# A position whose file is gone.
for form in $forms; do
	mkdir "$form.gone"
	write_log "$form" 0 5 1 old >"$form.gone/current"
	touch -d "$written" "$form.gone/current"
	rlogread -c "$form.cursor" "$form.gone" >"$form.read"
	rm "$form.gone/current"
	write_log "$form" 4 7 1 new >"$form.gone/current"
	touch -d "$written" "$form.gone/current"
	case $form in tai64n) want='6 7 ' ;; *) want='5 6 7 ' ;; esac
	is "$form: the lines since a position whose file is gone" \
		"$(rlogread -c "$form.cursor" "$form.gone" | sed 's/.* //' |
			tr '\n' ' ')" "$want"
done

# What the loggers themselves write, now.
log_now() {
	seq 3 | "$@"
}
log_now multilog t ./multilog
log_now s6-log t ./s6.t
log_now s6-log T ./s6.T
for o in -t -tt -ttt; do
	mkdir "sv$o"
	log_now svlogd $o "./sv$o"
done
log_now rlog T ./rlog.T
mkdir tai64nlocal
tai64nlocal <multilog/current >tai64nlocal/current
for dir in multilog s6.t s6.T sv-t sv-tt sv-ttt rlog.T tai64nlocal; do
	is "$dir: the lines of the last minute" \
		"$(rlogread -S -1m -U now "$dir" | sed 's/.* //' |
			tr '\n' ' ')" '1 2 3 '
	is "$dir: none before" "$(rlogread -U -1m "$dir")" ''
done
seq 400 | rlog t s4096 n100 '!rlogread -o local' ./rewritten
ok 'a processor has rewritten archives' \
	sh -c 'cat rewritten/@*.s | grep -q "^2"'
is 'stamps that a processor has rewritten' \
	"$(rlogread -S -1m rewritten | sed 's/.* //' | cmp - "$(seq 400 >n; echo n)")" ''

# The year of syslog's lines around New Year's Eve.
mkdir eve
printf '%s\n' 'Dec 31 23:59:59 h old' 'Jan  1 00:00:01 h new' >eve/current
touch -d '2026-01-01 00:10:00' eve/current
is 'syslog: New Year' "$(rlogread -o local eve | tr '\n' ' ')" \
	'2025-12-31 23:59:59.000000 h old 2026-01-01 00:00:01.000000 h new '
is 'syslog: a window in the new year' \
	"$(rlogread -S 2026-01-01 eve)" 'Jan  1 00:00:01 h new'

# An archive says in its name when it was ended, whatever its modification time
# is by now.
mkdir copied
label=$(perl -e 'printf "\@%016x%08x", (1 << 62) + 10 + 1704067200 + 600, 0')
cp eve/current "copied/$label.s"
touch copied/*
is 'syslog: the year of an archive that was copied is that of its name' \
	"$(rlogread -o local copied | tr '\n' ' ')" \
	'2023-12-31 23:59:59.000000 h old 2024-01-01 00:00:01.000000 h new '
is 'syslog: a window finds the archive that was copied' \
	"$(rlogread -S 2024-01-01 -U 2024-01-02 copied)" \
	'Jan  1 00:00:01 h new'
is 'syslog: the name of an archive that is given as a file' \
	"$(rlogread -S 2024-01-01 -U 2024-01-02 "copied/$label.s")" \
	'Jan  1 00:00:01 h new'
for name in "$label.s" current; do
	mkdir "dated.$name"
	sed 's/h old/tcpserver: pid 77 from 192.0.2.7/
		s/h new/tcpserver: end 77 status 0/' eve/current >"dated.$name/$name"
	touch -d '2024-01-01 00:10:00' "dated.$name/$name"
	is "syslog: the year of a session in $name" \
		"$(rlogsess -o json "dated.$name" | cut -d, -f3-5)" \
		'"start":"2023-12-31T22:59:59.000000000Z","end":"2023-12-31T23:00:01.000000000Z","seconds":2.000'
done
touch "dated.$label.s/$label.s"
is 'syslog: the year of a session in an archive that was copied' \
	"$(rlogsess -o json "dated.$label.s" | cut -d, -f3)" \
	'"start":"2023-12-31T22:59:59.000000000Z"'

# The hour that comes twice, in a file that is searched in its middle.
mkdir dst
perl -MPOSIX=strftime -e 'for (my $t = 1792872000; $t < 1792908000; $t++) {
	print strftime("%Y-%m-%d %H:%M:%S", localtime $t), " $t\n"; }' >dst/current
for t in 1792885000 1792887000 1792889000 1792890000 1792892000 1792894000; do
	is "local time: a window from $t, around the end of daylight saving" \
		"$(ends -S @$t -U @$((t + 100)) dst)" "$t $((t + 100)) "
done

# The same hour in archives that a window leaves out.
mkdir twice
perl -MPOSIX=strftime -e 'for (my $t = 1792882500; $t < 1792898500; $t++) {
	open STDOUT, ">", sprintf("twice/\@%016x%08x.s",
		(1 << 62) + 10 + $t + 3999, 9e8) if $t % 4000 == 2500;
	print strftime("%Y-%m-%d %H:%M:%S", localtime $t),
		" tcpserver: pid ", $t % 30000, " from 192.0.2.7 $t\n"; }'
for last in twice/@*; do :; done
mv "$last" twice/current
touch -d @1792898500 twice/current
for t in 1792887500 1792889500 1792890500 1792892950 1792893400 1792894500; do
	is "local time: a window from $t, over archives" \
		"$(ends -S @$t -U @$((t + 100)) twice)" "$t $((t + 100)) "
	is "local time: the time of the first line of a window from $t" \
		"$(rlogread -S @$t -o unix twice | sed -n '1s/\..*//p')" $t
	is "local time: the first session of a window from $t" \
		"$(rlogsess -S @$t -U @$t -o json twice | sed -n \
			's/.*"start":"\([^."]*\).*/\1/p')" \
		"$(date -u -d @$t +%Y-%m-%dT%H:%M:%S)"
done

# The times of sessions.
for form in $forms; do
	mkdir "$form.session"
	{
		write_log "$form" 0 0 1 'tcpserver: pid 77 from 192.0.2.7'
		write_log "$form" 2 2 1 'tcpserver: end 77 status'
	} | sed 's/host qmail: [0-9.]* //; s/192.0.2.7 0$/192.0.2.7/; s/status 2/status 0/' \
		>"$form.session/current"
	touch -d "$written" "$form.session/current"
	nano=250000000
	case $form in seconds | syslog | splogger) nano=000000000 ;; esac
	is "$form: the time of a session" \
		"$(rlogsess -o json "$form.session" | cut -d, -f3-5)" \
		"\"start\":\"2026-11-20T22:00:00.${nano}Z\",\"end\":\"2026-11-20T22:00:02.${nano}Z\",\"seconds\":2.000"
done
# No stamps at all.
mkdir none
printf '%s\n' a b c >none/current
rlogread -S -1h none >out 2>err
is 'a window over a log without stamps: exit 1' $? 1
is 'and a sentence' "$(cat err)" \
	"rlogread: warning: $T/none: no line begins with a time, so -S and -U can not choose lines"
rlogread -U -1h <none/current >out 2>err
is 'the same of standard input: exit 1' $? 1
ok 'and a sentence' grep -q 'standard input' err
rlogsess -S -1h none >out 2>err
is 'rlogsess says so, too: exit 1' $? 1
rlogread none >out 2>err
is 'without a window: exit 0' $? 0
rlogread -S -1h none tl >out 2>err
is 'one of two directories has no stamps: exit 1' $? 1
rlogread -S 2030-01-01 rfc3339.big >out 2>err
is 'a window after the last line: exit 0' "$?$(cat err)" 0

# Lines without a stamp go with the line before, in any number of directories.
mkdir one two
cat >one/current <<'end'
@400000006b00c2ea00000000 one 1
 more 1
 more 2
@400000006b00c2f000000000 one 2
 more 3
 more 4
end
cat >two/current <<'end'
@400000006b00c2eb00000000 two 1
 more 5
@400000006b00c2f100000000 two 2
 more 6
end
rlogread one two >all
for n in 1 2 3 4 5 6 7 8 9 10 11; do
	rlogread -n "$n" one two >got
	tail -n "$n" all >want
	same "-n $n of two directories with unlabelled lines" got want
done
for n in 1 2 3 4 5 6; do
	rlogread -n "$n" -S @1795212000 one >got
	tail -n "$n" one/current >want
	same "-n $n -S with unlabelled lines" got want
	rlogread -n "$n" -S @1795212001 one two >got
	tail -n "$n" all >want
	same "-n $n -S with unlabelled lines of two directories" got want
done
# Of the first directory, an unlabelled line of a late time is the first.
mkdir late early
printf '%s\n' '@400000006b00c2fa00000000 late' ' more' >late/current
printf '%s\n' '@400000006b00c2f000000000 early' >early/current
is 'an unlabelled line keeps its time where it is the first of the last' \
	"$(rlogread -n 1 late early)" ' more'
done_testing
