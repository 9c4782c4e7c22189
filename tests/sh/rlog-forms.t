#!/bin/sh
# rlog: what lines look like, by directory: stamps, prefixes, escaped bytes; and
# what regular expressions see of them.
. "$(dirname "$0")/../lib.sh"

seq 1 3000 >in
rlog T s1g ./a <in
is "T: date, time, nanoseconds and Z in front of each line" \
	"$(grep -cE '^20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]\.[0-9]{9}Z [0-9]+$' a/current)" 3000
cut -d' ' -f1 a/current >stamps
LC_ALL=C sort -u stamps >sorted
same "T: unique, and increasing" stamps sorted
cut -d' ' -f2 a/current >out
same "T: the line follows the stamp" out in
rlog tL s1g ./b <in
cut -d' ' -f1 b/current >stamps
LC_ALL=C sort -u stamps >sorted
same "tL: stamps are unique and increasing" stamps sorted

printf 'a\033[1m\\\377\303\251\tb\r\n\0\n' >in
rlog ./raw v ./safe 'p# ' ./both p ./safe2 <in
same "without a form the bytes are unchanged" raw/current in
printf 'a\\x1b[1m\\\\\\xff\303\251\tb\r\n\\x00\n' >want
same "v: control bytes are escaped" safe/current want
sed 's/^/# /' want >want2
same "p and v: the prefix is in front of each line" both/current want2
same "p alone: the rest of the line is unchanged" safe2/current want
printf 'a\342\200\256b\330\234\342\201\251 \342\200\220\n' |
	rlog ./direct v ./shown
is "v: controls of direction are escaped" "$(cat shown/current)" \
	"$(printf 'a\\xe2\\x80\\xaeb\\xd8\\x9c\\xe2\\x81\\xa9 \342\200\220')"
is "without v controls of direction are unchanged" "$(cat direct/current)" \
	"$(printf 'a\342\200\256b\330\234\342\201\251 \342\200\220')"
rlog t 'p: ' ./c <in
ok "p stands behind the stamp" grep -aqE '^@[0-9a-f]{24} : a' c/current

# Records of recio stay as they are, and other lines become safe to print.
printf 'caf\303\251 C:\\ \033[1m\0\r\nhalf\342\202\n\rx\r' |
	recio -vt cat 2>&1 >/dev/null | cat >recorded
rlog vr ./records v ./escaped <recorded
same "vr: records of recio are unchanged" records/current recorded
ok "v: the escapes of records are escaped" \
	grep -qF '\\x1b[1m' escaped/current
printf 'service: \033[1m\\ \377\r\nservice: \r overwritten \n' |
	rlog vr ./service
is "vr: other lines are safe to print" "$(cat -v service/current)" \
	'service: \x1b[1m\ \xff^M
service: \x0d overwritten '

# Sizes stay bounded though lines grow.
perl -e 'print "\0" x 50000, "\n"' | rlog v s4096 n1000 ./d
is "s4096 and v: no file is larger" \
	"$(find d -name '[@c]*' -size +4096c | wc -l)" 0
is "s4096 and v: all lines are there" \
	"$(cat d/@* d/current | tr -d '\n' | wc -c)" 200000
ok "v: no character is cut" \
	sh -c 'for f in d/@*; do tail -c 5 "$f" | grep -q "[\\]x00$" || exit 1; done'

# A size is kept to by the tolerance.
seq 10000 12999 >in
rlog s4096 l0 n1000 ./e l1000 ./f <in
is "l0: cut exactly at the size" "$(stat -c %s e/@* | sort -u)" 4096
is "l1000: at the first line end from there" \
	"$(stat -c %s f/@* | sort -u)" 3096

needs_linux "expressions do not see NULs"
# What regular expressions see.
printf 'fatal: x\nnon fatal: y\nz\0fatal\n' >in
rlog t '~-.' '~+^fatal' ./g p '~-.' '~+fatal$' ./h <in
is "^ is where the text begins, whatever the stamp" \
	"$(sed 's/.* fatal/fatal/' g/current | head -n 1)" "fatal: x"
is "^ in a pattern is the beginning of the line only" "$(wc -l <g/current)" 1
is "expressions see bytes behind a NUL" "$(tr -d '\0' <h/current |
	sed 's/^[^ ]* //')" zfatal
rlog 'p> ' v '~->' '~-x00' ./i <in
is "expressions see no prefix, and no escapes" "$(wc -l <i/current)" 3
perl -e 'print "x" x 2000, "end\n"' >in
rlog '~-.' '~+end$' ./j <in
same "expressions see more than 1000 bytes" j/current in

# Alerts and status files.
echo 0123456789 >in
rlog E4 e '^6' =st6 '^0' =st0 <in 2>err
is "E: an alert has that number of bytes" "$(cat err)" "0123..."
is "^: a status file has that number of bytes" \
	"$(cat st6) $(wc -c <st6)" "01234 6"
is "^0: as the line needs" "$(cat st0) $(wc -c <st0)" "0123456789 11"
rlog v 'p: ' e <in 2>err
is "alerts have a form too" "$(cat err)" ": 0123456789"
done_testing
