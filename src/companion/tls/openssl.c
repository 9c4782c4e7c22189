/*
 * Replaces the functions of OpenSSL by which clear bytes are taken and given.
 * Each calls the library's own function first, with the program's arguments,
 * and returns its result; then the bytes that it took or gave are sent.
 *
 * Bytes of early data are known as well. Bytes that a program reads twice, by
 * SSL_peek, are not, nor are those of a program that uses a TLS session as a
 * BIO, since the library calls itself then.
 *
 * The types are opaque here, so that the companion is built without OpenSSL,
 * and the functions are those of 1.1.0 and later. A program may look at the
 * queue of errors after its call, so it is left as the call left it.
 *
 * Tested by tests/sh/companion-tls.t.
 */
#include <errno.h>
#include <stdint.h>

#include "companion/tls/clear_sender.h"
#include "companion/tls/recorded_session.h"
#include "companion/tls/tls_library.h"

typedef struct ssl_st SSL;
typedef struct ssl_cipher_st SSL_CIPHER;
typedef struct x509_st X509;
typedef struct X509_name_st X509_NAME;
typedef struct bio_st BIO;
typedef struct bio_method_st BIO_METHOD;

/* The functions without which nothing is seen. */
#define REQUIRED(X)                                                        \
	X(int, SSL_read, (SSL *, void *, int))                             \
	X(int, SSL_write, (SSL *, const void *, int))                      \
	X(int, SSL_do_handshake, (SSL *))                                  \
	X(int, SSL_accept, (SSL *))                                        \
	X(int, SSL_connect, (SSL *))                                       \
	X(size_t, SSL_get_client_random, (const SSL *, uint8_t *, size_t)) \
	X(int, SSL_get_rfd, (const SSL *))                                 \
	X(int, SSL_get_wfd, (const SSL *))                                 \
	X(int, SSL_is_server, (const SSL *))                               \
	X(int, SSL_is_init_finished, (const SSL *))                        \
	X(const char *, SSL_get_version, (const SSL *))                    \
	X(const SSL_CIPHER *, SSL_get_current_cipher, (const SSL *))       \
	X(const char *, SSL_CIPHER_get_name, (const SSL_CIPHER *))         \
	X(const char *, SSL_get_servername, (const SSL *, int))            \
	X(void, X509_free, (X509 *))                                       \
	X(X509_NAME *, X509_get_subject_name, (const X509 *))              \
	X(int, X509_NAME_print_ex,                                         \
	  (BIO *, const X509_NAME *, int, unsigned long))                  \
	X(const BIO_METHOD *, BIO_s_mem, (void))                           \
	X(BIO *, BIO_new, (const BIO_METHOD *))                            \
	X(int, BIO_read, (BIO *, void *, int))                             \
	X(int, BIO_free, (BIO *))                                          \
	X(int, ERR_set_mark, (void))                                       \
	X(int, ERR_pop_to_mark, (void))

/* The functions that some versions lack. */
#define OPTIONAL(X)                                                           \
	X(int, SSL_read_ex, (SSL *, void *, size_t, size_t *))                \
	X(int, SSL_write_ex, (SSL *, const void *, size_t, size_t *))         \
	X(int, SSL_read_early_data, (SSL *, void *, size_t, size_t *))        \
	X(int, SSL_write_early_data, (SSL *, const void *, size_t, size_t *)) \
	X(ssize_t, SSL_sendfile, (SSL *, int, off_t, size_t, int))            \
	X(long, SSL_ctrl, (SSL *, int, long, void *))                         \
	X(const char *, SSL_CIPHER_standard_name, (const SSL_CIPHER *))       \
	X(X509 *, SSL_get1_peer_certificate, (const SSL *))                   \
	X(X509 *, SSL_get_peer_certificate, (const SSL *))

REQUIRED(TLS_PROTOTYPE)
OPTIONAL(TLS_PROTOTYPE)

struct openssl {
	REQUIRED(TLS_MEMBER) OPTIONAL(TLS_MEMBER)
};

static const char *const names[] = {REQUIRED(TLS_NAME) OPTIONAL(TLS_NAME)};

static const char *const sonames[] = {"libssl.so.3", "libssl.so.1.1", NULL};

static struct openssl tables[TLS_LIBRARIES];

static struct tls_kind kind = {
    .names = names,
    .functions = sizeof names / sizeof *names,
    .required = 0 REQUIRED(TLS_ONE),
    .sonames = sonames,
    .tables = tables,
};

/* The library that is meant by the caller of the function that uses this. */
#define FIND_LIBRARY() tls_library_find(&kind, __builtin_return_address(0))

enum {
	SERVER_NAME_DNS = 0,
	CTRL_TOTAL_RENEGOTIATIONS = 12,
	/* RFC 2253's form, in UTF-8. */
	NAME_FORM = 0x1110317 & ~4,
	SUBJECT_SIZE = 512,
};

