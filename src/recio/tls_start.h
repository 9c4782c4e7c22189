/*
 * Where TLS begins in a session: the client's hello, at a place where it may
 * stand, and an answer to it that is a record of TLS.
 */
#ifndef TLS_START_H
#define TLS_START_H

#include <stdbool.h>
#include <stddef.h>

enum tls_start {
	TLS_START_NEVER,
	TLS_START_FIRST,  /* may begin, until a client has an answer */
	TLS_START_AGREED, /* may begin: both sides agreed */
	TLS_START_HELLO,  /* the client sent a hello; no answer yet */
};

/*
 * Returns true if the client's next bytes, at the beginning of a line, are a
 * hello or may become one. They then wait for the server's answer.
 */
bool tls_start_hello(enum tls_start *tls, const char *at, size_t len);

/* Returns true if this byte of the server answers a hello: TLS has begun. */
bool tls_start_answer(enum tls_start *tls, char byte);

#endif
