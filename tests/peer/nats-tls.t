#!/bin/sh
# Links to NATS servers with TLS, with certificates and users that are right and
# wrong: each fault has its own words, and nothing is sent in clear text.  So it is
# with rlogship and rlogfetch, which try again, less and less often.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/nats.sh"
needs_nats

# Makes NAME.pem and NAME.key for the names in $2, signed by the authority $3
# (its own without), valid for $4 days; more words are options of openssl.
certify() {
	certify_name=$1
	certify_san=$2
	certify_by=$3
	certify_days=$4
	shift 4
	# shellcheck disable=SC2086 # the options are words
	{
		openssl req -new -newkey rsa:2048 -nodes -subj "/CN=$certify_name" \
			-keyout "$certify_name.key" -out "$certify_name.csr" &&
			printf '%s\n' "subjectAltName=$certify_san" "$@" \
				>"$certify_name.ext" &&
			openssl x509 -req -in "$certify_name.csr" \
				-days "$certify_days" -extfile "$certify_name.ext" \
				-out "$certify_name.pem" $certify_by
	} >openssl.log 2>&1 || sed 's/^/# /' openssl.log
}
by() {
	echo "-CA $1.pem -CAkey $1.key -CAcreateserial"
}
authority='basicConstraints=critical,CA:TRUE'
certify ca DNS:ca '-signkey ca.key' 9 "$authority"
certify other DNS:other '-signkey other.key' 9 "$authority"
certify between DNS:between "$(by ca)" 9 "$authority"
certify good DNS:localhost,IP:127.0.0.1 "$(by ca)" 9
certify named DNS:elsewhere "$(by ca)" 9
certify expired DNS:localhost,IP:127.0.0.1 "$(by ca)" -1
certify client DNS:client "$(by between)" 9
certify stranger DNS:stranger "$(by other)" 9
cat client.pem between.pem >chain.pem

# use_certificate NAME [LINES]: one server with this certificate.
use_certificate() {
	nats_run 1 "tls { cert_file: \"$T/$1.pem\", key_file: \"$T/$1.key\"
		${2:-} }
		${3:-}"
	port=$(cat "$T/nats/1/port")
}

# answer URL COMMAND...: the answer to the last command.
answer() {
	url=$1
	shift
	printf '%s\n' "$@" | timeout -k 1 600 "$tools/nats-client" -t 60000 \
		"$url" 2>&1 | tail -n 1 | cut -c1-200
}
open_with() {
	env "$@" sh -c 'echo open | timeout -k 1 600 "$0" -t 60000 "$1" 2>&1' \
		"$tools/nats-client" "natss://${host:-localhost}:$port/RLOG/rlog.a" |
		cut -c1-200
}

violation='the server refuses the user: Authorization Violation'
missing='there is no such stream'

# The arguments of a program; what rlogfetch takes is what rlogship has sent.
mkdir log
echo '@400000006920000100000000 one' >log/current
arguments() {
	case $1 in
	rlogship) echo "-n h/n $2/RLOG/rlog.log log" ;;
	rlogfetch) echo "$2/RLOG/rlog.log" ;;
	esac
}
# carry CASE URL [VARIABLE=VALUE...]: both programs do their work.
carry() {
	carry_case=$1
	carry_url=$2
	shift 2
	for program in rlogship rlogfetch; do
		# shellcheck disable=SC2046 # words
		env "$@" $program -1 $(arguments $program "$carry_url") \
			>"$program.out" 2>"$program.err"
		is "$program: $carry_case" "$? $(cat $program.err)" '0 '
	done
	same "rlogfetch has the line of rlogship: $carry_case" \
		rlogfetch.out log/current
}
# Connections that the server has accepted so far.
connects() {
	curl -s "http://127.0.0.1:$(cat "$T/nats/1/http")/varz" |
		sed -n 's/.*"total_connections": \([0-9]*\).*/\1/p'
}
# Requests to JetStream that the server has answered so far.
requests() {
	curl -s "http://127.0.0.1:$(cat "$T/nats/1/http")/jsz" |
		sed -n '/"api"/,/}/s/.*"total": \([0-9]*\).*/\1/p'
}
# Tries so far.  A login with a key that is refused is tried a second time at once:
# of a wrong key these are two connections a try, or, for a moment, one.  libnats
# before 3.8 leaves out the signature at random, so that a right key is refused,
# too, now and then; there a try is the request that follows the login.
tries() {
	case $1 in
	"$violation") echo $(($(connects) / 2)) ;;
	"$missing") requests ;;
	*) connects ;;
	esac
}
tried() {
	[ "$(tries "$1")" -ge "$2" ]
}
milliseconds() {
	sed 's/\.\([0-9]*\) .*/\10/' /proc/uptime
}
# fail CASE WORDS URL [VARIABLE=VALUE...]: both programs say the words once, and
# their first five tries take longer than the shortest four pauses, 800 ms.
fail() {
	fail_case=$1
	fail_words=$2
	fail_url=$3
	shift 3
	for program in rlogship rlogfetch; do
		before=$(tries "$fail_words")
		: >rlogfetch.out
		began=$(milliseconds)
		# shellcheck disable=SC2046 # words
		spawn env "$@" $program $(arguments $program "$fail_url") \
			>"$program.out" 2>"$program.err"
		ok "$program tries again: $fail_case" \
			wait_for 60 tried "$fail_words" $((before + 5))
		ok "$program does not spin: $fail_case" \
			test $(($(milliseconds) - began)) -ge 790
		kill "$spawned"
		wait "$spawned"
		is "$program ends at TERM: $fail_case" $? 0
		is "$program says what is wrong, once: $fail_case" \
			"$(sed "s/^$program: warning: unable to .* RLOG[^:]*: //" \
				$program.err)" "$fail_words; trying again"
		is "rlogfetch has nothing: $fail_case" "$(cat rlogfetch.out)" ''
	done
}
# refuse WORDS VARIABLE=VALUE...: both programs end, and connect to nobody.
refuse() {
	refuse_words=$1
	shift
	before=$(connects)
	for program in rlogship rlogfetch; do
		# shellcheck disable=SC2046 # words
		env "$@" timeout 60 $program \
			$(arguments $program "nats://$nats") \
			>"$program.out" 2>"$program.err"
		is "$program refuses it: $refuse_words" \
			"$? $(cat $program.err)" \
			"100 $program: fatal: $refuse_words"
	done
	is "nobody connects: $refuse_words" "$(connects)" "$before"
}

