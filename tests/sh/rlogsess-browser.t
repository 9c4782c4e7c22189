#!/bin/sh
# The form html in Chromium and Firefox: its script and its looks, without it, in
# dark, narrow and printed, what axe says of it, and a hostile log.
# package/deps check installs the browsers, and fetches their drivers.
. "$(dirname "$0")/../lib.sh"
export TZ=UTC
pages=$top/tests/browser
NODE_PATH=$top/build/browser/node_modules
export NODE_PATH HOME="$T"

missing=
for program in node chromium firefox-esr pdftotext; do
	command -v $program >/dev/null || missing="$missing $program"
done
for driver in playwright-core axe-core; do
	[ -e "$NODE_PATH/$driver" ] || missing="$missing $driver"
done
if [ -n "$missing" ]; then
	skip "package/deps check has not installed:$missing" 1
	done_testing
fi
"$pages/make-log" 300 >log
rlogsess -o html log >page.html
"$pages/make-log" 50 | rlogsess -o html >small.html
rlogsess -o json log >sessions.json
rlogsess log | "$pages/text-lines" >lines.txt
perl -e '
	my @evil = ("<script>alert(1)</script>", "</pre></details></main></body>",
		"</script><img src=x onerror=alert(1)>", "<!-- <script>", "]]>",
		"\x27 onclick=\x27alert(1) \" `\${alert(1)}`", "javascript:alert(1)",
		"<img src=//192.0.2.1/x><link rel=stylesheet href=//192.0.2.1/y>",
		"a\xe2\x80\xaeb\xe2\x81\xa6c", "\x00\x1b[31m\x07\xff\xc3", "\u2028");
	print "tcpserver: ok 7 mx:192.0.2.25:25 <b>x</b>:192.0.2.7::4000\n";
	print "7 < EHLO $_\r\n7 > 250 $_\r\n" for @evil;
	print "7 < MAIL FROM:<$_>\r\n7 < RCPT TO:<$_>\r\n" for @evil[0 .. 7];
	print "8 < ", "z" x 1000000, "\n";' >hostile
rlogsess -o html hostile >hostile.html 2>/dev/null
perl -e 'for my $n (1 .. 30) {
	print "new msg $n\ninfo msg $n: bytes 900 from <a\@example.org> qp $n uid 4\n";
	print "starting delivery $n: msg $n to remote <b>$n\@example.net\n";
	print "delivery $n: ", (qw(success deferral failure))[$n % 3], ": <i>why/\n";
	print "end msg $n\n" if $n % 3 != 1; }' >send
rlogsess -M -o html send >messages.html
cat >week <<'END'
2026-11-20T22:00:00.000Z new msg 1
2026-11-20T22:00:00.000Z info msg 1: bytes 900 from <a@example.org> qp 1 uid 4
2026-11-20T22:00:00.100Z starting delivery 1: msg 1 to remote b@example.net
2026-11-20T22:00:07.100Z delivery 1: deferral: later/
2026-11-26T22:00:00.100Z starting delivery 2: msg 1 to remote b@example.net
2026-11-26T22:00:07.100Z delivery 2: success: ok/
2026-11-26T22:00:07.100Z end msg 1
END
rlogsess -M -o html week >week.html

node "$pages/page-checks.js" "$T" >checks 2>errors
rc=$?
while read -r failed what; do
	case $failed in
	'#') echo "# $what" ;;
	*) report "$failed" "$what" ;;
	esac
done <checks
sed 's/^/# /' errors
is 'the checks come to their end' "$rc" 0
for browser in Chromium:page Firefox:firefox; do
	name=${browser%:*}
	pdftotext "${browser#*:}.pdf" - >printed 2>/dev/null
	ok "$name prints the lines of open sessions" \
		grep -q '250-PIPELINING' printed
	is "$name prints all rows, and the range of their times" \
		"$(grep -o '2026-11-20 1' printed | wc -l)" 302
done
is 'no process is left' "$(pgrep -f "$T" | grep -vxc "$$")" 0
done_testing
