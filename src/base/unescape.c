/*
 * Decoding escapes.  A text is decoded in whole or not at all, so that text
 * without escapes, whose backslashes stand for themselves, keeps every byte.
 * Bytes between two backslashes are copied at once.
 */
#include "base/unescape.h"

#include <string.h>

#include "base/hex.h"

enum { HEX_ESCAPE = 4 }; /* the length of \xHH */

/* Returns the byte of two digits, -1 if escape_text does not escape it so. */
static int parse_escaped_byte(const char *digits)
{
	int high = hex_value(digits[0]);
	int low = hex_value(digits[1]);
	int byte = high * 16 + low;

	if (high < 0 || low < 0 || (byte >= ' ' && byte < 0x7f))
		return -1;
	return byte;
}

/*
 * Decodes the escape at the beginning of text.  Returns its length, or 0 if it
 * is none.
 */
static size_t decode_escape(char *byte, const char *text, size_t len)
{
	int value;

	if (len >= 2 && text[1] == '\\') {
		*byte = '\\';
		return 2;
	}
	if (len < HEX_ESCAPE || text[1] != 'x')
		return 0;
	value = parse_escaped_byte(text + 2);
	if (value < 0)
		return 0;
	*byte = (char)value;
	return HEX_ESCAPE;
}

/* Returns the number of bytes, or len + 1 if the text is not escaped. */
static size_t count_decoded(const char *text, size_t len)
{
	const char *at = text, *end = text + len;
	size_t count = len, n;
	char byte;

	while ((at = memchr(at, '\\', (size_t)(end - at)))) {
		n = decode_escape(&byte, at, (size_t)(end - at));
		if (!n)
			return len + 1;
		at += n;
		count -= n - 1;
	}
	return count;
}

bool unescape_text(char *out, const char *text, size_t len, size_t *count)
{
	const char *at = text, *end = text + len, *escape;
	size_t n;

	if (len == 0) {
		*count = 0;
		return true;
	}
	*count = count_decoded(text, len);
	if (*count > len)
		return false;
	if (!out)
		return true;
	while ((escape = memchr(at, '\\', (size_t)(end - at)))) {
		n = (size_t)(escape - at);
		memmove(out, at, n);
		out += n;
		at =
		    escape + decode_escape(out, escape, (size_t)(end - escape));
		out++;
	}
	memmove(out, at, (size_t)(end - at));
	return true;
}