use_certificate good
CAFILE=$T/ca.pem NATS_USERFILE='' nats_stream RLOG 'rlog.>'
is 'the right authority' "$(open_with CAFILE=ca.pem)" 'open: room 1047912'
is 'an address in the certificate' "$(host=127.0.0.1 \
	open_with CAFILE=ca.pem)" 'open: room 1047912'
is 'the wrong authority' "$(open_with CAFILE=other.pem)" \
	'fault: the TLS handshake failed: SSL handshake error: 20:unable to get local issuer certificate:depth=0:cert=/CN=good:issuer=/CN=ca'
is 'an authority of the system' "$(open_with SSL_CERT_FILE=ca.pem)" \
	'open: room 1047912'
is 'those of the system are not trusted beside CAFILE' \
	"$(open_with CAFILE=other.pem SSL_CERT_FILE=ca.pem | cut -d: -f1-4)" \
	'fault: the TLS handshake failed: SSL handshake error: 20'
is 'no authority that knows the certificate' \
	"$(open_with SSL_CERT_FILE=other.pem | cut -d: -f1-4)" \
	'fault: the TLS handshake failed: SSL handshake error: 20'
fail 'the wrong authority' \
	'the TLS handshake failed: SSL handshake error: 20:unable to get local issuer certificate:depth=0:cert=/CN=good:issuer=/CN=ca' \
	"natss://localhost:$port" CAFILE=other.pem
echo junk >junk.pem
is 'a CAFILE without certificates' "$(open_with CAFILE=junk.pem |
	cut -d: -f1-2)" 'fault: unusable certificate or key'
export CAFILE="$T"/ca.pem
is 'batches are stored and read with TLS' "$(answer \
	"natss://localhost:$port/RLOG/rlog.a" open 'burst 500 20000' \
	'feed 0' 'take all-count')" 'took 500 messages, 10000000 bytes'
carry 'the right authority' "natss://localhost:$port" CAFILE=ca.pem
is 'a server that wants TLS gets it from nats://, too' \
	"$(answer "nats://localhost:$port/RLOG/rlog.a" open)" \
	'fault: the TLS handshake failed: the server demands TLS: begin the url with natss://'
nats_kill 1

use_certificate named
is 'a certificate of another name' "$(open_with)" \
	'fault: the TLS handshake failed: SSL handshake error: 62:hostname mismatch:expected=localhost:cert=/CN=named'
fail 'a certificate of another name' \
	'the TLS handshake failed: SSL handshake error: 62:hostname mismatch:expected=localhost:cert=/CN=named' \
	"natss://localhost:$port"
nats_kill 1
use_certificate expired
is 'a certificate that has expired' "$(open_with | cut -d: -f1-5)" \
	'fault: the TLS handshake failed: SSL handshake error: 10:certificate has expired'
