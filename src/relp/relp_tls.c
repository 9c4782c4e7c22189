/*
 * TLS by OpenSSL.  Keys are read from memory, never from a file, and never ask
 * a terminal for a password.  A session that has failed once is not shut down:
 * OpenSSL forbids it.
 *
 * Tested by tests/peer/relp-tls.t.
 */
#include "relp/relp_tls.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

struct relp_tls {
	SSL_CTX *context;
	SSL *ssl;
	bool opened; /* the handshake is over */
	bool failed;
};

/* A key with a password is refused; the default asks the terminal. */
static int give_no_password(char *buf, int size, int writing, void *ctx)
{
	(void)buf, (void)size, (void)writing, (void)ctx;
	return -1;
}

/* Sets a fault with OpenSSL's reason, and forgets it. */
static void set_tls_fault(struct stream_fault *fault,
			  enum stream_fault_kind kind, const char *text)
{
	const char *reason = ERR_reason_error_string(ERR_peek_error());
	char buf[STREAM_FAULT_TEXT_MAX];

	snprintf(buf, sizeof buf, "%s%s%s", text, reason ? ": " : "",
		 reason ? reason : "");
	stream_fault_set(fault, kind, buf);
	ERR_clear_error();
}

/* Returns the next certificate of the text, or NULL. */
static X509 *read_certificate(BIO *text)
{
	X509 *certificate =
	    PEM_read_bio_X509(text, NULL, give_no_password, NULL);

	if (!certificate)
		ERR_clear_error();
	return certificate;
}

static BIO *open_key_file(const struct stream_key_file *file)
{
	return BIO_new_mem_buf(file->text, (int)file->len);
}

static bool trust_authorities(SSL_CTX *context,
			      const struct stream_key_file *file)
{
	X509_STORE *store = SSL_CTX_get_cert_store(context);
	X509 *certificate;
	size_t n = 0;
	BIO *text;

	if (!file->text)
		return SSL_CTX_set_default_verify_paths(context) == 1;
	text = open_key_file(file);
	while (text && (certificate = read_certificate(text))) {
		n += X509_STORE_add_cert(store, certificate) == 1;
		X509_free(certificate);
	}
	BIO_free(text);
	return n > 0;
}

/* Reads our certificate, and after it those up to the authority. */
static bool use_certificates(SSL_CTX *context,
			     const struct stream_key_file *file)
{
	BIO *text = open_key_file(file);
	X509 *certificate = text ? read_certificate(text) : NULL;
	bool good =
	    certificate && SSL_CTX_use_certificate(context, certificate) == 1;

	X509_free(certificate);
	while (good && (certificate = read_certificate(text))) {
		good = SSL_CTX_add1_chain_cert(context, certificate) == 1;
		X509_free(certificate);
	}
	BIO_free(text);
	return good;
}

static bool use_key(SSL_CTX *context, const struct stream_key_file *file)
{
	BIO *text = open_key_file(file);
	EVP_PKEY *key =
	    text ? PEM_read_bio_PrivateKey(text, NULL, give_no_password, NULL)
		 : NULL;
	bool good = key && SSL_CTX_use_PrivateKey(context, key) == 1 &&
		    SSL_CTX_check_private_key(context) == 1;

	EVP_PKEY_free(key);
	BIO_free(text);
	return good;
}

/* The SSL demands that the server's certificate has this name or address. */
static bool expect_host(SSL *ssl, const char *host)
{
	X509_VERIFY_PARAM *param = SSL_get0_param(ssl);
	unsigned char address[sizeof(struct in6_addr)];

	if (inet_pton(AF_INET, host, address) == 1 ||
	    inet_pton(AF_INET6, host, address) == 1)
		return X509_VERIFY_PARAM_set1_ip_asc(param, host) == 1;
	return X509_VERIFY_PARAM_set1_host(param, host, 0) == 1 &&
	       SSL_set_tlsext_host_name(ssl, host) == 1;
}

static bool set_up_context(SSL_CTX *context)
{
	SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION);
	SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE |
				      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1;
}

/* Returns NULL if the keys can be used, or a text that says which can't. */
static const char *use_keys(SSL_CTX *context, const struct stream_keys *keys)
{
	if (!trust_authorities(context, &keys->ca))
		return "no authority can be read from CAFILE";
	if (!keys->certificate.text)
		return NULL;
	if (!use_certificates(context, &keys->certificate))
		return "no certificate can be read from CERTFILE";
	return use_key(context, &keys->key)
		   ? NULL
		   : "KEYFILE has no key of CERTFILE's first certificate";
}

struct relp_tls *relp_tls_new(const char *host, const struct stream_keys *keys,
			      struct stream_fault *fault)
{
	struct relp_tls *tls = calloc(1, sizeof *tls);
	const char *why = NULL;

