# shellcheck shell=sh
# For smtp-*.t: mails to a real server behind recio -p smtp. The test says in
# $mailbox where the server stores mails, and in $cancel how a client gives up to
# authenticate, if the server knows that.
# shellcheck disable=SC2154 # lib.sh and sessions.sh set the others
. "$top/tests/peer/sessions.sh"

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

# send NAME ARGUMENTS...: by swaks; the message is in the file message.
send() {
	name=$1
	shift
	begin
	swaks --server 127.0.0.1 --port "$port" --ehlo client.example.net \
		--from a@client.example.net --to box@example.org --timeout 300 "$@" \
		>"$name.seen" 2>&1
	status=$?
	ended "$name"
	secrets_of "$name.seen" >"$name.secrets"
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

# dialogue NAME: what swaks shows is what is recorded, no more and no less, each
# direction in its order; with $inside=-L also inside of TLS, which the client
# began for the host $host.
dialogue() {
	records "$1" >"$1.records"
	"$top/tests/tools/swaks-records.pl" ${inside:+"$inside"} ${host:+"$host"} \
		<"$1.seen" >"$1.want"
	for sign in '<' '>' ':'; do
		grep "^$sign" "$1.records" | grep -v '\[EOF\]$' >got
		grep "^$sign" "$1.want" >want
		same "$1: the dialogue is recorded, $sign" got want
	done
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
name64=$(printf '%s' "$user" | base64 -w 0)
# shellcheck disable=SC2034 # for the tests
authenticate_by_hand="
want ^220
send EHLO client.example.net
want ^250 
send ${auth_plain=auth  plain  } $plain_wrong
want ^5
send AUTH LOGIN $name64
want ^334
send ${cancel:-$wrong64}
want ^5
send Auth Login
want ^334
send $name64
want ^334
send $wrong64
want ^5
send AUTH PLAIN
want ^334
send $plain
want ^235
send AUTH PLAIN $plain
want ^5
"
# It is recorded as it is said, but for what is secret.
recorded_authentication() {
	recorded "$1" "< $auth_plain ***" '< AUTH LOGIN ***' '< Auth Login' \
		'< AUTH PLAIN' '< ***' '< AUTH PLAIN ***'
	ok "$1: *** is there once for each secret" \
		[ "$(grep -cF -e '***' "$1.records")" = \
		"$((7 - ${#cancel}))" ]
}

# in_order NAME: both directions are recorded in the order in which swaks has shown
# them.
in_order() {
	grep -v '\[EOF\]$' "$1.records" >got
	same "$1: the dialogue is recorded in order" got "$1.want"
}

# inside NAME ARGUMENT...: a mail by swaks in TLS; unless it is pipelined, recorded
# in order.
inside() {
	sent "$@" --auth-user "$user" --auth-password "$password"
	case " $* " in
	*' --pipeline '*) ;;
	*) in_order "$1" ;;
	esac
}