/* 3.0 has one of these functions, 1.1 has the other. */
static X509 *get_certificate(const struct openssl *library, const SSL *ssl)
{
	if (library->SSL_get1_peer_certificate)
		return library->SSL_get1_peer_certificate(ssl);
	if (library->SSL_get_peer_certificate)
		return library->SSL_get_peer_certificate(ssl);
	return NULL;
}

/* Writes the subject of the certificate; nothing if it can't be known. */
static void write_openssl_subject(char text[SUBJECT_SIZE],
				  const struct openssl *library,
				  const X509 *peer)
{
	BIO *bio = library->BIO_new(library->BIO_s_mem());
	int len = 0;

	if (!bio)
		return;
	if (library->X509_NAME_print_ex(
		bio, library->X509_get_subject_name(peer), 0, NAME_FORM) > 0)
		len = library->BIO_read(bio, text, SUBJECT_SIZE - 1);
	text[len > 0 ? len : 0] = 0;
	library->BIO_free(bio);
}

static void send_openssl_hello(const struct openssl *library, const SSL *ssl,
			       const struct recorded_session *session)
{
	const SSL_CIPHER *cipher;
	struct clear_hello hello;
	char subject[SUBJECT_SIZE] = "";
	X509 *peer = NULL;

	library->ERR_set_mark();
	cipher = library->SSL_get_current_cipher(ssl);
	hello.version = library->SSL_get_version(ssl);
	hello.cipher = library->SSL_CIPHER_standard_name
			   ? library->SSL_CIPHER_standard_name(cipher)
			   : library->SSL_CIPHER_get_name(cipher);
	hello.server_name = library->SSL_get_servername(ssl, SERVER_NAME_DNS);
	if (library->SSL_is_server(ssl))
		peer = get_certificate(library, ssl);
	if (peer) {
		write_openssl_subject(subject, library, peer);
		library->X509_free(peer);
	}
	hello.client_subject = subject;
	clear_sender_hello(session, &hello);
	library->ERR_pop_to_mark();
}

/* Bytes that a call took or gave; n 0: none. */
struct passed {
	enum clear_dir dir;
	const void *data;
	size_t n;
};

/* Sets *session to that of ssl. True if its bytes are for the relay. */
static bool find_openssl_session(struct recorded_session *session,
				 const struct openssl *library, const SSL *ssl)
{
	const struct session_ends ends = {
	    library->SSL_get_rfd(ssl),
	    library->SSL_get_wfd(ssl),
	    library->SSL_is_server(ssl),
	};

	return recorded_session_match(session, &ends);
}

/*
 * Where no descriptor tells which session it is, the random must, and that of a
 * later handshake is not on the wire in the clear.
 */
static void report_renewal(const struct openssl *library, SSL *ssl,
			   const struct recorded_session *session)
{
	if (!session->by_descriptor && library->SSL_ctrl &&
	    library->SSL_ctrl(ssl, CTRL_TOTAL_RENEGOTIATIONS, 0, NULL) > 0)
		clear_sender_trouble("another handshake in the same session");
}

/*
 * Sends the hello of ssl as soon as its handshake has ended, or early data is
 * taken, and before that once that it has begun. Returns true if the session is
 * recorded.
 */
static bool greet_openssl(struct recorded_session *session,
			  const struct tls_call *call, SSL *ssl,
			  const struct passed *passed)
{
	const struct openssl *library = call->functions;

	session->object = ssl;
	if (!call->is_seen ||
	    library->SSL_get_client_random(ssl, session->random,
					   sizeof session->random) !=
		sizeof session->random)
		return false;
	if (clear_sender_has_greeted(session))
		return passed->n > 0;
	if (!find_openssl_session(session, library, ssl))
		return false;
	if (library->SSL_is_init_finished(ssl) ||
	    (passed->n > 0 && passed->dir == CLEAR_IN)) {
		report_renewal(library, ssl, session);
		send_openssl_hello(library, ssl, session);
	} else if (passed->n == 0) {
		clear_sender_begun(session);
	}
	return true;
}

/* Tells the relay about a call that has been made. Keeps errno. */
static void tell_call(const struct tls_call *call, SSL *ssl,
		      const struct passed *passed)
{
	struct recorded_session session;
	int saved = errno;

	if (passed->n == 0)
		clear_sender_settle();
	if (greet_openssl(&session, call, ssl, passed))
		clear_sender_data(&session, passed->dir, passed->data,
				  passed->n);
	errno = saved;
}

static int tell_handshake(const struct tls_call *call, SSL *ssl, int result)
{
	tell_call(call, ssl, &(struct passed){CLEAR_IN, NULL, 0});
	return result;
}

