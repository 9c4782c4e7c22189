#!/bin/sh
# The form html without a browser: its counts are those of stats, its lines those
# of text, its policy allows nothing but its own style sheet and script, nothing
# that a stranger writes is more than text, and its size is bounded.
# rlogsess-browser.t looks at it in browsers.
. "$(dirname "$0")/../lib.sh"
export TZ=UTC
pages=$top/tests/browser

# The lines of sessions, which text and html have in different orders.
sort_sessions() {
	perl -ne 'if (/^= /) { push @s, ""; next } $s[-1] .= $_;
		END { print sort map { "$_\n" } @s }'
}
# The figures of a page, "NUMBER NAME" a line.
figures() {
	sed -n 's,^<span><b>\([0-9]*\)</b> \(.*\)</span>$,\1 \2,p' "$1" |
		sed 's/^1 \(session\|message\|byte\|bounce\)$/&s/'
}
# The rows of stats, in the same form, up to the line that is $2.
stats_rows() {
	sed -n "s/^\(.*[^ ]\)  *\([0-9][0-9]*\)\$/\2 \1/p; /^$2/q" "$1"
}
rows() {
	grep -c '^<details ' "$1"
}

"$pages/make-log" 300 >log
ok 'a log becomes a page' sh -c 'rlogsess -o html log >page.html'
is 'each session is in the list' "$(rows page.html)" 300
is 'the list is in blocks of 100' "$(awk '/^<div class=block>/ { n = 0 }
	/^<details / { n++ } /^<\/div>/ { printf "%d ", n; n = 0 }' page.html)" \
	'100 100 100 0 '
rlogsess -o stats log >counts
stats_rows counts 'most at one time' |
	grep -xE '[0-9]+ (sessions|ended badly|denied|not whole|messages|most at one time)' \
		>want
figures page.html >got
same 'its figures are those of stats' got want
rlogsess -o json log | grep -o '"outcome":"[a-z]*"' | cut -d'"' -f4 | sort |
	uniq -c | awk '{ print $2, $1 }' >want
sed -n 's/^<details class=\([a-z]*\) .*/\1/p' page.html | sort | uniq -c |
	awk '{ print $2, $1 }' >got
same 'its outcomes are those of json' got want
sed -n 's,^<li class=\([a-z]*\)>[a-z ]* \([0-9]*\)</li>$,\1 \2,p' page.html |
	sort >got
same 'its legend counts them' got want
is 'each session is a dot that leads to its lines' \
	"$(sed -n 's/^<a href="#\(s[0-9]*\)".*/\1/p' page.html | sort -u |
		while read -r s; do grep -c "<pre id=$s>" page.html; done |
		sort | uniq -c | tr -s ' ')" ' 300 1'
"$pages/page-lines" <page.html | sort_sessions >got
rlogsess log | "$pages/text-lines" | sort_sessions >want
ok 'there are lines' test "$(wc -l <want)" -gt 4000
same 'its lines are those of text' got want
is 'a line has its times, and a bar for a long wait' \
	"$(sed -n 's/^   30\.0[0-9]* \(.* 451 timeout\)$/\1/p' page.html |
		sort -u)" '   30.000 ━━━━         &gt; 451 timeout'
printf '%s\n' '2026-11-20T22:00:00.000Z 7 < DATA ' \
	'2026-11-20T22:00:00.001Z 7 > 354 go ' \
	'2026-11-20T22:00:02.001Z 7 : < 21 bytes, 3 lines of message' \
	'2026-11-20T22:00:17.001Z 7 > 250 ok ' >left-out
rlogsess -o html left-out >got
is 'the time after a message that was left out is the server'\''s' \
	"$(grep -o ' [.0-9]* s for the [a-z]*' got | xargs)" \
	'2.000 s for the client 15.001 s for the server'
is 'its note has the wait for its client' \
	"$(grep -c '    2\.001     2\.000 ━━━  : &lt; 21 bytes' got)" 1
