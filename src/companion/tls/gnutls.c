/*
 * Replaces the functions of GnuTLS by which clear bytes are taken and given, as
 * openssl.c does for OpenSSL. gnutls_record_uncork is not among them: corked
 * bytes are told when the program gives them. Early data of a client is not
 * told, since the library takes it before the session has its random.
 *
 * If the transport is not ready, a call that gives bytes fails, but the library
 * has taken them: it reports them as the result of a later call, which need not
 * have their address. So they are told at once, and the later result is not
 * told again (told_ahead.h). If the library has taken fewer bytes than it can
 * take, the program gives the rest once more, and that is not told again
 * either.
 *
 * Tested by tests/sh/companion-tls.t.
 */
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "companion/tls/clear_sender.h"
#include "companion/tls/recorded_session.h"
#include "companion/tls/tls_library.h"
#include "companion/tls/told_ahead.h"

typedef struct gnutls_session_int *session_t;
typedef struct gnutls_x509_crt_int *certificate_t;
typedef struct mbuffer_st *packet_t;
typedef struct range_st range_t;

struct datum {
	unsigned char *data;
	unsigned int size;
};

/* The functions without which nothing is seen. */
#define REQUIRED(X)                                                       \
	X(ssize_t, gnutls_record_recv, (session_t, void *, size_t))       \
	X(ssize_t, gnutls_record_send, (session_t, const void *, size_t)) \
	X(int, gnutls_handshake, (session_t))                             \
	X(void, gnutls_session_get_random,                                \
	  (session_t, struct datum *, struct datum *))                    \
	X(void, gnutls_transport_get_int2, (session_t, int *, int *))     \
	X(size_t, gnutls_record_get_max_size, (session_t))                \
	X(int, gnutls_server_name_get,                                    \
	  (session_t, void *, size_t *, unsigned int *, unsigned int))    \
	X(int, gnutls_protocol_get_version, (session_t))                  \
	X(const char *, gnutls_protocol_get_name, (int))                  \
	X(int, gnutls_kx_get, (session_t))                                \
	X(int, gnutls_cipher_get, (session_t))                            \
	X(int, gnutls_mac_get, (session_t))                               \
	X(const char *, gnutls_cipher_suite_get_name, (int, int, int))    \
	X(const struct datum *, gnutls_certificate_get_peers,             \
	  (session_t, unsigned int *))                                    \
	X(int, gnutls_x509_crt_init, (certificate_t *))                   \
	X(int, gnutls_x509_crt_import,                                    \
	  (certificate_t, const struct datum *, int))                     \
	X(int, gnutls_x509_crt_get_dn3,                                   \
	  (certificate_t, struct datum *, unsigned int))                  \
	X(void, gnutls_x509_crt_deinit, (certificate_t))

/* The functions that some versions lack, and one pointer to a function. */
#define OPTIONAL(X)                                                            \
	X(ssize_t, gnutls_record_recv_seq,                                     \
	  (session_t, void *, size_t, unsigned char *))                        \
	X(ssize_t, gnutls_record_recv_packet, (session_t, packet_t *))         \
	X(void, gnutls_packet_get,                                             \
	  (const packet_t, struct datum *, unsigned char *))                   \
	X(ssize_t, gnutls_record_recv_early_data, (session_t, void *, size_t)) \
	X(ssize_t, gnutls_record_send2,                                        \
	  (session_t, const void *, size_t, size_t, unsigned int))             \
	X(ssize_t, gnutls_record_send_range,                                   \
	  (session_t, const void *, size_t, const range_t *))                  \
	X(ssize_t, gnutls_record_send_file, (session_t, int, off_t *, size_t)) \
	X(const char *, gnutls_ciphersuite_get, (session_t))

REQUIRED(TLS_PROTOTYPE)
OPTIONAL(TLS_PROTOTYPE)

struct gnutls {
	REQUIRED(TLS_MEMBER) OPTIONAL(TLS_MEMBER) void (**gnutls_free)(void *);
};

static const char *const names[] = {
    REQUIRED(TLS_NAME) OPTIONAL(TLS_NAME) "gnutls_free",
};

