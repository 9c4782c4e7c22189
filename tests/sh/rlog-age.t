#!/bin/sh
# rlog: rotation by age, archives by age and by bytes, file modes, suffixes.
. "$(dirname "$0")/../lib.sh"

count() {
	find "$1" -name "@*$2" | wc -l
}

has() {
	[ "$(count "$1" "$2")" = "$3" ]
}

# A line to a running rlog, through descriptor 3.
mkfifo pipe
begin() {
	spawn sh -c 'exec rlog "$@" <pipe' sh "$@"
	exec 3>pipe
}

finish() {
	exec 3>&-
	wait "$spawned" 2>/dev/null
}

begin R300ms ./a
echo one >&3
ok "a current that is old is rotated, though nothing more comes" \
	wait_for 10 has a .s 1
is "R: the archive has the line" "$(cat a/@*.s)" one
echo two >&3
ok "R: the next current is rotated, too" wait_for 10 has a .s 2
is "R: an empty current is not rotated" "$(stat -c %s a/current)" 0
finish
is "R: an empty current is not rotated at the end" "$(count a .s)" 2

# Restarted: what is old is known by its first stamp, or by the file.
for stamp in t tL T; do
	echo old | rlog "$stamp" "./$stamp"
	sed -i '1s/^20[0-9][0-9]-/2020-/; 1s/^@400000006/@400000005/' \
		"$stamp/current"
	chmod 744 "$stamp/current"
	echo new | rlog "$stamp" R1d "./$stamp"
	is "$stamp: an old first line is seen after a restart" \
		"$(count "$stamp" .s)" 1
	is "$stamp: the archive has it" "$(sed 's/.* //' "$stamp"/@*.s)" old
	is "$stamp: the new line is in the new file" \
		"$(sed 's/.* //' "$stamp/current")" new
	echo more | rlog "$stamp" R36500d "./$stamp"
	is "$stamp: a current that is not old is kept" \
		"$(count "$stamp" .s)" 1
done
echo one | rlog R36500d ./young
echo two | rlog R36500d ./young
is "no stamp: the file's own age counts" "$(count young .s)" 0

# By the local clock: a zone is made in which it is now half past noon or half
# past midnight, and the line of an hour ago is of this day or of the last one.
minute=$(($(date -u +%-H*60+%-M)))
zone_of() {
	west=$((minute - $1))
	sign=
	[ $west -ge 0 ] || sign=- west=$((-west))
	printf 'XXX%s%d:%02d' "$sign" $((west / 60)) $((west % 60))
}
local_day() {
	echo "$(date -u -d '1 hour ago' +%Y-%m-%dT%H:%M:%S).000000000Z old" >line
	mkdir "$1"
	mv line "$1/current"
	chmod 744 "$1/current"
	echo new | TZ=$(zone_of "$2") rlog T R1d@local "./$1"
}
local_day noon 750
is "R1d@local: a line of this local day stays in current" \
	"$(count noon .s) $(sed 's/.* //' noon/current | tr '\n' ' ')" "0 old new "
local_day midnight 30
is "R1d@local: a line of the last local day is archived" \
	"$(sed 's/.* //' midnight/@*.s) $(sed 's/.* //' midnight/current)" "old new"
begin R300ms@local ./local
echo one >&3
ok "R300ms@local: current is rotated, though nothing more comes" \
	wait_for 10 has local .s 1
finish

# At start, after a rotation.
mkdir b
: >b/@400000005000000000000000.s
: >b/@400000005000000000000001.u
echo x | rlog A1d ./b
is "archives that are too old go at the start" "$(find b -name '@*')" ""
: >b/@400000005000000000000000.s
echo x | rlog A0 ./b
is "A0: archives of any age stay" "$(count b .s)" 1

seq 10000 19999 | rlog s4096 n1000 S10000 ./c
ok "S: archives have at most that number of bytes" \
	test "$(cat c/@* | wc -c)" -le 10000
ok "S: no more archives are removed than needed" \
	test "$(cat c/@* | wc -c)" -gt 7900
is "S: the newest archives are kept" "$(cat c/@* c/current | tail -n 1)" 19999
seq 3 | rlog S3000 ./c
ok "S: archives are removed at the start, too" \
	test "$(cat c/@* | wc -c)" -le 3000

# Suffixes of what a processor has made, and only of that.
seq 10000 19999 | rlog s4096 n5 x.gz '!gzip' ./d
is "x: each processed archive has the suffix" "$(count d .s.gz)" 4
is "x: there are no archives without the suffix" \
	"$(find d -name '@*' | wc -l)" 4
is "x: archives with the suffix are the output of gzip" \
	"$(cat d/@*.gz | gzip -d | cat - d/current |
	tail -n 1)" 19999
seq 10000 12999 | rlog s4096 n1000 x.gz ./e
is "x: without a processor no archive has the suffix" "$(count e .gz)" 0
seq 10000 10999 | rlog s4096 n3 ./d
is "x: n counts archives with the suffix" "$(find d -name '@*' | wc -l)" 2
mkdir f
printf 'x\n' >f/previous
printf 'X\n' >f/processed
chmod 744 f/processed
rlog x.up '!cat' ./f </dev/null
is "x: an archive made of files left by a crash has the suffix" \
	"$(count f .s.up)" 1
mkdir g
echo left >"g/@400000006000000000000000.u"
echo y | rlog x.up '!cat' ./g
ok "x: a .u left over is processed, and has the suffix" \
	test -e g/@400000006000000000000000.s.up

# Modes.
modes() {
	(cd "$1" && stat -c %a current @* | sort | uniq -c | tr -s ' \n' ' ')
}
seq 10000 12999 | rlog m640 s4096 n3 ./h m600 '!cat' ./i m664 ./j
is "m: mode of current and archives" "$(modes h)" " 3 740 "
is "m: mode of processed archives" "$(modes i)" " 1 700 2 710 "
is "m: the umask does not matter" "$(modes j)" " 1 764 2 774 "
is "m: mode of the state" "$(stat -c %a i/state)" 600
begin m640 ./k
echo x >&3
ok "m: current is written" wait_for 10 test -s k/current
is "m: mode of current while it is written" "$(stat -c %a k/current)" 640
finish
done_testing
