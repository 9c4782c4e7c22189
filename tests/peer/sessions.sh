# shellcheck shell=sh
# For tests against real servers: sessions through tcpserver and recio, with all
# that a client has to hide, and what of it is in the log.
# shellcheck disable=SC2154 # lib.sh sets top
# shellcheck disable=SC2034 # the tests use them
user=kierkegaard@skagen.invalid
password='pQ7-xW9_zK3vB5'
wrong='hT4+mN6=sD8cF2'
marker='Zw8yRq1LpX7uEo'
plain=$(printf '\0%s\0%s' "$user" "$password" | base64 -w 0)
plain_wrong=$(printf '\0%s\0%s' "$user" "$wrong" | base64 -w 0)
wrong64=$(printf '%s' "$wrong" | base64 -w 0)
printf '%s\n' "$password" "$wrong" "$marker" "$plain" "$plain_wrong" \
	"$wrong64" >secrets

# Parts of what dialogue.pl does as an SMTP client, in this order.
start_tls_by_hand='want ^220
send EHLO client.example.net
want ^250 
send STARTTLS
want ^220
tls'
log_in_by_hand="send EHLO client.example.net
want ^250 
send AUTH PLAIN $plain
want ^235"
envelope_by_hand='send MAIL FROM:<a@client.example.net>
send RCPT TO:<box@example.org>
send DATA'
message_by_hand='want ^354
file crlf.dots
send .
want ^250
send QUIT
end'

# Headers and body, dots at the start of lines, long lines, any bytes.
# make_message LINES: it is then in the file message.
make_message() {
	perl -e '
		binmode STDOUT;
		my ($lines, $marker) = @ARGV;
		print "Date: Sat, 21 Nov 2026 01:02:03 +0000\n",
			"Message-Id: <1\@client.example.net>\n",
			"From: a\@client.example.net\nTo: box\@example.org\n",
			"Subject: $marker\nMIME-Version: 1.0\n",
			"Content-Type: text/plain\n",
			"Content-Transfer-Encoding: 8bit\n\n",
			"..$marker\n.\n.$marker.\nAUTH PLAIN $marker\n",
			"QUIT\n\xc3\xa4 $marker \xe4\xa4 \e[31m\x7f\\\n",
			("$marker " x 66) . "\n",
			map { "$marker line $_ of many, as long as usual lines are\n" }
				1 .. $lines;
	' "$1" "$marker" >message
}

serve() {
	port=$(free_port)
	spawn sh -c 'exec tcpserver -vHRl0 127.0.0.1 "$@" 2>log' sh "$port" "$@"
	server=$spawned
	wait_for 20 listening "$port"
	wait_for 20 grep -q '^tcpserver: end' log
	wait_for 20 over
}

# No session and no relay is left, but perhaps a zombie.
over() {
	[ "$(grep -c '^tcpserver: ok' log)" = \
		"$(grep -c '^tcpserver: end' log)" ] && ! pgrep -r D,R,S,T -g "$server" -x recio
}

# What is recorded from now on is NAME's, until ended NAME takes it to NAME.log.
begin() {
	before=$(wc -c <log)
}

ended() {
	wait_for 20 over || status=1
	tail -c "+$((before + 1))" log >"$1.log"
}

# records NAME: the recorded lines and notes of the session, put together again,
# without numbers and CRs.
records() {
	perl -ne 'next unless /^\d+ ([<>:]) (.*)$/;
		my ($sign, $text) = ($1, $2);
		if ($sign ne ":" && $text ne "[EOF]") {
			$part{$sign} .= $text =~ s/([ +])$//r;
			next if $1 eq "+";
			$text = delete $part{$sign};
		}
		print "$sign $text\n" =~ s/(\r|\\x0d)$//r;
		END { print "$_ $part{$_}+\n" for sort keys %part }' "$1.log"
}

# talk NAME <STEPS: see dialogue.pl. Or client NAME COMMAND...
talk() {
	client "$1" "$top/tests/tools/dialogue.pl" "$port"
}

client() {
	name=$1
	shift

	begin
	"$@" >"$name.seen" 2>&1
	status=$?
	ended "$name"
	cp secrets "$name.secrets"
	[ $status = 0 ] || sed 's/^/# /' "$name.seen"
	return $status
}

hidden() {
	is "$1: no secret and nothing of the mail is in the log" \
		"$("$top/tests/tools/leaks.pl" "$1.secrets" "$1.log")" 0
}

# recorded NAME LINE...
recorded() {
	records "$1" >"$1.records"
	name=$1
	shift
	missing=0
	for line in "$@"; do
		ok "$name: recorded: $line" grep -qxF -e "$line" "$name.records" ||
			missing=1
	done
	[ $missing = 0 ] || cut -c 1-100 "$name.records" | sed '40q; s/^/# /'
}
