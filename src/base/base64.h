/* Base64 (RFC 4648, section 4). */
#ifndef BASE64_H
#define BASE64_H

#include <stddef.h>

/* The number of characters that n bytes become, with padding. */
#define BASE64_SIZE(n) (((n) + 2) / 3 * 4)

/* Encodes n bytes to out, which has room for BASE64_SIZE(n) characters. */
void base64_encode(char *out, const char *bytes, size_t n);

/*
 * Decodes len digits, without padding, to the size bytes at out; what has no
 * room is left out, and not looked at.  Bits at the end that make no byte are
 * ignored.  Returns the number of bytes, or -1 at a character that is no digit.
 */
long base64_decode(char *out, size_t size, const char *text, size_t len);

#endif
