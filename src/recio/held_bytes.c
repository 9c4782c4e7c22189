/*
 * Bytes of a client that wait for an answer of its server, in one array: they
 * are few and seldom there, so that moving the rest to the front costs nothing.
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
