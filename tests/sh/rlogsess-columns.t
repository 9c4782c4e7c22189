#!/bin/sh
# Columns to choose in tables and CSV, names over them, and the names with which
# clients logged in.
. "$(dirname "$0")/../lib.sh"
export TZ=UTC
log=$top/tests/samples/smtpd.log
queue=$top/tests/samples/qmail-send.log

is "table: the chosen columns in their order" \
	"$(rlogsess -o table --columns reply,pid,peer "$log" | tail -n 2)" \
	"$(printf '451 Please try again from an address with a name\t4713\t203.0.113.40\n-\t4711\t2001:db8::7')"
is "csv: the chosen columns in their order, with their names" \
	"$(rlogsess -o csv --columns pid,helo,replies -p 4711 "$log" | head -n 2)" \
	"$(printf 'pid,helo,replies\r\n4711,client.example.org,"220,221,250,354"\r')"
is "a column can be chosen twice" \
	"$(rlogsess -o table --columns pid,pid -p 4712 "$log")" \
	"$(printf '4712\t4712')"
is "--heading: names over a table in a pipe" \
	"$(rlogsess -o table --columns peer,user --heading "$log" | head -n 1)" \
	"$(printf 'peer\tuser')"
is "--heading: the names of all columns that a table has" \
	"$(rlogsess -o table --heading "$log" | head -n 1 | tr '\t' ' ')" \
	"start seconds peer pid helo from recipients messages size reply in out exit marks"
is "--heading of an empty log" \
	"$(rlogsess -o table --columns pid --heading </dev/null)" pid
is "without --heading a pipe gets no names" \
	"$(rlogsess -o table --columns pid "$log" | grep -c pid)" 0
for width in 40 200; do
	script -qc "stty cols $width; rlogsess -o table --columns pid,peer '$log'" \
		/dev/null </dev/null | tr -d '\r' >got
	printf '%7s %s\n' pid peer 4712 198.51.100.9 4711 192.0.2.7 \
		4713 203.0.113.40 4711 2001:db8::7 >want
	same "a terminal gets names, and aligned columns, $width wide" want got
done

# Each name that is offered is a column, and has the value of JSON.
names() {
	rlogsess --columns '?' "$@" </dev/null 2>&1 |
		sed "s/.*unknown column '?': //; s/ or /, /; s/, / /g"
}
rlogsess -o csv "$log" | head -n 1 | tr -d '\r' | tr ',' ' ' >want
names -o csv >got
same "csv: an unknown name lists the columns" want got
names -o table >got
same "table: the same ones" want got
rlogsess -o csv "$log" >all
tr " " "\n" <want | while read -r name; do
	rlogsess -o csv --columns "$name" "$log"
done | grep -c . >got
is "each of them is a column" "$(cat got)" "$(($(wc -w <want) * 5))"
names -M -o csv >got
rlogsess -M -o csv "$queue" | head -n 1 | tr -d '\r' | tr ',' ' ' >want
same "-M csv: the columns of messages" want got
is "-M table: the columns of deliveries" "$(names -M -o table)" \
	"delivery start seconds age message from size qp channel recipient outcome text source"
is "-M table: chosen ones" \
	"$(rlogsess -M -o table --columns recipient,outcome,qp -n 1 "$queue")" \
	"$(printf 'bob@example.net\tsuccess\t30000')"
is "--stuck: the columns of stuck messages" "$(names -M --stuck)" \
	"start age message from size qp attempts recipient text source"
rlogsess -o table --columns pid,source "$log" "$queue" >got
is "source is a column, by its name only" \
	"$(cut -f 2 got | sort -u)" "$log"

for bad in 'pid,' ',' '' 'pid,,peer' lines deliveries PID 'pid, peer'; do
	rlogsess -o table --columns "$bad" "$log" >out 2>err
	is "--columns '$bad': exit 100" $? 100
	ok "--columns '$bad': the sentence names what is possible" grep -q \
		"^rlogsess: fatal: unknown column '.*': session, pid, .* or source\$" err
done
for form in text flat json stats; do
	rlogsess --columns pid -o $form "$log" >out 2>err
	is "--columns -o $form: the sentence" "$?$(cat err)" \
		"100rlogsess: fatal: --columns belongs to -o table and csv"
	rlogsess --heading -o $form "$log" >out 2>err
	is "--heading -o $form: the sentence" "$?$(cat err)" \
		"100rlogsess: fatal: --heading belongs to -o table"
done
is "-o csv --columns user has what JSON has" \
	"$(rlogsess -o json "$log" | grep -c '"user":\[\]')" 4

# Logins, recorded by recio. Names are "alice", passwords "geheim".
cat >server <<'END'
printf '220 mx ESMTP\r\n'
while IFS= read -r line; do
	case $line in
	AUTH*PLAIN? | *LOGIN?) printf '334 VXNlcm5hbWU6\r\n' ;;
	YWxpY2U=*) printf '334 UGFzc3dvcmQ6\r\n' ;;
	QUIT*) printf '221 bye\r\n'; exit ;;
	*) printf '250 ok\r\n' ;;
	esac
done
END
# user RECIO-OPTIONS LINES: the column user of a session with these lines.
user() {
	options=$1
	shift
	# shellcheck disable=SC2086 # a list of words
	printf "%s\r\n" "$@" QUIT | recio $options sh server 2>&1 >/dev/null |
		cat >log
	rlogsess -o table --columns user log
	for form in table csv; do
		rlogsess -o $form log
		rlogsess -o $form --columns user,reply,from log
	done >>shown
}
plain=$(printf '\0alice\0geheim' | base64)
: >shown
for options in '' '-l' '-x' '-r' '-f in' '-w 64' -t; do
	is "recio $options: AUTH PLAIN" "$(user "$options" "AUTH PLAIN $plain")" alice
	is "recio $options: AUTH PLAIN, in two lines" \
		"$(user "$options" 'AUTH PLAIN' "$plain")" alice
	is "recio $options: AUTH LOGIN" \
		"$(user "$options" 'AUTH LOGIN' YWxpY2U= Z2VoZWlt)" alice
	is "recio $options: USER" "$(user "$options" 'USER alice' 'PASS geheim')" alice
	is "recio $options: LOGIN" "$(user "$options" 'a LOGIN alice geheim')" alice
	is "recio $options: several names, each once" \
		"$(user "$options" 'USER a' 'USER b' 'USER a')" a,b
	is "recio $options: no name" "$(user "$options" 'EHLO me')" -
done
is "recio -p smtp: AUTH hides the name" \
	"$(user '-p smtp' "AUTH PLAIN $plain" 'AUTH LOGIN' YWxpY2U= Z2VoZWlt)" -
is "recio -p pop3: USER" "$(user '-p pop3' 'USER alice' 'PASS geheim')" alice
is "recio -p imap: LOGIN" "$(user '-p imap' 'a LOGIN alice geheim')" alice
is "recio -p smtp: XCLIENT" \
	"$(user '-p smtp' 'XCLIENT NAME=x LOGIN=alice')" alice
is "no form of columns shows a password" \
	"$(grep -ciE 'geheim|Z2VoZWlt|AGdlaGVpb' shown)" 0
ok "the columns were shown" grep -q alice shown
done_testing
