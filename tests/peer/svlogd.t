#!/bin/sh
# Side by side with svlogd: its options and the lines of its config, and the
# directives that rlog.8 says to write instead, give the same lines.
. "$(dirname "$0")/../lib.sh"

printf '%s\n' 'fatal: one' 'warning: two' 'status: local 1/10' 'x: fatal: five' \
	'a+b' 'tab	here' '' 'last: fatal' >words
seq 10000 19999 >numbers

if ! command -v svlogd >/dev/null 2>&1; then
	skip 'there is no svlogd' 14
	done_testing
fi

plain() {
	sed -E 's/^@[0-9a-f]{24} /@ /
		s/^[0-9-]{10}[T_][0-9:]{8}\.[0-9]{5,9}Z? /@ /'
}

picture() {
	cat dir/@* dir/current 2>/dev/null | head -n 9000
	cat err
}

# both INPUT OPTIONS CONFIG OURS: CONFIG's lines are separated by ";".
both() {
	rm -rf svlogd.work rlog.work
	mkdir -p svlogd.work/dir rlog.work
	echo "$3" | tr ';' '\n' >svlogd.work/dir/config
	(
		cd svlogd.work || exit
		eval "timeout 300 svlogd $2 ./dir" <"../$1" 2>err
		picture
	) | plain >svlogd.txt
	(
		cd rlog.work || exit
		eval "timeout 300 rlog $4" <"../$1" 2>err
		picture
	) | plain >rlog.txt
	same "svlogd $2 ./dir with $3 is rlog $4" rlog.txt svlogd.txt
}

archives() {
	find "$1.work/dir" -name '@*' | wc -l
}

both words '' '' './dir'
both words '-t' '' 't ./dir'
both words '-ttt' '' 'T ./dir'
both words '' '-*;+fatal: *' "'-*' '+fatal: *' ./dir"
both words '-t' '-*;+*: fatal: *' "t '-*' '+* *: fatal: *' ./dir"
both words '' '-warning*;-a*' "'-warning*' '-a*' ./dir"
both words '' 'efatal: *' "./dir '-*' '+fatal: *' E1000 e"
both words '' 'p> ' "'p> ' ./dir"
both numbers '' 's4096;n1000' 's4096 l1000 n1001 ./dir'
both numbers '' 's4096;n3' 's4096 l1000 n4 ./dir >/dev/null'
is "n3 of svlogd is n4 of rlog: the number of archives" "$(archives rlog)" \
	"$(archives svlogd)"
both numbers '' 's4096;n1000;!tr 1 x' "s4096 l1000 n1001 '!tr 1 x' ./dir"

# t, by age.
for logger in svlogd rlog; do
	rm -rf "$logger.work"
	mkdir -p "$logger.work/dir"
done
echo t1 >svlogd.work/dir/config
mkfifo in
rotated() {
	[ "$(archives "$1")" = 1 ]
}
(cd svlogd.work && exec svlogd ./dir) <in &
svlogd=$!
exec 3>in
echo x >&3
ok "svlogd t1 rotates a quiet log" wait_for 10 rotated svlogd
exec 3>&-
wait "$svlogd"
spawn sh -c 'cd rlog.work && exec rlog R1s ./dir <../in'
exec 3>in
echo x >&3
ok "rlog R1s rotates a quiet log" wait_for 10 rotated rlog
exec 3>&-
done_testing
