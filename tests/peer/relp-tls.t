#!/bin/sh
# relps://: messages reach rsyslog, and no byte of them a server whose certificate
# has another name, another authority, an end in the past, or that has no TLS.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/rsyslog.sh"

# Without OpenSSL the programs are built all the same.
env -u MAKEFLAGS -u MFLAGS make -s -C "$top" BUILD="$T/without" OPENSSL= \
	OPENSSL_LIBS= "$T/without/tests/tools/relp-send" >make.log 2>&1 ||
	sed 's/^/# /' make.log
is "a program without OpenSSL says so" "$(echo |
	"$T/without/tests/tools/relp-send" relps://localhost:1 | head -n 1)" \
	"this program was built without a library that it needs: OpenSSL, for relps://, 0"
if ! ldd "$tools/relp-send" | grep -q libssl; then
	skip 'relp-send is built without OpenSSL' 1
	done_testing
fi

# authority NAME: makes NAME.pem and NAME.key.
authority() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout "$1.key" -out "$1.pem" -days 2 -subj "/CN=$1" \
		2>>openssl.log
}
# certificate NAME AUTHORITY ALTERNATIVES [DAYS]: makes NAME.pem and NAME.key.
certificate() {
	printf 'subjectAltName=%s\n' "$3" >extensions
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout "$1.key" -out "$1.csr" -subj "/CN=localhost" \
		2>>openssl.log &&
		openssl x509 -req -in "$1.csr" -CA "$2.pem" -CAkey "$2.key" \
			-CAcreateserial -days "${4:-2}" -extfile extensions \
			-out "$1.pem" 2>>openssl.log
}
authority ours
authority other
certificate good ours DNS:localhost,IP:127.0.0.1
certificate misnamed ours DNS:example.org
certificate foreign other DNS:localhost
certificate client ours DNS:mx1.example.org
certificate stranger other DNS:mx1.example.org
echo subjectAltName=DNS:localhost >extensions
faketime -f -10d openssl x509 -req -in good.csr -CA ours.pem -CAkey ours.key \
	-CAcreateserial -days 2 -extfile extensions -out expired.pem 2>>openssl.log
cp good.key expired.key
export CAFILE=ours.pem

mkfifo input
# send_to HOST:PORT: prints the first fault, or the number of messages sent.
send_to() {
	seq 20 | "$tools/relp-send" "relps://$1" 3000 2>&1 | head -n 1
}
# tls_server NAME [OPTION...]: a server of TLS that keeps what it reads.
tls_server() {
	name=$1
	shift
	: >got
	tls_port=$(free_port)
	# It ends at the end of its input.
	spawn sh -c 'exec "$@" 0<>input' - openssl s_server -quiet -accept "127.0.0.1:$tls_port" \
		-cert "$name.pem" -key "$name.key" "$@" >got 2>>openssl.log
	wait_for 20 listening "$tls_port"
}
# refuses WHAT NAME WORDS [OPTION...]
refuses() {
	what=$1 words=$3
	server=$2
	shift 3
	tls_server "$server" "$@"
	is "$what" "$(send_to "localhost:$tls_port")" "$words"
	is "$what: nothing is sent" "$(wc -c <got)" 0
}
bad='the TLS handshake failed'
refuses "a certificate of another host" misnamed "$bad: hostname mismatch, 0"
refuses "a certificate of another authority" foreign \
	"$bad: unable to get local issuer certificate, 0"
refuses "a certificate that has expired" expired \
	"$bad: certificate has expired, 0"
refuses "a server without a certificate" good \
	"$bad: handshake of TLS: sslv3 alert handshake failure, 0" \
	-nocert -tls1_2 -cipher ADH:@SECLEVEL=0
refuses "TLS 1.1" good "$bad: handshake of TLS: tlsv1 alert protocol version, 0" \
	-tls1_1 -cipher ALL:@SECLEVEL=0
