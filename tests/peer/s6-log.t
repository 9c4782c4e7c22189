#!/bin/sh
# Side by side with s6-log: its directives, and those that rlog.8 says to write
# instead, give the same lines, files and alerts; and each reads the other's
# labels and directories.
. "$(dirname "$0")/../lib.sh"

TZ=UTC
export TZ
printf '%s\n' 'fatal: one' 'warning: two' 'status: local 1/10' 'x: fatal: five' \
	'a+b' '[tag] (x)' 'tab	here' '' 'last: fatal' >words
seq 10000 19999 >numbers

if ! command -v s6-log >/dev/null 2>&1; then
	skip 'there is no s6-log' 27
	done_testing
fi

# What a logger has made, without labels and how an alert begins. Where files
# are cut is not compared; so the last numbers, which may not have been
# processed yet, are not either.
picture() {
	for d in dir dir2; do
		[ -d "$1/$d" ] || continue
		echo "$d:"
		cat "$1/$d"/@* "$1/$d/current" 2>/dev/null | head -n 9000
	done
	for f in status out err; do
		[ ! -f "$1/$f" ] || { echo "$f:" && cat "$1/$f"; }
	done
}

plain() {
	sed -E 's/^(s6-log: alert: )?//
		s/^@[0-9a-f]{24} /@ /
		s/^[0-9-]{10}[ T][0-9:]{8}\.[0-9]{9}(Z|  ?)? ?/@ /'
}

# run LOGGER INPUT SCRIPT: the script is quoted as in a run script.
run() {
	rm -rf "work.$1"
	mkdir "work.$1"
	(
		cd "work.$1" || exit
		eval "timeout 300 $1 $3" <"../$2" >out 2>err
		echo "exit $?" >>err
	)
	picture "work.$1" | plain >"$1.txt"
}

# both INPUT S6-LOG'S OURS: a row of the table in rlog.8.
both() {
	run s6-log "$1" "-- $2"
	run rlog "$1" "$3"
	same "$2 is $3" rlog.txt s6-log.txt
}

both words '1' '1'
both words './dir' './dir'
both words 't ./dir' 'tL ./dir'
both words 'T 1' 'T 1'
both words '+fatal ./dir' '~+fatal ./dir'
both words '-. +^fatal 1 -. +fatal ./dir' \
	'~-. ~+^fatal 1 ~-. ~+fatal ./dir'
both words "'-^[a-l].*[0-9]\$' '-a[+]b|^\$' ./dir" \
	"'~-^[a-l].*[0-9]\$' '~-a[+]b|^\$' ./dir"
both words "'-\\[tag\\] \\(x' '-[[:space:]]here' 1" \
	"'~-\\[tag\\] \\(x' '~-[[:space:]]here' 1"
both words '-. +fatal ./dir f 1' '~-. ~+fatal ./dir f 1'
both words '-fatal f ./dir -. f 1' '~-fatal f ./dir ~-. f 1'
both words '-. +status =status' '~-. ~+status =status'
both words '-. +status ^30 =status' '~-. ~+status ^30 =status'
both words '-. +status ^0 =status' '~-. ~+status ^0 =status'
both words '-. +fatal 2' '~-. ~+fatal e'
both words 'E4 2' 'E4 e'
both words "p'>' ./dir 1" "p'> ' ./dir 1"
both words "t p'>' ./dir" "tL p'> ' ./dir"
both numbers 'n1000 s4096 l0 ./dir' 'n1001 s4096 l0 ./dir'
both numbers "n1000 s4096 '!sed s/1/x/' ./dir" \
	"n1001 s4096 '!execlineb -Pc \"sed s/1/x/\"' ./dir"
both numbers "n1000 s4096 '?sed s/1/x/ | sed s/2/y/' ./dir" \
	"n1001 s4096 '!sed s/1/x/ | sed s/2/y/' ./dir"

# The same instant, by their own readers.
now() {
	date +%s
}
reads() {
	began=$(now)
	echo x | rlog "$1" 1 >stamped
	when=$(date -d "$($2 <stamped | sed 's/ *x$//')" +%s)
	[ "$when" -ge "$began" ] && [ "$when" -le "$(now)" ]
}
ok "s6-tai64nlocal reads tL" reads tL s6-tai64nlocal
ok "tai64nlocal reads t" reads t tai64nlocal
ok "date reads T" reads T cat

# S, in the long run.
run s6-log numbers '-- n1000 s4096 S9000 ./dir'
run rlog numbers 'n1001 s4096 S9000 ./dir'
for logger in s6-log rlog; do
	bytes=$(cat "work.$logger/dir"/@* | wc -c)
	ok "$logger S9000: $bytes bytes of archives" test "$bytes" -le 9000
done

# A directory goes from one to the other and back.
head -n 5000 numbers | timeout 300 s6-log -- n1000 s4096 ./shared
tail -n +5001 numbers | rlog n1000 s4096 ./shared
cat shared/@* shared/current >both
same "rlog goes on with a directory of s6-log's" both numbers
printf '%s\n' 20000 20001 | timeout 300 s6-log -- n1000 s4096 ./shared
cat shared/@* shared/current | tail -n 2 >both
is "s6-log goes on with a directory of rlog's" \
	"$(tr '\n' ' ' <both)" "20000 20001 "
done_testing
