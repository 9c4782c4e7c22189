/*
 * TLS for the tools that play sessions: by OpenSSL on descriptors, blocking or
 * not, or between buffers of its own (memory BIOs), or by GnuTLS in the same
 * ways.  Each call waits until it has done its work.
 */
#ifndef TLS_WAYS_H
#define TLS_WAYS_H

#include <errno.h>
#include <fcntl.h>
#include <gnutls/gnutls.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum way {
	OPENSSL_BLOCKING,
	OPENSSL_NONBLOCKING,
	OPENSSL_BUFFERS,
	GNUTLS_BLOCKING,
	GNUTLS_NONBLOCKING,
	GNUTLS_BUFFERS,
	WAYS,
	NO_TLS = WAYS
};

enum { CLOSED = 0, CUT = -1, BLOCK = 70000 };

struct tls {
	enum way way;
	bool is_server, is_old;
	int in, out;
	uint64_t random; /* for sizes, and ways to call the library */
	SSL *ssl;
	gnutls_session_t gnutls;
};

static uint64_t mix(uint64_t x)
{
	x += UINT64_C(0x9e3779b97f4a7c15);
	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

static uint64_t below(uint64_t *random, uint64_t limit)
{
	return (*random = mix(*random)) % limit;
}

static void fail(const char *what)
{
	fprintf(stderr, "tls: %s failed: %s\n", what, strerror(errno));
	ERR_print_errors_fp(stderr);
	exit(111);
}

static void await(int fd, short events)
{
	struct pollfd x = {fd, events, 0};

	if (poll(&x, 1, 300000) == 0)
		fail("to get anything in 5 minutes");
}

/* OpenSSL */

/* The ciphertext that waits in the memory BIO goes out. */
static bool flush_buffer(struct tls *tls)
{
	char buf[16384];
	int n;

	while ((n = BIO_read(SSL_get_wbio(tls->ssl), buf, sizeof buf)) > 0)
		for (int at = 0; at < n;) {
			ssize_t w = write(tls->out, buf + at, (size_t)(n - at));

			if (w < 0)
				return false;
			at += (int)w;
		}
	return true;
}

/* Ciphertext for the memory BIO, or the end of it. */
static bool fill_buffer(struct tls *tls)
{
	char buf[16384];
	size_t most = 1 + below(&tls->random, sizeof buf);
	ssize_t n = read(tls->in, buf, most);

	if (n <= 0)
		return false;
	return BIO_write(SSL_get_rbio(tls->ssl), buf, (int)n) == n;
}

/* True if the call that returned r is to be made again, now that it can be. */
static bool retry_openssl(struct tls *tls, int r)
{
	int e = SSL_get_error(tls->ssl, r);
	bool flushed = tls->way != OPENSSL_BUFFERS || flush_buffer(tls);

	ERR_clear_error();
	if (e != SSL_ERROR_WANT_READ && e != SSL_ERROR_WANT_WRITE)
		return false;
	if (tls->way == OPENSSL_BUFFERS)
		return flushed &&
		       (e == SSL_ERROR_WANT_WRITE || fill_buffer(tls));
	await(e == SSL_ERROR_WANT_READ ? tls->in : tls->out,
	      e == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT);
	return true;
}

static ssize_t read_openssl(struct tls *tls, void *buf, size_t size)
{
	size_t n = 0;
	int r;

	do
		if (tls->way == OPENSSL_NONBLOCKING)
			r = SSL_read_ex(tls->ssl, buf, size, &n);
		else
			n = (size_t)(r = SSL_read(tls->ssl, buf, (int)size));
	while (r <= 0 && retry_openssl(tls, r));
	if (r > 0)
		return (ssize_t)n;
	return SSL_get_shutdown(tls->ssl) & SSL_RECEIVED_SHUTDOWN ? CLOSED
								  : CUT;
}

static ssize_t write_openssl(struct tls *tls, const void *buf, size_t size)
{
	size_t n = 0;
	int r;

	do
		if (tls->way == OPENSSL_NONBLOCKING)
			r = SSL_write_ex(tls->ssl, buf, size, &n);
		else
			n = (size_t)(r = SSL_write(tls->ssl, buf, (int)size));
	while (r <= 0 && retry_openssl(tls, r));
	if (r > 0 && tls->way == OPENSSL_BUFFERS && !flush_buffer(tls))
		return CUT;
	return r > 0 ? (ssize_t)n : CUT;
}

static bool start_openssl(struct tls *tls, const char *cert)
{
	SSL_CTX *ctx = SSL_CTX_new(tls->is_server ? TLS_server_method()
						  : TLS_client_method());
	static unsigned char keys[80] = "not secret";
	int r;

	if (!ctx)
		fail("SSL_CTX_new");
	if (tls->is_server &&
	    (SSL_CTX_use_certificate_chain_file(ctx, cert) <= 0 ||
	     SSL_CTX_use_PrivateKey_file(ctx, cert, SSL_FILETYPE_PEM) <= 0))
		fail("to load CERT");
	if (tls->is_old)
		SSL_CTX_set_max_proto_version(ctx, TLS1_2_VERSION);
	/* Every process takes the tickets of the others. */
	SSL_CTX_set_tlsext_ticket_keys(ctx, keys, sizeof keys);
	SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE);
	tls->ssl = SSL_new(ctx);
	SSL_CTX_free(ctx);
	if (tls->way == OPENSSL_BUFFERS) {
		SSL_set_bio(tls->ssl, BIO_new(BIO_s_mem()),
			    BIO_new(BIO_s_mem()));
	} else {
		SSL_set_rfd(tls->ssl, tls->in);
		SSL_set_wfd(tls->ssl, tls->out);
	}
	do
		r = tls->is_server ? SSL_accept(tls->ssl)
				   : SSL_connect(tls->ssl);
	while (r <= 0 && retry_openssl(tls, r));
	return r > 0 && (tls->way != OPENSSL_BUFFERS || flush_buffer(tls));
}

