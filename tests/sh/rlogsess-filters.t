#!/bin/sh
# Filters look at whole sessions; messages and deliveries; what a terminal gets.
. "$(dirname "$0")/../lib.sh"
export TZ=UTC
log=$top/tests/samples/smtpd.log
queue=$top/tests/samples/qmail-send.log

# The process IDs of the sessions that pass.
pids() {
	rlogsess -o table "$@" | cut -f 4 | sort | tr '\n' ' '
}

is "-i selects an IPv4 address" "$(pids -i 192.0.2.7 "$log")" "4711 "
is "-i selects an IPv4 network" "$(pids -i 192.0.2.0/23 "$log")" "4711 "
is "-i leaves out the next IPv4 network" "$(pids -i 192.0.2.8/29 "$log")" ""
is "-i: 0.0.0.0/0 is all of IPv4" "$(pids -i 0.0.0.0/0 "$log")" \
	"4711 4712 4713 "
is "-i selects an IPv6 address written in another form" \
	"$(pids -i 2001:0DB8:0:0::0007 "$log")" "4711 "
is "-i selects an IPv6 network" "$(pids -i 2001:db8::/29 "$log")" "4711 "
is "-i: ::/0 is all of IPv6" "$(pids --address ::/0 "$log")" "4711 "
is "-i selects IPv4 addresses within IPv6" \
	"$(pids -i ::ffff:198.51.100.9 "$log")" "4712 "
is "-p selects a program" "$(pids -p 4711 "$log")" "4711 4711 "
is "-r selects a reply code" "$(pids -r 451 "$log")" "4713 "
is "-r selects a class of reply codes" "$(pids -r 2xx "$log")" "4711 "
is "-r: no session has this code" "$(pids -r 550 "$log")" ""
is "-m selects sessions by any of their lines" \
	"$(pids -m 'GREY first|deny [0-9]+ ' "$log")" "4711 4712 "
is "-m: a pattern with a space at its end" \
	"$(pids -m '< QUIT.? $' "$log")" "4711 "
is "-s selects an exit status" "$(pids -s "$log")" "4712 "
is "two filters select sessions that pass both" \
	"$(pids -p 4711 -i 2001:db8::/32 "$log")" "4711 "
# A filter that is repeated adds up; filters of different kinds must all pass.
is "-i repeated: a session of either address" \
	"$(pids -i 192.0.2.7 -i 198.51.100.0/24 "$log")" "4711 4712 "
is "-i repeated: in the other order" \
	"$(pids -i 198.51.100.0/24 -i 192.0.2.7 "$log")" "4711 4712 "
is "-p repeated: either program" "$(pids -p 4712 -p 4713 "$log")" "4712 4713 "
is "-r repeated: either reply" "$(pids -r 451 -r 354 "$log")" "4711 4713 "
is "-m repeated: either text" "$(pids -m 'GREY first' -m 'deny [0-9]+ ' "$log")" \
	"$(pids -m 'GREY first|deny [0-9]+ ' "$log")"
is "-i and -p repeated: one of each must pass" \
	"$(pids -i 192.0.2.7 -i 198.51.100.9 -p 4712 -p 4713 "$log")" "4712 "
printf '1 > 220 hi \n1 < EHLO a \n1 > [EOF]\n' >rude
is "-s selects sessions without QUIT" "$(pids -s rude)" "1 "
printf '1 > 220 hi \n1 < quit\r \n1 > [EOF]\n' >polite
is "-s selects sessions with QUIT" "$(pids -s polite)" ""
printf '1 > hi \n1 > [EOF]\n1 < [EOF]\n' >other
is "-s: where no QUIT is expected" "$(pids -s other)" ""
printf '1 > hi \n1 : end < 0 bytes, reset; > 3 bytes, eof; 1.000 seconds\n' >reset
is "-s selects sessions that were reset" "$(pids -s reset)" "1 "
for form in text flat table json; do
	rlogsess -o $form "$log" | grep -Fe 4711 -e '"pid":4711' >all
	rlogsess -o $form -p 4711 "$log" | grep . >got
	same "-o $form: all of the sessions that pass, and nothing else" all got