	ERR_clear_error();
	if (tls)
		tls->context = SSL_CTX_new(TLS_client_method());
	if (tls && tls->context && set_up_context(tls->context)) {
		why = use_keys(tls->context, keys);
		tls->ssl = why ? NULL : SSL_new(tls->context);
	}
	if (tls && tls->ssl && expect_host(tls->ssl, host))
		return tls;
	set_tls_fault(fault, why ? STREAM_FAULT_KEYS : STREAM_FAULT_MEMORY,
		      why ? why : "unable to prepare TLS");
	relp_tls_free(tls);
	return NULL;
}

void relp_tls_free(struct relp_tls *tls)
{
	if (!tls)
		return;
	if (tls->opened && !tls->failed)
		SSL_shutdown(tls->ssl);
	ERR_clear_error();
	SSL_free(tls->ssl);
	SSL_CTX_free(tls->context);
	free(tls);
}

/* Sets the fault of a handshake that has failed. */
static void explain_handshake(const struct relp_tls *tls, int error,
			      struct stream_fault *fault)
{
	long verified = SSL_get_verify_result(tls->ssl);
	int reason = ERR_GET_REASON(ERR_peek_error());

	if (verified != X509_V_OK) {
		ERR_clear_error();
		stream_fault_set(fault, STREAM_FAULT_CERTIFICATE,
				 X509_verify_cert_error_string(verified));
	} else if (error == SSL_ERROR_SYSCALL ||
		   reason == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
		ERR_clear_error();
		stream_fault_set(fault, STREAM_FAULT_NO_TLS,
				 "the server ends the handshake of TLS");
	} else if (reason == SSL_R_WRONG_VERSION_NUMBER) {
		ERR_clear_error();
		stream_fault_set(fault, STREAM_FAULT_NO_TLS, NULL);
	} else {
		set_tls_fault(fault, STREAM_FAULT_CERTIFICATE,
			      "handshake of TLS");
	}
}

/* Returns 0 with *events if OpenSSL waits for the socket, or -1. */
static int check_progress(struct relp_tls *tls, int error, short *events)
{
	*events = POLLIN;
	if (error == SSL_ERROR_WANT_READ)
		return 0;
	*events = POLLOUT;
	if (error == SSL_ERROR_WANT_WRITE)
		return 0;
	tls->failed = true;
	return -1;
}

int relp_tls_handshake(struct relp_tls *tls, int fd, short *events,
		       struct stream_fault *fault)
{
	int rc, error;

	ERR_clear_error();
	if (SSL_get_fd(tls->ssl) < 0 && SSL_set_fd(tls->ssl, fd) != 1) {
		set_tls_fault(fault, STREAM_FAULT_MEMORY,
			      "unable to begin TLS");
		tls->failed = true;
		return -1;
	}
	rc = SSL_connect(tls->ssl);
	if (rc == 1) {
		tls->opened = true;
		return 1;
	}
	error = SSL_get_error(tls->ssl, rc);
	if (check_progress(tls, error, events) == 0)
		return 0;
	explain_handshake(tls, error, fault);
	return -1;
}

/* The result of SSL_read and SSL_write that returned rc. */
static ssize_t check_transfer(struct relp_tls *tls, int rc, short *events,
			      struct stream_fault *fault)
{
	int error = rc > 0 ? SSL_ERROR_NONE : SSL_get_error(tls->ssl, rc);

	if (rc > 0)
		return rc;
	if (check_progress(tls, error, events) == 0)
		return 0;
	/* A server that refuses our certificate says so after its handshake. */
	if (error == SSL_ERROR_SSL && ERR_GET_REASON(ERR_peek_error()) !=
					  SSL_R_UNEXPECTED_EOF_WHILE_READING) {
		set_tls_fault(fault, STREAM_FAULT_CERTIFICATE, "TLS");
	} else {
		ERR_clear_error();
		stream_fault_set(fault, STREAM_FAULT_DISCONNECTED, NULL);
	}
	return -1;
}

static int limit_length(size_t len)
{
	return len < 1 << 20 ? (int)len : 1 << 20;
}

ssize_t relp_tls_read(struct relp_tls *tls, char *buf, size_t len,
		      short *events, struct stream_fault *fault)
{
	ERR_clear_error();
	return check_transfer(tls, SSL_read(tls->ssl, buf, limit_length(len)),
			      events, fault);
}

ssize_t relp_tls_write(struct relp_tls *tls, const char *buf, size_t len,
		       short *events, struct stream_fault *fault)
{
	ERR_clear_error();
	return check_transfer(tls, SSL_write(tls->ssl, buf, limit_length(len)),
			      events, fault);
}