static void close_openssl(struct tls *tls)
{
	int r;

	do
		r = SSL_shutdown(tls->ssl);
	while (r < 0 && retry_openssl(tls, r));
	if (tls->way == OPENSSL_BUFFERS)
		flush_buffer(tls);
}

/* GnuTLS */

static ssize_t pull(gnutls_transport_ptr_t tls, void *buf, size_t size)
{
	return read(((struct tls *)tls)->in, buf, size);
}

static ssize_t push(gnutls_transport_ptr_t tls, const void *buf, size_t size)
{
	return write(((struct tls *)tls)->out, buf, size);
}

static bool retry_gnutls(struct tls *tls, ssize_t r)
{
	int writes = gnutls_record_get_direction(tls->gnutls);

	if (gnutls_error_is_fatal((int)r))
		return false;
	if (r == GNUTLS_E_AGAIN)
		await(writes ? tls->out : tls->in, writes ? POLLOUT : POLLIN);
	return true;
}

static ssize_t read_gnutls(struct tls *tls, void *buf, size_t size)
{
	unsigned char number[8];
	ssize_t r;

	do
		r = below(&tls->random, 4)
			? gnutls_record_recv(tls->gnutls, buf, size)
			: gnutls_record_recv_seq(tls->gnutls, buf, size,
						 number);
	while (r < 0 && retry_gnutls(tls, r));
	return r < 0 ? CUT : r;
}

static ssize_t write_corked(struct tls *tls, const void *buf, size_t size)
{
	ssize_t r;

	gnutls_record_cork(tls->gnutls);
	r = gnutls_record_send(tls->gnutls, buf, size);
	if (r < 0)
		return CUT;
	return gnutls_record_uncork(tls->gnutls, GNUTLS_RECORD_WAIT) < 0 ? CUT
									 : r;
}

static ssize_t write_gnutls(struct tls *tls, const void *buf, size_t size)
{
	bool again = below(&tls->random, 2);
	ssize_t r;

	if (size && below(&tls->random, 8) == 0)
		return write_corked(tls, buf, size);
	r = gnutls_record_send(tls->gnutls, buf, size);
	while (r < 0 && retry_gnutls(tls, r))
		r = gnutls_record_send(tls->gnutls, again ? buf : NULL,
				       again ? size : 0);
	return r < 0 ? CUT : r;
}