done
is "flat: filtered lines are in the order of the log" \
	"$(rlogsess -o flat -m . "$log" | md5sum)" \
	"$(rlogsess -o flat "$log" | md5sum)"

# Messages.
rlogsess -M -o table "$queue" >rows
is "-M: a line a delivery" "$(cut -f 4,8,9 rows | tr '\t\n' ' ;')" \
	"12345 bob@example.net success;12345 carol@example.com deferral;12346 dave@example.org failure;12345 carol@example.com success;12345 bob@example.net success;"
is "-M: delay of a delivery, and time since its message was queued" \
	"$(sed -n 4p rows)" \
	"2026-11-20 22:07:11.000000	2.000	432.000	12345	alice@example.org	3189	remote	carol@example.com	success	198.51.100.25_accepted_message./Remote_host_said:_250_ok_1795212433_qp_999/"
is "-M: a number that is used again is another message" \
	"$(cut -f 5 rows | uniq | tr '\n' ' ')" \
	"alice@example.org <> alice@example.org erin@example.org "
is "-M text: all lines of messages, each once" \
	"$(rlogsess -M "$queue" | grep . | sort | md5sum)" \
	"$(grep -v ' status: ' "$queue" | sort | md5sum)"
is "-M text: three messages" "$(rlogsess -M "$queue" | grep -c '^$')" 3
is "-M flat: the sender, from the line on that names it" \
	"$(rlogsess -M -o flat "$queue" | head -n 2 | cut -d ' ' -f 1,2,4-6 |
		tr '\n' ' ')" "1 - new msg 12345 1 alice@example.org info msg 12345: "
is "-M -m: deliveries to this recipient" \
	"$(rlogsess -M -m '^carol@' -o table "$queue" | cut -f 9 | tr '\n' ' ')" \
	"deferral success "
is "-M -m repeated: deliveries to either recipient" \
	"$(rlogsess -M -m '^carol@' -m '^dave@' -o table "$queue" | cut -f 8 |
		sort -u | xargs)" "carol@example.com dave@example.org"
is "-M -m: the message to this recipient" \
	"$(rlogsess -M -m carol "$queue" | grep -c 'new msg')" 1
is "-M -s selects messages not delivered at once" \
	"$(rlogsess -M -s -o table "$queue" | cut -f 9 | tr '\n' ' ')" \
	"deferral failure "
head -n 12 "$queue" >part
is "-M: deliveries that outlive the log" \
	"$(rlogsess -M -o table part | cut -f 2,8,9 | grep unknown)" \
	"$(printf '%s\t%s\t%s\n' - carol@example.com unknown - \
		dave@example.org unknown)"
tail -n +14 "$queue" >part
is "-M: deliveries that began before it" \
	"$(rlogsess -M -o table part | head -n 1 | cut -f 1-9)" \
	"-	-	-	-	-	-	-	-	deferral"
ok "-M text: deliveries that began before the log are shown" \
	sh -c "rlogsess -M part | grep -q 'delivery 2:'"
rlogsess -M -o json "$queue" | perl -MJSON::PP -ne '
	my $m = decode_json($_);
	print join(" ", @$m{qw(message from size success deferral failure)},
		map { "$_->{recipient}:$_->{outcome}" } @{$m->{deliveries}}),
		"\n"' >got
cat >want <<END
12346 <> 512 0 0 1 dave@example.org:failure
12345 alice@example.org 3189 2 1 0 bob@example.net:success carol@example.com:deferral carol@example.com:success
12345 erin@example.org 700 1 0 0 bob@example.net:success
END
same "-M -o json: messages with their deliveries" want got
rlogsess -M -o stats "$queue" >counts
ok "-M -o stats: messages and deliveries are counted" \
	grep -Eq '^remote deferral +1$' counts