ok 'the same log gives the same page' sh -c 'rlogsess -o html <log | cmp - page.html'

# The policy.
hash_of() {
	perl -MDigest::SHA=sha256_base64 -0777 -ne '
		m{<'"$1"'>(.*?)</'"$1"'>}s and print "sha256-", sha256_base64($1), "="' \
		page.html
}
is 'the policy allows the style sheet and the script by their hashes alone' \
	"$(sed -n 's/^<meta http-equiv="Content-Security-Policy" content="\(.*\)">$/\1/p' \
		page.html)" \
	"default-src 'none'; style-src '$(hash_of style)'; script-src '$(
		hash_of script)'; base-uri 'none'; form-action 'none'"
is 'no element has a style or a handler of its own' \
	"$(sed '/^<style>/,/<\/style>/d; /^<script>/,/<\/script>/d' page.html |
		grep -cE '<[^>]* (style|on[a-z]+)=')" 0
is 'nothing is loaded' "$(grep -cE '(src|href)="?[^"#]|@import|url\(' page.html)" 0

# A page that a stranger writes.
perl -e '
	my @evil = ("<script>alert(1)</script>", "</pre></details></main></body>",
		"</script><img src=x onerror=alert(1)>", "<!-- <script>", "]]>",
		"\x27 onclick=\x27alert(1) \" `\${alert(1)}`", "&lt;b&gt; &#60;",
		"a\xe2\x80\xaeb\xe2\x81\xa6c", "\x00\x1b[31m\x07\xff\xc3", "x" x 5000,
		"<i>", "</i><b>");
	print "tcpserver: ok 7 mx:192.0.2.25:25 <b>x</b>:192.0.2.7::4000\n";
	print "7 < EHLO $_\r\n7 > 250 $_\r\n" for @evil;
	print "7 < MAIL FROM:<$_>\r\n7 < RCPT TO:<$_>\r\n" for @evil[0 .. 6];
	print "8 < ", "z" x 1000000, "\n";' >log
rlogsess -o html log >page.html 2>/dev/null
is 'a hostile log: the elements are those of the page' \
	"$(sed '/^<style>/,/<\/style>/d; /^<script>/,/<\/script>/d' page.html |
		grep -ao '<[a-zA-Z!][a-zA-Z0-9]*' | sort -u | xargs)" \
	'<!DOCTYPE <b <body <details <div <footer <h1 <head <html <i <li <main <meta <p <pre <span <summary <title <ul'
is 'it has no control byte' \
	"$(LC_ALL=C tr -d '[:print:]\n\t\200-\377' <page.html | wc -c)" 0
is 'marks of direction are boxed' \
	"$(grep -c 'a<b>U+202E</b>b<b>U+2066</b>c' page.html)" 2
is 'a long line is cut, and its size told' \
	"$(grep -o 'x <b>[0-9]* more bytes</b>' page.html | head -n 1)" \
	'x <b>911 more bytes</b>'
ok 'a line of 1 MB is cut, too' grep -q 'z <b>[0-9]* more bytes</b>' page.html
rlogsess -o text log 2>/dev/null | perl -pe 's/\e/\\x1b/g; s/\x07/\\x07/g;
	s/\0/\\x00/g; s/\xff/\\xff/g; s/\xc3(?![\x80-\xbf])/\\xc3/g;
	s/\xe2\x80\xae/[U+202E]/g; s/\xe2\x81\xa6/[U+2066]/g' |
	"$pages/text-lines" | perl -pe 's/^(.{4096}).{5,}/
		"$1 [" . (length($_) - 1 - length $1) . " more bytes]"/e' >want
"$pages/page-lines" <page.html | sed 's/^= .*/= /' >got
same 'all lines are there' got want
perl -e 'print "tcpserver: ok 7 mx:192.0.2.25:25 :192.0.2.7::4000\n";
	print "7 < line $_ ", "y" x 60, "\n" for 1 .. 9000' >log
