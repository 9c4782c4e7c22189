#!/bin/sh
# rlog: lines of any length and all byte values go through unchanged, in bounded
# memory.
. "$(dirname "$0")/../lib.sh"

perl -e 'print map { chr } 0 .. 255; print "\n"; print "\0\n\0\0\n\n"' >in
rlog ./a <in
same "lines of all byte values are written unchanged" a/current in
rlog t ./b <in
cut -b 27- b/current >out
cut -b 1- in >want
same "lines of all byte values are written unchanged behind stamps" out want

printf 'a\nb' | rlog ./c
is "a partial last line gets its newline" "$(od -An -c c/current)" \
	"$(printf 'a\nb\n' | od -An -c)"
printf '' | rlog ./d
is "without input there is no line" "$(wc -c <d/current)" 0

# Longer than every buffer: 5 MB, between short ones, twice; the last without
# newline.
perl -e 'for my $c ("a", "b") { print "$c\n"; print $c x 5000000;
	print "\n" if $c eq "a" }' >in
rlog s1g ./e '-b*' s300000 n100 ./f <in
(cat in && echo) >want
same "a line of 5 MB is written unchanged" e/current want
cat f/@* f/current >out
grep -v '^b' want >want.f
same "a line selected by its beginning goes through many files" out want.f

# A byte at a time and in the middle of a line.
perl -e '$| = 1; for (1 .. 3000) { print "x"; print "\n" if $_ % 7 == 0 }' |
	rlog ./g
perl -e 'for (1 .. 3000) { print "x"; print "\n" if $_ % 7 == 0 } print "\n"' \
	>want
same "lines are whole when each byte is written alone" g/current want

mkfifo pipe
peak() {
	spawn sh -c 'exec rlog "$@" <pipe' sh "$@"
	p=$spawned
	exec 3>pipe
	perl -e 'my $l = "x" x 1000000; for (1 .. 40) { print $l };
		print "\n" for 1 .. 1000000' >&3
	kb=$(awk '/VmHWM/ { print $2 }' "/proc/$p/status")
	anon=$(awk '/RssAnon/ { print $2 }' "/proc/$p/status")
	echo "# peak $kb kB, of its own $anon kB"
	exec 3>&-
	wait "$p"
}
peak t -nothing e =st s16m ./h 2>err
case $(ldd "$BUILD/rlog" 2>/dev/null) in
*asan*) skip "memory under a sanitizer" 1 ;;
*) ok "memory below 4 MB after 40 MB in a line and a million lines" \
	test "$kb" -lt 4096 ;;
esac
done_testing
