#!/bin/sh
# The companion for TLS calls the library that a call is meant for, whatever its
# version. Debian 12 has one version of OpenSSL, so here the libraries are mocks:
# they have the functions and the names of OpenSSL's, and pass bytes on as they
# are. Each has its own random and version, which the packets show.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/companion.sh"

cat >mock.c <<'C'
#define _GNU_SOURCE
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/types.h>

struct ssl { int fd, finished; };
typedef struct ssl SSL;
static int marks;

SSL *SSL_new(int *fd)
{
	SSL *ssl = calloc(1, sizeof *ssl);
	ssl->fd = *fd;
	return ssl;
}
int SSL_do_handshake(SSL *s) { s->finished = 1; return 1; }
int SSL_accept(SSL *s) { return SSL_do_handshake(s); }
int SSL_connect(SSL *s) { return SSL_do_handshake(s); }
int SSL_read(SSL *s, void *p, int n) { return (int)read(s->fd, p, n); }
int SSL_write(SSL *s, const void *p, int n) { return (int)write(s->fd, p, n); }
/* The library calls itself, through the dynamic linker. */
int SSL_write_ex(SSL *s, const void *p, size_t n, size_t *got)
{
	int result = SSL_write(s, p, (int)n);
	*got = result > 0 ? result : 0;
	return result > 0;
}
int SSL_read_early_data(SSL *s, void *p, size_t n, size_t *got)
{
	ssize_t result = read(s->fd, p, n);
	*got = result > 0 ? result : 0;
	return result > 0;
}
int SSL_write_early_data(SSL *s, const void *p, size_t n, size_t *got)
{
	ssize_t result = write(s->fd, p, n);
	*got = result > 0 ? result : 0;
	return result > 0;
}
ssize_t SSL_sendfile(SSL *s, int fd, off_t offset, size_t n, int flags)
{
	char text[1000];
	ssize_t got = pread(fd, text, n / 2, offset);
	return flags == 0 && got > 0 ? write(s->fd, text, got) : -1;
}
#ifndef LACKING
size_t SSL_get_client_random(const SSL *s, uint8_t *p, size_t n)
{
	memset(p, RANDOM, n);
	return n;
}
#endif
int SSL_get_rfd(const SSL *s) { return s->fd; }
int SSL_get_wfd(const SSL *s) { return s->fd; }
int SSL_is_server(const SSL *s) { return 1; }
int SSL_is_init_finished(const SSL *s) { return s->finished; }
const char *SSL_get_version(const SSL *s) { return VERSION; }
const void *SSL_get_current_cipher(const SSL *s) { return s; }
const char *SSL_CIPHER_get_name(const void *c) { return "CIPHER"; }
const char *SSL_get_servername(const SSL *s, int type) { return NULL; }
#ifdef OLD /* 1.1 has this name */
void *SSL_get_peer_certificate(const SSL *s) { return (void *)s; }
#else
void *SSL_get1_peer_certificate(const SSL *s) { return (void *)s; }
#endif
void X509_free(void *x) { errno = 77; }
void *X509_get_subject_name(void *x) { return x; }
int X509_NAME_print_ex(void *b, void *n, int i, unsigned long f) { return 1; }
const void *BIO_s_mem(void) { return ""; }
void *BIO_new(const void *m) { return (void *)m; }
int BIO_read(void *b, void *p, int n)
{
	memcpy(p, "CN=mock", 7);
	return 7;
}
int BIO_free(void *b) { return 1; }
int ERR_set_mark(void) { return ++marks; }
int ERR_pop_to_mark(void) { return --marks; }
int ERR_marks(void) { return marks; }
C
# A server: it answers as often as there are lines, and "errno" if that changes.
cat >server.c <<'C'
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>
void *SSL_new(int *);
int SSL_accept(void *), SSL_read(void *, void *, int), ERR_marks(void);
int SSL_write(void *, const void *, int);
int SSL_write_ex(void *, const void *, size_t, size_t *);
int SSL_read_early_data(void *, void *, size_t, size_t *);
int SSL_write_early_data(void *, const void *, size_t, size_t *);
ssize_t SSL_sendfile(void *, int, off_t, size_t, int);
int NAME(int fd, const char *file);
int NAME(int fd, const char *file)
{
	char line[100];
	size_t sent;
	FILE *f = file ? fopen(file, "r") : NULL;
	void *ssl = SSL_new(&fd);
	int n;

	errno = 42;
#ifdef EARLY
	if (SSL_read_early_data(ssl, line, sizeof line, &sent) != 1 ||
	    SSL_write_early_data(ssl, "got ", 4, &sent) != 1 ||
	    SSL_write_ex(ssl, line, 6, &sent) != 1)
		return 6;
#endif
	if (SSL_accept(ssl) != 1)
		return 1;
	while ((n = SSL_read(ssl, line, sizeof line)) > 0) {
		if (SSL_write(ssl, "got ", 4) != 4 ||
		    SSL_write_ex(ssl, line, n, &sent) != 1)
			return 2;
		if (memcmp(line, "quit", 4) == 0)
			break;
		if (f && SSL_sendfile(ssl, fileno(f), 2, 12, 0) != 6)
			return 3;
	}
	return errno == 42 && ERR_marks() == 0 ? 0 : 4;
}
C
cat >main.c <<'C'
#include <dlfcn.h>
#include <stdio.h>
int serve(int fd, const char *file);
int main(int argc, char **argv)
{
	void *plugin = argc > 2 ? dlopen(argv[2], RTLD_NOW | RTLD_LOCAL) : NULL;
	int (*other)(int, const char *);
	int status = serve(0, argv[1][0] ? argv[1] : NULL);

	if (argc < 3 || status)
		return status;
	if (!plugin) {
		fprintf(stderr, "%s\n", dlerror());
		return 5;
	}
	*(void **)&other = dlsym(plugin, "other");
	status = other(0, NULL);
	return status ? status : serve(0, NULL);
}
C

