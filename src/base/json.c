/* Strings in JSON; see json.h. */
#include "base/json.h"

#include <string.h>

#include "base/escape.h"

bool json_is_text(const char *text, size_t len)
{
	size_t i = 0, n;

	while (i < len) {
		i += escape_plain(text + i, len - i);
		if (i == len)
			break;
		n = (unsigned char)text[i] < 0x80
			? 1
			: escape_utf8(text + i, len - i);
		if (!n)
			return false;
		i += n;
	}
	return true;
}

static size_t unicode(char *out, unsigned int c)
{
	static const char digits[] = "0123456789abcdef";

	*out++ = '\\';
	*out++ = 'u';
	for (int shift = 12; shift >= 0; shift -= 4)
		*out++ = digits[c >> shift & 15];
	return 6;
}

/* The code point of a valid UTF-8 character of two or three bytes. */
static unsigned int code_point(const char *text, size_t n)
{
	const unsigned char *c = (const unsigned char *)text;

	if (n == 2)
		return (c[0] & 0x1fU) << 6 | (c[1] & 0x3f);
	return (c[0] & 0x0fU) << 12 | (c[1] & 0x3fU) << 6 | (c[2] & 0x3f);
}

/* One character that may need an escape; *used gets its length. */
static size_t one(char *out, const char *text, size_t len, size_t *used)
{
	unsigned char c = (unsigned char)*text;

	*used = 1;
	switch (c) {
	case '"':
	case '\\': out[0] = '\\'; break;
	case '\t': return memcpy(out, "\\t", 2), 2;
	case '\r': return memcpy(out, "\\r", 2), 2;
	case '\n': return memcpy(out, "\\n", 2), 2;
	default:
		if (c < 0x80)
			return unicode(out, c);
		*used = escape_utf8(text, len);
		if (escape_is_control(text, *used))
			return unicode(out, code_point(text, *used));
		memcpy(out, text, *used);
		return *used;
	}
	out[1] = (char)c;
	return 2;
}

/* The length of the bytes that stay as they are. */
static size_t plain(const char *text, size_t len)
{
	const char *stop;

	len = escape_plain(text, len);
	if ((stop = memchr(text, '"', len)))
		len = (size_t)(stop - text);
	if ((stop = memchr(text, '\t', len)))
		len = (size_t)(stop - text);
	return len;
}

size_t json_text(char *out, size_t room, const char *text, size_t len,
		 size_t *used)
{
	size_t at = 0, written = 0, n, taken;

	while (at < len && room - written >= JSON_MAX) {
		n = len - at < room - written ? len - at : room - written;
		n = plain(text + at, n);
		memcpy(out + written, text + at, n);
		at += n;
		written += n;
		if (at == len || room - written < JSON_MAX)
			break;
		written += one(out + written, text + at, len - at, &taken);
		at += taken;
	}
	*used = at;
	return written;
}

size_t json_base64(char *out, size_t room, const char *text, size_t len,
		   size_t *used)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *in = (const unsigned char *)text;
	size_t at = 0, n = 0;
	unsigned long three;

	for (; at < len && room - n >= 4; at += 3, n += 4) {
		three = (unsigned long)in[at] << 16;
		if (at + 1 < len)
			three |= (unsigned long)in[at + 1] << 8;
		if (at + 2 < len)
			three |= in[at + 2];
		out[n] = digits[three >> 18];
		out[n + 1] = digits[three >> 12 & 63];
		out[n + 2] = at + 1 < len ? digits[three >> 6 & 63] : '=';
		out[n + 3] = at + 2 < len ? digits[three & 63] : '=';
	}
	*used = at < len ? at : len;
	return n;
}