printf 'new msg 1\nstarting delivery 1: msg 1 to local a\nnew msg 1\n' >again
is "-M: a delivery whose message is gone" \
	"$(rlogsess -M -o table again | cut -f 8,9)" "a	unknown"

# What is not UTF-8 loses nothing, and what is no text drives no terminal.
printf '1 < EHLO \377\033[7m\t" \n2 < caf\303\251 \342\200\256 \n' >odd
rlogsess -o json odd | perl -MJSON::PP -MMIME::Base64 -ne '
	for my $line (@{decode_json($_)->{lines}}) {
		my $bytes = ref $line ? decode_base64($line->{base64}) : $line;
		utf8::encode($bytes) unless ref $line;
		print "$bytes\n";
	}' >got
same "json: every byte comes back" odd got
ok "json: controls of direction are escaped" \
	sh -c 'rlogsess -o json odd | grep -qF "\u202e"'
is "table: no TAB or control byte" \
	"$(rlogsess -o table odd | head -n 1 | cut -f 5)" '\xff\x1b[7m\x09"'
rlogsess odd | grep -ae '^[12] <' >got
same "text: bytes are unchanged in a pipe" odd got
script -qc "rlogsess '$T/odd'" /dev/null </dev/null | tr -d '\r' |
	grep '^[12] <' >got
printf '1 < EHLO \\xff\\x1b[7m\t" \n2 < caf\303\251 \\xe2\\x80\\xae \n' >want
same "text: control bytes are escaped on a terminal" want got
script -qc "rlogsess -o table '$log'" /dev/null </dev/null | tr -d '\r' >got
is "table: a terminal gets the names of the columns" \
	"$(head -n 1 got | tr -s ' ')" \
	"start seconds peer pid helo from recipients messages size reply in out exit marks"
is "table: columns are aligned on a terminal" \
	"$(grep -c '^.\{26\} .\{9\} [0-9.]\{7,15\} ' got)" 3

# Recipients as GreenArrow writes them.
printf '%s\n' 'new msg 1' 'info msg 1: bytes 9 from <a@b> qp 1 uid 2' \
	'starting delivery 1: msg 1 to remote Jo.x@Example.com' \
	'starting delivery 2: msg 1 to remote jo-x@sub.example.com' \
	'starting delivery 3: msg 1 to remote a+b^c<[]\\]@example.comx' \
	'delivery 1: success: x/' 'delivery 2: success: x/' \
	'delivery 3: success: x/' 'end msg 1' >to
to() {
	rlogsess -M -o table "$@" to | cut -f 8 | tr '\n' ' '
}
is "-M -r: a domain" "$(to -r @example.com)" "Jo.x@Example.com "
is "-M -r: an address" "$(to -r jo.X@example.COM)" "Jo.x@Example.com "
is "-M -r: a dot is a dot" "$(to -r jo.x@sub.example.com)" ""
is "-M -r: a part of an address" "$(to -r x@example.com)" ""
is "-M -r: any text" "$(to -r 'jo*@*example.com')" \
	"Jo.x@Example.com jo-x@sub.example.com "
is "-M -r: no expression" "$(to -r 'a+b^c<[]\\]@example.comx')" \
	'a+b^c<[]\\]@example.comx '
is "-M -r and -m add up" "$(to -r @example.com -m sub)" \
	"Jo.x@Example.com jo-x@sub.example.com "

# Windows of time, and kinds of labels.
is "-S and -U" "$(rlogsess -o table -S '2026-11-20 22:01:00' "$log" |
	cut -f 3,14 | tr '\t\n' '  ')" "203.0.113.40 - 2001:db8::7 - "
is "-U: times are in UTC" \
	"$(rlogsess -o table --until '2026-11-20 22:00:00.3' "$log" |
	cut -f 4,14 | sort | tr '\t\n' '  ')" "4711 - 4712 - "
is "-L leap: labels count leap seconds" \
	"$(rlogsess -L leap -o table "$log" | head -n 1 | cut -f 1)" \
	"2026-11-20 21:59:33.300100"
done_testing