static const char *const sonames[] = {"libgnutls.so.30", NULL};

static struct gnutls tables[TLS_LIBRARIES];

static struct tls_kind kind = {
    .names = names,
    .functions = sizeof names / sizeof *names,
    .required = 0 REQUIRED(TLS_ONE),
    .sonames = sonames,
    .tables = tables,
};

/* The library that is meant by the caller of the function that uses this. */
#define FIND_LIBRARY() tls_library_find(&kind, __builtin_return_address(0))

/* Numbers of the library's interface. */
enum {
	E_AGAIN = -28,
	E_INVALID_REQUEST = -50,
	E_INTERRUPTED = -52,
	FORMAT_DER = 0,
	NAME_SIZE = 256,
	SUBJECT_SIZE = 512,
};

/* Sets name to the name that the client sent. False in the client itself. */
static bool read_server_name(char name[NAME_SIZE], const struct gnutls *library,
			     session_t gnutls)
{
	size_t size = NAME_SIZE;
	unsigned int type;
	int result =
	    library->gnutls_server_name_get(gnutls, name, &size, &type, 0);

	if (result < 0)
		name[0] = 0;
	return result != E_INVALID_REQUEST;
}

/* Writes the subject of the client's certificate, if there is one. */
static void write_gnutls_subject(char text[SUBJECT_SIZE],
				 const struct gnutls *library, session_t gnutls)
{
	unsigned int n = 0;
	const struct datum *peers =
	    library->gnutls_certificate_get_peers(gnutls, &n);
	struct datum subject;
	certificate_t certificate;

	if (!peers || n == 0 || !library->gnutls_free ||
	    library->gnutls_x509_crt_init(&certificate) < 0)
		return;
	if (library->gnutls_x509_crt_import(certificate, peers, FORMAT_DER) >=
		0 &&
	    library->gnutls_x509_crt_get_dn3(certificate, &subject, 0) >= 0) {
		strncpy(text, (const char *)subject.data, SUBJECT_SIZE - 1);
		(*library->gnutls_free)(subject.data);
	}
	library->gnutls_x509_crt_deinit(certificate);
}

/* The name of OpenSSL for a version: "TLSv1.3" for "TLS1.3". */
static void write_version(char text[16], const char *name)
{
	bool is_tls = name && strncmp(name, "TLS", 3) == 0;

	if (is_tls && strcmp(name, "TLS1.0") == 0)
		strcpy(text, "TLSv1");
	else if (is_tls && strlen(name) < 15)
		strcpy(mempcpy(text, "TLSv", 4), name + 3);
}

static const char *get_cipher(const struct gnutls *library, session_t gnutls)
{
	if (library->gnutls_ciphersuite_get)
		return library->gnutls_ciphersuite_get(gnutls);
	return library->gnutls_cipher_suite_get_name(
	    library->gnutls_kx_get(gnutls), library->gnutls_cipher_get(gnutls),
	    library->gnutls_mac_get(gnutls));
}

static void send_gnutls_hello(const struct gnutls *library, session_t gnutls,
			      const struct recorded_session *session)
{
	char version[16] = "", name[NAME_SIZE], subject[SUBJECT_SIZE] = "";
	bool is_server = read_server_name(name, library, gnutls);

	write_version(version,
		      library->gnutls_protocol_get_name(
			  library->gnutls_protocol_get_version(gnutls)));
	if (is_server)
		write_gnutls_subject(subject, library, gnutls);
	clear_sender_hello(session, &(struct clear_hello){
					.version = version,
					.cipher = get_cipher(library, gnutls),
					.server_name = name,
					.client_subject = subject,
				    });
}

/*
 * Sets *session to that of gnutls. True if its bytes are for the relay.
 * Descriptor 0 is no evidence: a transport of functions may have no address.
 */
