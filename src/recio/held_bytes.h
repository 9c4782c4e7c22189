/* Bytes that a client sent before it was known how they are to be read. */
#ifndef HELD_BYTES_H
#define HELD_BYTES_H

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

#endif
