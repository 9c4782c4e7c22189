/*
 * Bytes of a client that wait for an answer of its server, in one array: they
 * are few and seldom there, so that moving the rest to the front costs nothing.
 *
 * A handshake of TLS begins with a record of type 22 and version 3
 * (https://www.rfc-editor.org/rfc/rfc8446#section-5.1); a server answers with a
 * record, whose types are 20 to 23, or did not understand.
 * Tested by tests/unit/recio/smtp.c.
 */
#include "recio/held_bytes.h"

#include <string.h>

size_t held_bytes_add(struct held_bytes *held, const char *at, size_t len)
{
	size_t room = sizeof held->bytes - held->len;
	size_t n = len < room ? len : room;

	memcpy(held->bytes + held->len, at, n);
	held->len += n;
	return n;
}

void held_bytes_drop(struct held_bytes *held, size_t n)
{
	n = n < held->len ? n : held->len;
	held->len -= n;
	memmove(held->bytes, held->bytes + n, held->len);
}

bool held_bytes_hold_hello(enum tls_start *tls, const char *at, size_t len)
{
	if (*tls != TLS_START_FIRST && *tls != TLS_START_AGREED)
		return false;
	if (at[0] != 0x16 || (len > 1 && at[1] != 0x03))
		return false;
	if (len > 1)
		*tls = TLS_START_HELLO;
	return true;
}

bool held_bytes_answer_hello(enum tls_start *tls, char byte)
{
	if (*tls != TLS_START_HELLO && *tls != TLS_START_LONG)
		return false;
	*tls = TLS_START_NEVER;
	return byte >= 20 && byte <= 23;
}