fail 'a certificate that has expired' \
	"the TLS handshake failed: SSL handshake error: 10:certificate has \
expired:depth=0:cert=/CN=expired:issuer=/CN=ca" "natss://localhost:$port"
nats_kill 1

use_certificate good "ca_file: \"$T/ca.pem\", verify: true"
CERTFILE=$T/chain.pem KEYFILE=$T/client.key \
	nats_stream RLOG 'rlog.>'
is 'our certificate, and the one between it and the authority' \
	"$(open_with CERTFILE=chain.pem KEYFILE=client.key)" \
	'open: room 1047912'
carry 'our certificate' "natss://localhost:$port" CERTFILE=chain.pem \
	KEYFILE=client.key
is 'our certificate alone, which the server cannot trace' \
	"$(open_with CERTFILE=client.pem KEYFILE=client.key | cut -d: -f1)" \
	'fault'
is 'none, where the server wants one' "$(open_with)" \
	'fault: the TLS handshake failed: the server closes the session: it wants another certificate of ours, or one at all'
is 'one of another authority' "$(open_with CERTFILE=stranger.pem \
	KEYFILE=stranger.key | cut -d: -f1-2)" \
	'fault: the TLS handshake failed'
is 'a key that is not that of the certificate' "$(open_with \
	CERTFILE=client.pem KEYFILE=stranger.key | cut -d: -f1-2)" \
	'fault: unusable certificate or key'
chmod 644 client.key
is 'a key that others may read' "$(open_with CERTFILE=chain.pem \
	KEYFILE=client.key)" 'client.key (KEYFILE): others may read it'
refuse 'client.key (KEYFILE): others may read it' CERTFILE=chain.pem \
	KEYFILE=client.key
nats_kill 1

"$top/tests/tools/nats-users.py"
nats_run 1 "authorization { users = [
	{ nkey: $(cat nkey.pub), permissions: { publish: { deny: \"rlog.no\" } } }
	{ user: admin, password: secret } ] }"
port=$(cat "$T/nats/1/port")
is 'a server without TLS gets nothing from natss://' "$(open_with)" \
	'fault: the server does not speak TLS: Secure Connection not available'
unset CAFILE
echo 'admin secret' >admin.user
NATS_USERFILE=admin.user nats_stream RLOG 'rlog.>'
export NATS_NKEY=nkey
is 'a user with an NKEY' "$(answer "nats://$nats/RLOG/rlog.a" open \
	'send a 500 9')" 'sent 502'
is 'a subject that this user may not publish to' "$(sh -c '
	printf "%s\n" open "send b - 9 rlog.no" |
	timeout -k 1 600 "$0" -t 3000 "$1"' "$tools/nats-client" \
	"nats://$nats/RLOG/rlog.a" | tail -n 1 | cut -d: -f1-2)" \
	'fault: the user may not do this'
is 'a user whom the server does not know' "$(NATS_NKEY=other.nkey \
	answer "nats://$nats/RLOG/rlog.a" open)" \
	'fault: the server refuses the user: Authorization Violation'
carry 'a user with an NKEY' "nats://$nats" NATS_NKEY=nkey
fail 'a user whom the server does not know' "$violation" "nats://$nats" \
	NATS_NKEY=other.nkey
cp nkey open.nkey
chmod 644 open.nkey
refuse 'open.nkey (NATS_NKEY): others may read it' NATS_NKEY=open.nkey
is 'no user' "$(NATS_NKEY='' answer "nats://$nats/RLOG/rlog.a" open)" \
	'fault: the server refuses the user: Authorization Violation'
nats_kill 1
unset NATS_NKEY

nats_run 1 "$(cat operator.conf)"
is 'credentials: the user is let in' "$(NATS_CREDS=creds \
	answer "nats://$nats/RLOG/rlog.a" open)" \
	'fault: there is no such stream: there is no such stream'
is 'credentials of another account' "$(NATS_CREDS=other.creds \
	answer "nats://$nats/RLOG/rlog.a" open)" \
	'fault: the server refuses the user: Authorization Violation'
fail 'credentials: the user is let in' "$missing" "nats://$nats" \
	NATS_CREDS=creds
fail 'credentials of another account' "$violation" "nats://$nats" \
	NATS_CREDS=other.creds
"$top/tests/tools/creds-api.py" creds "$nats" STREAM.CREATE.RLOG '{
	"name":"RLOG","subjects":["rlog.>"],"storage":"file",
	"retention":"limits","num_replicas":1}' >answer
is 'credentials: there is a stream' "$?" 0
carry 'credentials' "nats://$nats" NATS_CREDS=creds
cp creds open.creds
chmod 644 open.creds
refuse 'open.creds (NATS_CREDS): others may read it' NATS_CREDS=open.creds
done_testing