static bool find_gnutls_session(struct recorded_session *session,
				const struct gnutls *library, session_t gnutls)
{
	char name[NAME_SIZE];
	struct session_ends ends;

	library->gnutls_transport_get_int2(gnutls, &ends.read_fd,
					   &ends.write_fd);
	if (ends.read_fd == 0 && ends.write_fd == 0)
		ends.read_fd = ends.write_fd = -1;
	ends.is_server = read_server_name(name, library, gnutls);
	return recorded_session_match(session, &ends);
}

/*
 * Sets the random of *session to that of gnutls. False if the library can't be
 * asked.
 */
static bool read_gnutls_random(struct recorded_session *session,
			       const struct tls_call *call, session_t gnutls)
{
	const struct gnutls *library = call->functions;
	struct datum client, server;

	session->object = gnutls;
	if (!call->is_seen)
		return false;
	library->gnutls_session_get_random(gnutls, &client, &server);
	if (!client.data || client.size != sizeof session->random)
		return false;
	memcpy(session->random, client.data, sizeof session->random);
	return true;
}

/*
 * Sends the hello of a session whose handshake has ended, unless it was sent.
 * Returns true if the session is recorded.
 */
static bool greet_gnutls(struct recorded_session *session,
			 const struct tls_call *call, session_t gnutls)
{
	if (!read_gnutls_random(session, call, gnutls))
		return false;
	if (clear_sender_has_greeted(session))
		return true;
	if (!find_gnutls_session(session, call->functions, gnutls))
		return false;
	send_gnutls_hello(call->functions, gnutls, session);
	return true;
}

EXPORT int gnutls_handshake(session_t gnutls)
{
	struct tls_call call = FIND_LIBRARY();
	const struct gnutls *library = call.functions;
	struct recorded_session session;
	int result, saved;

	if (!library)
		return E_INVALID_REQUEST;
	result = library->gnutls_handshake(gnutls);
	saved = errno;
	if (result == 0)
		greet_gnutls(&session, &call, gnutls);
	else if (read_gnutls_random(&session, &call, gnutls) &&
		 find_gnutls_session(&session, library, gnutls))
		clear_sender_begun(&session);
	errno = saved;
	return result;
}

/* Tells of bytes that were taken; n <= 0: none. Returns n, keeps errno. */
static ssize_t tell_taken(const struct tls_call *call, session_t gnutls,
			  const void *data, ssize_t n)
{
	struct recorded_session session;
	int saved = errno;

	if (n <= 0)
		clear_sender_settle();
	else if (greet_gnutls(&session, call, gnutls))
		clear_sender_data(&session, CLEAR_IN, data, (size_t)n);
	errno = saved;
	return n;
}

EXPORT ssize_t gnutls_record_recv(session_t gnutls, void *data, size_t size)
{
	struct tls_call call = FIND_LIBRARY();
	const struct gnutls *library = call.functions;

	if (!library)
		return E_INVALID_REQUEST;
	return tell_taken(&call, gnutls, data,
			  library->gnutls_record_recv(gnutls, data, size));
}

EXPORT ssize_t gnutls_record_recv_seq(session_t gnutls, void *data, size_t size,
				      unsigned char *sequence)
{
	struct tls_call call = FIND_LIBRARY();
	const struct gnutls *library = call.functions;

	if (!library || !library->gnutls_record_recv_seq)
		return E_INVALID_REQUEST;
	return tell_taken(
	    &call, gnutls, data,
	    library->gnutls_record_recv_seq(gnutls, data, size, sequence));
}

EXPORT ssize_t gnutls_record_recv_packet(session_t gnutls, packet_t *packet)
{
	struct tls_call call = FIND_LIBRARY();
	const struct gnutls *library = call.functions;
	struct datum bytes = {NULL, 0};
	ssize_t n;

	if (!library || !library->gnutls_record_recv_packet)
		return E_INVALID_REQUEST;
	n = library->gnutls_record_recv_packet(gnutls, packet);
	if (n > 0 && library->gnutls_packet_get)
		library->gnutls_packet_get(*packet, &bytes, NULL);
	tell_taken(&call, gnutls, bytes.data, (ssize_t)bytes.size);
	return n;
}