rlogsess -o html log >page.html
"$pages/page-lines" <page.html | sed '/^=/d; s/y*$//' >lines
left=$(sed -n 's/^\[\([0-9]*\) lines are left out\]/\1/p' lines)
ok 'of a long session the middle is left out' test "${left:-0}" -gt 5000
is 'it is counted, and the end is there' \
	"$((left + $(grep -c '< line' lines))) $(tail -n 1 lines)" \
	'9000 < line 9000 '
# rlogsess keeps 64 MiB of a session; html tells of lines that it does not keep.
perl -e 'print "tcpserver: ok 7 mx:192.0.2.25:25 :192.0.2.7::4000\n";
	print "7 < line $_ ", "y" x 65000, "\n" for 1 .. 1100' >log
rlogsess -o html log >page.html
"$pages/page-lines" <page.html | sed '/^=/d' >lines
left=$(sed -n 's/^\[\([0-9]*\) lines are left out\]/\1/p' lines |
	awk '{ n += $1 } END { print n }')
is 'of a vast session each line is there or counted' \
	"$((left + $(grep -c '< line' lines)))" 1100

# Bounds.
"$pages/make-log" 10100 >log
rlogsess -o html log >page.html
is 'of many sessions 10,000 are listed' "$(rows page.html)" 10000
ok 'the page tells how many are not' grep -q \
	'^<p class=note>.* 10000 sessions\. 100 more are' page.html
is 'all are counted' "$(figures page.html | head -n 1)" '10100 sessions'
is 'they are the fine ones' \
	"$(sed -n 's/^<details class=\([a-z]*\) .*/\1/p' page.html |
		grep -vc fine)" \
	"$(rlogsess -o json log | grep -c '"outcome":"[a-eg-z]')"
ok 'cells replace dots' sh -c '! grep -q "<a href" page.html &&
	grep -q "class=\"cell bad l" page.html'
perl -e 'for my $s (1 .. 120) {
	print "$s < line ", "<" x 2000, "\n" for 1 .. 100;
	print "tcpserver: end $s status ", $s % 12 ? 0 : 256, "\n" }' >log
rlogsess -o html log >page.html
ok 'the page is no larger than 16 MB and its frame' \
	test "$(wc -c <page.html)" -lt $(((16 << 20) + 60000))
is 'the bad ones are listed all the same' \
	"$(grep -c '^<details class=bad' page.html)" 10
ok 'others are left out' grep -q '^<p class=note>' page.html
case $(ldd "$BUILD/rlogsess" 2>/dev/null) in
*asan*) skip "memory under a sanitizer" 1 ;;
*)
	ok 'the page needs little memory' sh -c \
		'ulimit -v 60000 && rlogsess -o html log | cmp - page.html'
	;;
esac
is 'no temporary file is left' \
	"$(mkdir tmp; TMPDIR=$T/tmp rlogsess -o html log >page.html; ls tmp)" ''

# Few sessions, and other times.
: >log
rlogsess -o html log >page.html
ok 'no session: the page says so' grep -q 'Nothing matches' page.html
printf '%s\n' 'tcpserver: pid 7 from 192.0.2.7' '7 < QUIT' \
	'tcpserver: end 7 status 0' >log
rlogsess -o html log >page.html
is 'without stamps there is no picture' "$(grep -c '<figure>' page.html)" 0
is 'one session: it is listed' "$(rows page.html)" 1
ok 'it is counted as one' grep -q '<b>1</b> session<' page.html
printf '7 < %s\n7 < DATA\n' "$(printf %4095s '' | tr ' ' x)" >log
rlogsess -o html log >page.html
ok 'one byte too many: it is counted as one' grep -q '>1 more byte<' page.html
perl -MPOSIX=strftime -e 'for my $day (0 .. 200) {
	print strftime("%Y-%m-%dT12:00:00Z", gmtime(1795176000 + $day * 86400)),
		" $day < QUIT\n" }' >log
