# shellcheck shell=sh
# For tests with TLS. Source it after tests/lib.sh.
#
#   make_certificate NAME    makes cert.pem and key.pem in $T for the host NAME
: "${T:?}"

# A server that gives up its rights must read the key, too.
make_certificate() {
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$T/key.pem" \
		-out "$T/cert.pem" -days 2 -subj "/CN=$1" \
		-addext "subjectAltName=DNS:$1" 2>"$T/openssl.log" ||
		sed 's/^/# /' "$T/openssl.log"
	chmod 644 "$T/key.pem"
}
