# shellcheck shell=sh
# For smtp-*.t: mails to a real server through tcpserver and recio -p smtp, with
# all that the client has to hide, and what of it is in the log. The test says in
# $mailbox where the server stores mails, in $cancel how a client gives up to
# authenticate, if the server knows that, and calls serve PROGRAM...
# shellcheck disable=SC2154 # lib.sh sets top
# The protocol's own texts.
user=kierkegaard@skagen.invalid
password='pQ7-xW9_zK3vB5'
wrong='hT4+mN6=sD8cF2'
marker='Zw8yRq1LpX7uEo'
printf '%s\n' "$password" "$wrong" "$marker" >secrets

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
	wait_for 20 over
}

# No session and no relay is left.
over() {
	[ "$(grep -c '^tcpserver: ok' log)" = \
		"$(grep -c '^tcpserver: end' log)" ] && ! pgrep -g "$server" -x recio
}

# What is recorded from now on is NAME's, until ended NAME takes it to NAME.log.
begin() {
	before=$(wc -c <log)
}

ended() {
	wait_for 20 over || status=1
	tail -c "+$((before + 1))" log >"$1.log"
}

# What swaks sent to authenticate is secret too.
secrets_of() {
	{
		cat secrets
		perl -ne 's/\r?\n//;
			print "$1\n" if /^ -> AUTH +\S+ +(\S+)/i ||
				$asked && /^ -> (.+)/;
			$asked = /^<(?:- |--|\*\*) 334/;' "$1"
	} | sort -u
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

# send NAME ARGUMENTS...: by swaks; the message is in the file message.
send() {
	name=$1
	shift
	begin
	swaks --server 127.0.0.1 --port "$port" --ehlo client.example.net \
		--from a@client.example.net --to box@example.org --timeout 60 "$@" \
		>"$name.seen" 2>&1
	status=$?
	ended "$name"
	secrets_of "$name.seen" >"$name.secrets"
	return $status
}

# talk NAME <STEPS
talk() {
	begin
	"$top/tests/tools/dialogue.pl" "$port" >"$1.seen"
	status=$?
	ended "$1"
	cp secrets "$1.secrets"
	[ $status = 0 ] || sed 's/^/# /' "$1.seen"
	return $status
}

# arrived NAME WANT: one mail has, and it is unchanged but for what the server has
# put on top.
arrived() {
	ok "$1: the mail arrives" wait_for 20 stored
	LC_ALL=C sed -n '/^Date: /,$p' "$(stored)" >got
	same "$1: unchanged" got "$2"
	rm -f "$(stored)"
}

stored() {
	# shellcheck disable=SC2086 # may be a pattern
	ls -d $mailbox
}

hidden() {
	is "$1: no secret and nothing of the mail is in the log" \
		"$("$top/tests/tools/leaks.pl" "$1.secrets" "$1.log")" 0
}

# dialogue NAME: what swaks shows is what is recorded, no more and no less, each
# direction in its order.
dialogue() {
	records "$1" >"$1.records"
	"$top/tests/tools/swaks-records.pl" <"$1.seen" >"$1.want"
	for sign in '<' '>' ':'; do
		grep "^$sign" "$1.records" | grep -v '\[EOF\]$' >got
		grep "^$sign" "$1.want" >want
		same "$1: the dialogue is recorded, $sign" got want
	done
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

# sent NAME ARGUMENTS...: a mail that is to arrive, and its dialogue. swaks puts an
# empty line at the end.
sent() {
	name=$1
	shift
	ok "$name: swaks sends a mail" send "$name" --data @message "$@"
	{
		cat message
		echo
	} >want
	arrived "$name" want
	hidden "$name"
	dialogue "$name"
}

# What swaks does not say, to be sent with each byte alone too.
plain=$(printf '\0%s\0%s' "$user" "$password" | base64 -w 0)
plain_wrong=$(printf '\0%s\0%s' "$user" "$wrong" | base64 -w 0)
name64=$(printf '%s' "$user" | base64 -w 0)
wrong64=$(printf '%s' "$wrong" | base64 -w 0)
printf '%s\n' "$plain" "$plain_wrong" "$wrong64" >>secrets
# shellcheck disable=SC2034 # for the tests
authenticate_by_hand="
want ^220
send EHLO client.example.net
want ^250 
send auth  plain   $plain_wrong
want ^535
send AUTH LOGIN $name64
want ^334
send ${cancel:-$wrong64}
want ^5
send Auth Login
want ^334
send $name64
want ^334
send $wrong64
want ^535
send AUTH PLAIN
want ^334
send $plain
want ^235
send AUTH PLAIN $plain
want ^503
"
# It is recorded as it is said, but for what is secret.
recorded_authentication() {
	recorded "$1" "< auth  plain   ***" '< AUTH LOGIN ***' '< Auth Login' \
		'< AUTH PLAIN' '< ***' '< AUTH PLAIN ***'
	ok "$1: *** is there once for each secret" \
		[ "$(grep -cF -e '***' "$1.records")" = \
		"$((7 - ${#cancel}))" ]
}
