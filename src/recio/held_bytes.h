/*
 * The bytes of a client that wait for an answer of its server, since the answer
 * decides how they are read: lines of a dialect, or a hello of TLS, at a place
 * where TLS may begin.
 */
#ifndef HELD_BYTES_H
#define HELD_BYTES_H

#include <stdbool.h>
#include <stddef.h>

enum { HELD_BYTES_MAX = 16384 };

/* Empty if len is 0; the other bytes need not be set. */
struct held_bytes {
	size_t len;
	char bytes[HELD_BYTES_MAX];
};

/* Appends bytes as far as there is room. Returns how many were appended. */
size_t held_bytes_add(struct held_bytes *held, const char *at, size_t len);

/* Removes the first n bytes, or all if there are fewer. */
void held_bytes_drop(struct held_bytes *held, size_t n);

/* Where TLS may begin in a session. */
enum tls_start {
	TLS_START_NEVER,
	TLS_START_FIRST,  /* may begin, until a client has an answer */
	TLS_START_AGREED, /* may begin: both sides agreed */
	TLS_START_HELLO,  /* the client sent a hello; no answer yet */
	TLS_START_LONG,   /* the same, but it could not be held */
};

/*
 * Returns true if the client's next bytes, at the beginning of a line, are a
 * hello or may become one. They then wait for the server's answer.
 */
bool held_bytes_hold_hello(enum tls_start *tls, const char *at, size_t len);

/* Returns true if this byte of the server answers a hello: TLS has begun. */
bool held_bytes_answer_hello(enum tls_start *tls, char byte);

#endif
