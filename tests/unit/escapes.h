/*
 * The plain version of what escape.h promises, to compare with: which
 * characters must not be in escaped text, by code point, and how to undo the
 * escapes.
 */
#ifndef ESCAPES_H
#define ESCAPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* Characters of two or three bytes that control how text is displayed. */
static inline bool escapes_control(unsigned int point)
{
	static const unsigned int range[][2] = {
	    {0x80, 0x9f},     {0x61c, 0x61c},   {0x200e, 0x200f},
	    {0x2028, 0x202e}, {0x2066, 0x2069},
	};

	for (size_t i = 0; i < sizeof range / sizeof *range; i++)
		if (point >= range[i][0] && point <= range[i][1])
			return true;
	return false;
}

/* False if one of them begins anywhere, whatever stands before it. */
static inline bool escapes_safe(const char *text, size_t len)
{
	const unsigned char *c = (const unsigned char *)text, *end = c + len;

	for (; c < end; c++) {
		if (end - c >= 2 && (c[0] & 0xe0) == 0xc0 &&
		    (c[1] & 0xc0) == 0x80 &&
		    escapes_control((c[0] & 0x1fU) << 6 | (c[1] & 0x3f)))
			return false;
		if (end - c >= 3 && (c[0] & 0xf0) == 0xe0 &&
		    (c[1] & 0xc0) == 0x80 && (c[2] & 0xc0) == 0x80 &&
		    escapes_control((c[0] & 0x0fU) << 12 | (c[1] & 0x3fU) << 6 |
				    (c[2] & 0x3f)))
			return false;
	}
	return true;
}

/* The bytes that len bytes of escaped text stand for: no more than len. */
static inline size_t escapes_undo(char *out, const char *text, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		char hex[3] = {0};

		if (text[i] != '\\') {
			out[n++] = text[i];
		} else if (text[++i] == '\\') {
			out[n++] = '\\';
		} else {
			memcpy(hex, text + i + 1, 2);
			out[n++] = (char)strtol(hex, NULL, 16);
			i += 2;
		}
	}
	return n;
}

#endif