tls_server good
alien="$bad: unable to get local issuer certificate, 0"
is "an authority that the system does not trust" \
	"$(CAFILE='' send_to "localhost:$tls_port")" "$alien"
is "one that it trusts, beside CAFILE" \
	"$(CAFILE=other.pem SSL_CERT_FILE=ours.pem \
		send_to "localhost:$tls_port")" "$alien"
is "nothing is sent to these" "$(wc -c <got)" 0
CAFILE='' SSL_CERT_FILE=ours.pem send_to "localhost:$tls_port" >answer
ok "without CAFILE, one that the system trusts" grep -q open got
echo junk >junk.pem
is "CAFILE without a certificate" \
	"$(CAFILE=junk.pem send_to "localhost:$tls_port")" \
	"unusable certificate or key: no authority can be read from CAFILE, 0"
echo junk >junk.key
chmod 600 junk.key
for key in junk.key client.key; do
	is "$key is no key of CERTFILE" "$(CERTFILE=good.pem KEYFILE=$key \
		send_to "localhost:$tls_port" | sed 's/certificate: .*/certificate/')" \
		"unusable certificate or key: KEYFILE has no key of CERTFILE's first certificate"
done

# Servers without TLS.
printf '%s\n' 'say:220_smtp.example.org\n hang' >script
echo 'open all' >script2
for n in '' 2; do
	: >log
	spawn perl "$top/tests/tools/relp-peer.pl" "script$n" log >"port$n" \
		2>peer.log
	wait_for 20 test -s "port$n"
done
is "a server that greets in clear text" \
	"$(send_to "localhost:$(cat port)")" \
	"the server does not speak TLS: the server does not speak TLS, 0"
is "a server of RELP without TLS" "$(send_to "localhost:$(cat port2)")" \
	"the server does not speak TLS: the server ends the handshake of TLS, 0"
is "that gets no message" "$(grep -vc connect log)" 0

needs_rsyslog
cat >tls.conf <<CONF
global(workDirectory="$T/work")
module(load="imrelp")
input(type="imrelp" port="$rsyslog_port" address="127.0.0.1" tls="on"
	tls.cacert="$T/ours.pem" tls.mycert="$T/good.pem"
	tls.myprivkey="$T/good.key" tls.authmode="name"
	tls.permittedpeer=["mx1.example.org"])
action(type="omfile" file="$T/stored" template="RSYSLOG_SyslogProtocol23Format")
CONF
rsyslog_start tls.conf
broke='the connection broke: the connection broke, 0'
is "rsyslog refuses a client without a certificate" \
	"$(send_to "localhost:$rsyslog_port")" "$broke"
is "and one with a certificate of another authority" \
	"$(CERTFILE=stranger.pem KEYFILE=stranger.key \
		send_to "localhost:$rsyslog_port")" "$broke"
export CERTFILE=client.pem KEYFILE=client.key
is "it takes messages of a client with a good one" \
	"$(send_to "localhost:$rsyslog_port")" "sent 20"
is "also by its address" "$(send_to "127.0.0.1:$rsyslog_port")" "sent 20"
perl -e 'print "x" x ($_ * 37 % 9000), "\n" for 1 .. 3000' >lines
"$tools/relp-send" "relps://localhost:$rsyslog_port" <lines >sent
ok "many messages of all lengths" grep -q '^sent [34][0-9]*$' sent
more=$(sed 's/sent //' sent)
ok "are stored" wait_for 60 sh -c \
	"test \"\$(wc -l <stored)\" -ge $((more + 40))"
is "rsyslog has stored nothing of these clients" \
	"$(grep -c . stored)" $((more + 40))
is "no byte is missing" "$(tail -n "$more" stored | sed 's/^[^]]*\] \{0,1\}//' |
	tr -d '\n' | cksum)" "$(tr -d '\n' <lines | cksum)"
is "a client without TLS gets no further" "$(seq 3 |
	"$tools/relp-send" "relp://localhost:$rsyslog_port" 3000 | head -n 1)" "$broke"
done_testing