static bool start_gnutls(struct tls *tls, const char *cert)
{
	gnutls_certificate_credentials_t known;
	unsigned int flags = tls->is_server ? GNUTLS_SERVER : GNUTLS_CLIENT;
	ssize_t r;

	gnutls_certificate_allocate_credentials(&known);
	if (tls->is_server && gnutls_certificate_set_x509_key_file(
				  known, cert, cert, GNUTLS_X509_FMT_PEM) < 0)
		fail("to load CERT");
	if (tls->way == GNUTLS_NONBLOCKING)
		flags |= GNUTLS_NONBLOCK;
	gnutls_init(&tls->gnutls, flags);
	gnutls_priority_set_direct(
	    tls->gnutls, tls->is_old ? "NORMAL:-VERS-TLS1.3" : "NORMAL", NULL);
	gnutls_credentials_set(tls->gnutls, GNUTLS_CRD_CERTIFICATE, known);
	if (tls->way == GNUTLS_BUFFERS) {
		gnutls_transport_set_ptr(tls->gnutls, tls);
		gnutls_transport_set_pull_function(tls->gnutls, pull);
		gnutls_transport_set_push_function(tls->gnutls, push);
		gnutls_transport_set_pull_timeout_function(
		    tls->gnutls, gnutls_system_recv_timeout);
	} else {
		gnutls_transport_set_int2(tls->gnutls, tls->in, tls->out);
	}
	do
		r = gnutls_handshake(tls->gnutls);
	while (r < 0 && retry_gnutls(tls, r));
	return r >= 0;
}

static void close_gnutls(struct tls *tls)
{
	ssize_t r;

	do
		r = gnutls_bye(tls->gnutls, GNUTLS_SHUT_WR);
	while (r < 0 && retry_gnutls(tls, r));
}

/* Any of them */

static bool is_openssl(const struct tls *tls)
{
	return tls->way <= OPENSSL_BUFFERS;
}

static bool start_tls(struct tls *tls)
{
	const char *cert = getenv("CERT");

	if (tls->way == NO_TLS)
		return true;
	if (tls->way == OPENSSL_NONBLOCKING || tls->way == GNUTLS_NONBLOCKING) {
		fcntl(tls->in, F_SETFL, fcntl(tls->in, F_GETFL) | O_NONBLOCK);
		fcntl(tls->out, F_SETFL, fcntl(tls->out, F_GETFL) | O_NONBLOCK);
	}
	return is_openssl(tls) ? start_openssl(tls, cert)
			       : start_gnutls(tls, cert);
}

static ssize_t read_tls(struct tls *tls, void *buf, size_t size)
{
	if (tls->way == NO_TLS)
		return read(tls->in, buf, size);
	return is_openssl(tls) ? read_openssl(tls, buf, size)
			       : read_gnutls(tls, buf, size);
}

static ssize_t write_some(struct tls *tls, const void *buf, size_t size)
{
	if (tls->way == NO_TLS)
		return write(tls->out, buf, size);
	return is_openssl(tls) ? write_openssl(tls, buf, size)
			       : write_gnutls(tls, buf, size);
}

static bool write_tls(struct tls *tls, const void *buf, size_t size)
{
	for (size_t at = 0; at < size;) {
		ssize_t n = write_some(tls, (const char *)buf + at, size - at);

		if (n < 0)
			return false;
		at += (size_t)n;
	}
	return true;
}

static void close_tls(struct tls *tls)
{
	if (tls->way == NO_TLS) {
		shutdown(tls->out, SHUT_WR);
		return;
	}
	if (is_openssl(tls))
		close_openssl(tls);
	else
		close_gnutls(tls);
}

/* The way of a program: that of TLS_WAY (0 to 5, none), or its pid decides. */
static enum way choose_way(void)
{
	const char *way = getenv("TLS_WAY");

	if (way && strcmp(way, "none") == 0)
		return NO_TLS;
	return (enum way)((way ? atoi(way) : (int)getpid()) % WAYS);
}

/* As servers and clients do that answer line by line. No matter if it fails. */
static void send_at_once(int fd)
{
	int on = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

static int connect_to(const char *port)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
				.sin_port = htons((uint16_t)atoi(port)),
				.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (connect(fd, (struct sockaddr *)&a, sizeof a) < 0)
		fail("connect");
	send_at_once(fd);
	return fd;
}

#endif
