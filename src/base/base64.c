/*
 * Three bytes are four digits of six bits.  A decoder that has less than eight
 * bits left over has written all bytes before them.
 */
#include "base/base64.h"

#include <string.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			     "abcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_encode(char *out, const char *bytes, size_t n)
{
	const unsigned char *in = (const unsigned char *)bytes;

	for (; n; in += n < 3 ? n : 3, n -= n < 3 ? n : 3, out += 4) {
		unsigned int bits = (unsigned int)in[0] << 16 |
				    (n > 1 ? (unsigned int)in[1] << 8 : 0) |
				    (n > 2 ? in[2] : 0);

		out[0] = digits[bits >> 18];
		out[1] = digits[bits >> 12 & 63];
		out[2] = n > 1 ? digits[bits >> 6 & 63] : '=';
		out[3] = n > 2 ? digits[bits & 63] : '=';
	}
}

static int digit_value(char c)
{
	const char *found = c ? strchr(digits, c) : NULL;

	return found ? (int)(found - digits) : -1;
}

long base64_decode(char *out, size_t size, const char *text, size_t len)
{
	unsigned int bits = 0, have = 0;
	size_t n = 0;

	for (size_t i = 0; i < len && n < size; i++) {
		int value = digit_value(text[i]);

		if (value < 0)
			return -1;
		bits = (bits << 6 | (unsigned int)value) & 0xffff;
		have += 6;
		if (have < 8)
			continue;
		have -= 8;
		out[n++] = (char)(bits >> have & 0xff);
	}
	return (long)n;
}