EXPORT ssize_t gnutls_record_recv_early_data(session_t gnutls, void *data,
					     size_t size)
{
	struct tls_call call = FIND_LIBRARY();
	const struct gnutls *library = call.functions;

	if (!library || !library->gnutls_record_recv_early_data)
		return E_INVALID_REQUEST;
	return tell_taken(
	    &call, gnutls, data,
	    library->gnutls_record_recv_early_data(gnutls, data, size));
}

/* Bytes that the program gave, and what the library returned. */
struct given {
	const char *data;
	size_t size;
	ssize_t result;
};

static void tell_session(const struct recorded_session *session,
			 const struct given *given, size_t room)
{
	uint64_t key = recorded_session_key(session);
	size_t n = given->size < room ? given->size : room, told;

	if (given->result > 0) {
		n = (size_t)given->result;
		told = told_ahead_take(key, n);
		if (given->data && n > told)
			clear_sender_data(session, CLEAR_OUT,
					  given->data + told, n - told);
	} else if (given->result != E_AGAIN && given->result != E_INTERRUPTED) {
		told_ahead_forget(key);
	} else if (n > 0 && told_ahead_keep(key, n)) {
		clear_sender_data(session, CLEAR_OUT, given->data, n);
	}
}

/* Tells of bytes that were given. Returns the call's result, keeps errno. */
static ssize_t tell_given(const struct tls_call *call, session_t gnutls,
			  struct given given)
{
	const struct gnutls *library = call->functions;
	struct recorded_session session;
	int saved = errno;

	if (given.result <= 0)
		clear_sender_settle();
	if (greet_gnutls(&session, call, gnutls))
		tell_session(&session, &given,
			     library->gnutls_record_get_max_size(gnutls));
	errno = saved;
	return given.result;
}

EXPORT ssize_t gnutls_record_send(session_t gnutls, const void *data,
				  size_t size)
{
	struct tls_call call = FIND_LIBRARY();
	const struct gnutls *library = call.functions;
	struct given given = {data, size, E_INVALID_REQUEST};

	if (!library)
		return given.result;
	given.result = library->gnutls_record_send(gnutls, data, size);
	return tell_given(&call, gnutls, given);
}

EXPORT ssize_t gnutls_record_send2(session_t gnutls, const void *data,
				   size_t size, size_t pad, unsigned int flags)
{
	struct tls_call call = FIND_LIBRARY();
	const struct gnutls *library = call.functions;
	struct given given = {data, size, E_INVALID_REQUEST};

	if (!library || !library->gnutls_record_send2)
		return given.result;
	given.result =
	    library->gnutls_record_send2(gnutls, data, size, pad, flags);
	return tell_given(&call, gnutls, given);
}

EXPORT ssize_t gnutls_record_send_range(session_t gnutls, const void *data,
					size_t size, const range_t *range)
{
	struct tls_call call = FIND_LIBRARY();
	const struct gnutls *library = call.functions;
	struct given given = {data, size, E_INVALID_REQUEST};

	if (!library || !library->gnutls_record_send_range)
		return given.result;
	given.result =
	    library->gnutls_record_send_range(gnutls, data, size, range);
	return tell_given(&call, gnutls, given);
}

/* Tells of the n bytes of a file that were given last. Keeps errno. */
static void tell_gnutls_file(const struct tls_call *call, session_t gnutls,
			     int fd, off_t end, size_t n)
{
	struct recorded_session session;
	int saved = errno;

	if (greet_gnutls(&session, call, gnutls))
		clear_sender_file(&session, fd, end - (off_t)n, n);
	errno = saved;
}

EXPORT ssize_t gnutls_record_send_file(session_t gnutls, int fd, off_t *offset,
				       size_t size)
{
	struct tls_call call = FIND_LIBRARY();
	const struct gnutls *library = call.functions;
	ssize_t n;

	if (!library || !library->gnutls_record_send_file)
		return E_INVALID_REQUEST;
	n = library->gnutls_record_send_file(gnutls, fd, offset, size);
	if (n > 0)
		tell_gnutls_file(&call, gnutls, fd,
				 offset ? *offset : lseek(fd, 0, SEEK_CUR),
				 (size_t)n);
	return n;
}
