#!/bin/sh
# CSV (RFC 4180): every value is that of JSON under the same name, and no text
# of a peer breaks a row or becomes a formula.
. "$(dirname "$0")/../lib.sh"
export TZ=UTC
log=$top/tests/samples/smtpd.log
queue=$top/tests/samples/qmail-send.log

# Reads CSV by the grammar of RFC 4180 and writes "NAME=VALUE" for each value
# that is not empty, row by row; fails at the first byte that departs from it.
cat >values <<'END'
local $/; my $text = <STDIN>; my @names; my $row = 0;
while (pos($text) // 0 < length $text) {
	my @fields;
	do {
		$text =~ /\G(?:"((?:[^"]|"")*)"|([\x20-\x21\x23-\x2b\x2d-\xff]*))/gc
			or die "no field in row $row\n";
		push @fields, defined $1 ? $1 =~ s/""/"/gr : $2;
	} while $text =~ /\G,/gc;
	$text =~ /\G\r\n/gc or die "no end of row $row\n";
	if (!$row++) { @names = @fields; next }
	@names == @fields or die "row $row has " . @fields . " fields\n";
	print map { length $fields[$_] ? "$names[$_]=$fields[$_]\n" : () } 0 .. $#names;
	last if pos($text) == length $text;
}
END
# The same of JSON: lists have commas between, lines and deliveries are left out.
cat >members <<'END'
use JSON::PP;
while (<STDIN>) {
	my $object = JSON::PP->new->utf8->decode($_);
	my %text;	# the first number of a name, as it is written
	$text{$1} //= $2 while /"(\w+)":(-?[0-9.]+)/g;
	for my $name (split ' ', $ENV{NAMES}) {
		my $value = $object->{$name} // next;
		$value = join ",", @$value if ref $value eq "ARRAY";
		$value = "true" if JSON::PP::is_bool($value);
		$value = $text{$name} if $name =~ /seconds\z/;
		utf8::encode($value);
		print "$name=$value\n" if length $value;
	}
}
END

# agree DESCRIPTION ARGUMENT...: CSV and JSON have the same values.
agree() {
	what=$1
	shift
	rlogsess -o csv "$@" >rows
	perl values <rows >got || echo "not CSV" >>got
	rlogsess -o json "$@" | NAMES=$(head -n 1 rows | tr -d '\r' |
		tr ',' ' ') perl members >want
	[ -s got ] || echo "no values" >>got
	same "$what" want got
}

is "a header line with the names of the fields" \
	"$(rlogsess -o csv "$log" | head -n 1)" "$(printf '%s\r' \
	session,pid,start,end,seconds,peer,port,local,in,out,helo,user,from,recipients,recipient_count,messages,size,reply,replies,tls,cipher,client_seconds,server_seconds,outcome,exit,signal,denied,marks,lines_left_out,source)"
is "-M: a header line" "$(rlogsess -M -o csv "$queue" | head -n 1)" \
	"$(printf '%s\r' \
	message,start,end,seconds,from,size,success,deferral,failure,bounced,qp,age,reason,marks,lines_left_out,source)"
is "a header line where there is no session" \
	"$(rlogsess -o csv </dev/null | wc -l)" 1
is "a row for each session" "$(rlogsess -o csv "$log" | wc -l)" 5
agree "sessions have the values of JSON" "$log"
ok "CSV: there are sessions" test "$(wc -l <got)" -gt 40
agree "-M: messages have the values of JSON" -M "$queue"
ok "-M: there are messages" test "$(wc -l <got)" -gt 20
agree "-s: only sessions that ended badly" -s "$log"
perl "$top/tests/tools/sessions.pl" 20000 50 >many
agree "many sessions have the values of JSON" many
{
	echo '7 < EHLO a,"b",c '
	echo '7 < MAIL FROM:<"x,y"@z> '
	echo '7 < RCPT TO:<one@z> '
	echo '7 < RCPT TO:<two@z> '
	echo '7 > 250 said "yes", and = no '
	echo 'tcpserver: end 7 status 9'
	echo '8 > 250 " '
	echo '8 < EHLO caf'"$(printf '\303\251')"' '
} >quotes
agree "commas and quotes" quotes
ok "fields with quotes or commas stand in quotes" \
	grep -q '"250 said ""yes"", and = no"' rows

# Bytes that are no text, and text that a spreadsheet would take for a formula.
printf '1 < EHLO \377\033[7m\t\r" \n1 > 250 \342\200\256,\000 \n' >odd
is "no TAB, control byte or control of direction" \
	"$(rlogsess -o csv odd | sed 1d | grep -c \
	',"\\xff\\x1b\[7m\\x09\\x0d""",.*,"250 \\xe2\\x80\\xae,\\x00",')" 1
for sign in = + - @; do
	printf '1 < EHLO %scmd() \n1 < RCPT TO:<%sx@y> \n' "$sign" "$sign"
	printf '1 > %sOK no \n' "$sign"
done >formulas
rlogsess -o csv formulas >rows
perl values <rows >got
is "no field begins like a formula" "$(grep -c '^[a-z_]*=[-=+@]' got)" 0
is "a field like a formula begins with an escape" \
	"$(grep -cE '^(helo|recipients|reply)=\\x(3d|2b|2d|40)' got)" 3

# Carried over, the rows are those of one run; the last line ends all sessions.
late='@4000000080000000000001f4 tcpserver: status: 0/30'
rlogsess -o csv "$log" | sed 1d | sort >want
for cut in 5 15 25 35; do
	rm -f state
	{
		head -n $cut "$log" | rlogsess -k state -o csv
		tail -n +$((cut + 1)) "$log" | rlogsess -k state -o csv
		echo "$late" | rlogsess -k state -o csv
	} | grep -v '^session,' | sort >got
	same "-k: cut after line $cut, the rows of one run" want got
done
done_testing