rlogsess -o html log >page.html
is 'a column of one day, as its caption says it' \
	"$(grep -o 'starts in 1 day[^ ]*' page.html)" 'starts in 1 day,'
"$pages/make-log" 20 >log
TZ=CET-1 rlogsess -o html log >page.html
ok 'times are local' grep -q 'Times are local, +01:00' page.html
is 'so are those of the list' \
	"$(grep -o '<span class=t>2026-11-20 1[345]' page.html | wc -l)" 20
rlogsess -o html log log >page.html
ok 'each of several sources is named' grep -q " · $T/log</p>" page.html

# Messages.
cat >log <<-'EOF'
	@400000006b00c2eb000001f4 new msg 12345
	@400000006b00c2eb000f4434 info msg 12345: bytes 3189 from <a&b@example.org> qp 27763 uid 46
	@400000006b00c2eb00989874 starting delivery 1: msg 12345 to local bob@example.net
	@400000006b00c2eb01312ef4 starting delivery 2: msg 12345 to remote carol@example.com
	@400000006b00c2eb02faf274 delivery 1: success: did_1+0+0/
	@400000006b00c2ec000001f4 new msg 12346
	@400000006b00c2ec000f4434 info msg 12346: bytes 512 from <> qp 27770 uid 46
	@400000006b00c2ec00989874 starting delivery 3: msg 12346 to remote dave@example.org
	@400000006b00c2ec02faf274 delivery 2: deferral: Sorry_<later>/
	@400000006b00c2ed02faf274 delivery 3: failure: no_such_user/
	@400000006b00c2ed03000000 bounce msg 12346 qp 27790
	@400000006b00c2ed04000000 end msg 12346
	@400000006b00c2f002faf274 starting delivery 4: msg 12345 to remote carol@example.com
	@400000006b00c2f102faf274 delivery 4: success: ok/
	@400000006b00c2f202faf274 end msg 12345
EOF
rlogsess -M -o html log >page.html
rlogsess -M -o stats log >counts
stats_rows counts deliveries >want
for outcome in success deferral failure unknown; do
	sed -n "s/^[a-z]* $outcome *//p" counts |
		awk -v o=$outcome '{ n += $1 } END { print n, o }' >>want
done
figures page.html >got
same 'messages: the figures are those of stats' got want
"$pages/page-lines" <page.html | sort_sessions >got
rlogsess -M log | "$pages/text-lines" | sort_sessions >want
same 'messages: the lines are those of text' got want
is 'messages: each has its deliveries' \
	"$(grep -o '^<li class=[a-z]*><\|^.*<summary' page.html | sed \
		's/<details class=\([a-z]*\) .*/\1:/; s/<li class=\([a-z]*\)>.*/\1/' |
		xargs)" \
	'refused: fine refused fine bad: bad'
ok 'messages: a delivery has its recipient and its reason' grep -q \
	'>remote carol@example.com <i>Sorry_&lt;later&gt;/</i>' page.html
is 'messages: a strip draws the deliveries' \
	"$(grep -c '<path class=fine d="M.*<path class=refused\|<path class=refused d="M.*<path class=fine' \
		page.html)" 1

# Other browsers.
"$pages/make-log" 40 >log
rlogsess -o html log >page.html
for browser in w3m lynx; do
	if command -v $browser >/dev/null; then
		$browser -dump -cols 200 -width=200 page.html 2>/dev/null >dump ||
			$browser -dump page.html >dump
		is "$browser shows a session" \
			"$(grep -c '< EHLO' dump)" \
			"$(rlogsess log | grep -c '< EHLO')"
	else
		skip "$browser is not installed" 1
	fi
done
is '-k is refused' "$(rlogsess -o html -k state log 2>&1 | head -n 1 | grep -c html)" 1
is '-n is refused' "$(rlogsess -o html -n 5 log 2>&1 | head -n 1 | grep -c html)" 1
done_testing