# library DIR SONAME VERSION RANDOM [OPTION...]: makes a mock.
library() {
	dir=$1 soname=$2 version=$3 random=$4
	shift 4
	mkdir -p "$dir"
	"$compiler" -w -shared -fPIC -DVERSION="\"$version\"" \
		-DRANDOM="'$random'" "$@" -Wl,-soname,"$soname" \
		-o "$dir/$soname" mock.c
}
# server NAME PROGRAM LIBRARY [OPTION...]: compiles a server for the library.
server() {
	name=$1 program=$2 needs=$3
	shift 3
	"$compiler" -w -DNAME="$name" "$@" -o "$program" server.c "$needs" \
		-Wl,-rpath,"${needs%/*}" -ldl
}
# told DESCRIPTION: passes if the packets are those in the file want.
told() {
	cut -d ' ' -f 1,3- packets | grep -v '^loaded' >got
	is "$1: the program ended well" "$(cat status)" 0
	same "$1" got want
}
# mock COMMAND...: runs it on a session that says hello and quit.
mock() {
	rm -f packets*
	timeout 300 python3 - "$reader" packets "$object" "$@" <<-'S' >said 2>&1
		import socket, subprocess, sys
		a, b = socket.socketpair()
		p = subprocess.Popen(sys.argv[1:], stdin=b, stdout=b)
		b.close()
		f = a.makefile('rwb')
		for line in [b'hello\n', b'quit\n'] * 3:
		    try:
		        f.write(line)
		        f.flush()
		        f.readline()
		    except OSError:
		        break
		a.close()
		open('status', 'w').write(str(p.wait()) + '\n')
	S
}

# packets_of RANDOM VERSION [FILE]: the packets of one session.
packets_of() {
	hex=$(printf '%s' "$1$1$1$1" | od -An -tx1 | tr -d ' ')
	printf '%s\n' "hello $hex $2\\00CIPHER\\00\\00CN=mock\\00" \
		"< $hex hello\\n" "> $hex got " "> $hex hello\\n"
	[ $# -lt 3 ] || printf '%s\n' "> $hex $3"
	printf '%s\n' "< $hex quit\\n" "> $hex got " "> $hex quit\\n"
}

echo ABCDEFGHIJKLMNOP >file
compiler=gcc
library three libssl.so.3 NEW 3
library old libssl.so.1.1 OLD 1 -DOLD
library odd libssl.so.99 ODD 9
for kind in three/libssl.so.3:3:NEW old/libssl.so.1.1:1:OLD \
	odd/libssl.so.99:9:ODD; do
	IFS=: read -r library random version <<-S
		$kind
	S
	soname=${library#*/}
	server serve "linked-$soname" "./$library" main.c
	server other "plugin-$soname" "./$library" -shared -fPIC
	mock "./linked-$soname" file
	packets_of "$random" "$version" CDEFGH >want
	told "linked with $soname"
done
for kind in 3:1.1:NEW:1:OLD 1.1:3:OLD:3:NEW 3:99:NEW:9:ODD; do
	IFS=: read -r first second version random2 version2 <<-S
		$kind
	S
	random=$(echo "$first" | cut -c 1)
	mock "./linked-libssl.so.$first" '' "./plugin-libssl.so.$second"
	{
		packets_of "$random" "$version"
		packets_of "$random2" "$version2"
		packets_of "$random" "$version"
	} >want
	told "linked with libssl.so.$first, libssl.so.$second loaded later"
done

server serve linked-early ./three/libssl.so.3 main.c -DEARLY
mock ./linked-early ''
packets_of 3 NEW >want
told "early data"

library lacks libssl.so.3 LACKS 5 -DLACKING
server serve linked-lacks ./lacks/libssl.so.3 main.c
mock ./linked-lacks ''
echo 'trouble 00000000 libssl.so.3 lacks SSL_get_client_random' >want
told "a library in which a function lacks"

if compiler=musl-gcc && library musl libssl.so.3 MUSL 7 2>/dev/null; then
	library muslold libssl.so.1.1 MUSLOLD 8 -DOLD
	server serve linked-musl ./musl/libssl.so.3 main.c
	server other plugin-musl ./muslold/libssl.so.1.1 -shared -fPIC
	mock ./linked-musl file
	packets_of 7 MUSL CDEFGH >want
	told "another libc"
	mock ./linked-musl '' ./plugin-musl
	{
		packets_of 7 MUSL
		packets_of 8 MUSLOLD
		packets_of 7 MUSL
	} >want
	told "another libc, a second library loaded later"
else
	skip "musl-gcc is needed for another libc" 4
fi
done_testing