EXPORT int SSL_do_handshake(SSL *ssl)
{
	struct tls_call call = FIND_LIBRARY();
	const struct openssl *library = call.functions;

	if (!library)
		return -1;
	return tell_handshake(&call, ssl, library->SSL_do_handshake(ssl));
}

EXPORT int SSL_accept(SSL *ssl)
{
	struct tls_call call = FIND_LIBRARY();
	const struct openssl *library = call.functions;

	if (!library)
		return -1;
	return tell_handshake(&call, ssl, library->SSL_accept(ssl));
}

EXPORT int SSL_connect(SSL *ssl)
{
	struct tls_call call = FIND_LIBRARY();
	const struct openssl *library = call.functions;

	if (!library)
		return -1;
	return tell_handshake(&call, ssl, library->SSL_connect(ssl));
}

/* Tells of n bytes; a negative result means none. */
static int tell_result(const struct tls_call *call, SSL *ssl,
		       enum clear_dir dir, const void *data, int n)
{
	tell_call(call, ssl,
		  &(struct passed){dir, data, n > 0 ? (size_t)n : 0});
	return n;
}

EXPORT int SSL_read(SSL *ssl, void *data, int size)
{
	struct tls_call call = FIND_LIBRARY();
	const struct openssl *library = call.functions;

	if (!library)
		return -1;
	return tell_result(&call, ssl, CLEAR_IN, data,
			   library->SSL_read(ssl, data, size));
}

EXPORT int SSL_write(SSL *ssl, const void *data, int size)
{
	struct tls_call call = FIND_LIBRARY();
	const struct openssl *library = call.functions;

	if (!library)
		return -1;
	return tell_result(&call, ssl, CLEAR_OUT, data,
			   library->SSL_write(ssl, data, size));
}

/* Tells of *n bytes if the call has succeeded, which 1 means. */
static int tell_success(const struct tls_call *call, SSL *ssl,
			struct passed passed, const size_t *n, int result)
{
	passed.n = result == 1 ? *n : 0;
	tell_call(call, ssl, &passed);
	return result;
}

EXPORT int SSL_read_ex(SSL *ssl, void *data, size_t size, size_t *n)
{
	struct tls_call call = FIND_LIBRARY();
	const struct openssl *library = call.functions;

	if (!library || !library->SSL_read_ex)
		return 0;
	return tell_success(&call, ssl, (struct passed){CLEAR_IN, data, 0}, n,
			    library->SSL_read_ex(ssl, data, size, n));
}

EXPORT int SSL_write_ex(SSL *ssl, const void *data, size_t size, size_t *n)
{
	struct tls_call call = FIND_LIBRARY();
	const struct openssl *library = call.functions;

	if (!library || !library->SSL_write_ex)
		return 0;
	return tell_success(&call, ssl, (struct passed){CLEAR_OUT, data, 0}, n,
			    library->SSL_write_ex(ssl, data, size, n));
}

EXPORT int SSL_read_early_data(SSL *ssl, void *data, size_t size, size_t *n)
{
	struct tls_call call = FIND_LIBRARY();
	const struct openssl *library = call.functions;

	if (!library || !library->SSL_read_early_data)
		return 0;
	return tell_success(&call, ssl, (struct passed){CLEAR_IN, data, 0}, n,
			    library->SSL_read_early_data(ssl, data, size, n));
}

EXPORT int SSL_write_early_data(SSL *ssl, const void *data, size_t size,
				size_t *n)
{
	struct tls_call call = FIND_LIBRARY();
	const struct openssl *library = call.functions;

	if (!library || !library->SSL_write_early_data)
		return 0;
	return tell_success(&call, ssl, (struct passed){CLEAR_OUT, data, 0}, n,
			    library->SSL_write_early_data(ssl, data, size, n));
}

/* Tells of n bytes of a file. Keeps errno. */
static void tell_openssl_file(const struct tls_call *call, SSL *ssl, int fd,
			      off_t offset, size_t n)
{
	struct recorded_session session;
	int saved = errno;

	if (greet_openssl(&session, call, ssl,
			  &(struct passed){CLEAR_OUT, NULL, n}))
		clear_sender_file(&session, fd, offset, n);
	errno = saved;
}

EXPORT ssize_t SSL_sendfile(SSL *ssl, int fd, off_t offset, size_t size,
			    int flags)
{
	struct tls_call call = FIND_LIBRARY();
	const struct openssl *library = call.functions;
	ssize_t n;

	if (!library || !library->SSL_sendfile)
		return -1;
	n = library->SSL_sendfile(ssl, fd, offset, size, flags);
	if (n > 0)
		tell_openssl_file(&call, ssl, fd, offset, (size_t)n);
	return n;
}
