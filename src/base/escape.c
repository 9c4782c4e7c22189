/*
 * Escaping; see escape.h.  Most text is plain ASCII, so that is looked through
 * a block at a time, and only what it stops at is looked at closely.
 */
#include "base/escape.h"

#include <stdint.h>
#include <string.h>

enum { BLOCK = 32 };

static bool is_plain(unsigned char c)
{
	return (c >= ' ' && c < 0x7f && c != '\\') || c == '\t';
}

typedef unsigned char vector __attribute__((vector_size(BLOCK / 2)));

/* Bytes other than 0 where the byte may not be plain. */
static vector suspects(const char *text)
{
	vector v;

	memcpy(&v, text, sizeof v);
	return (vector)(v - ' ' > '~' - ' ') | (vector)(v == '\\');
}

/* False if one of BLOCK bytes may not be plain; TAB is among the suspects. */
static bool block_is_plain(const char *text)
{
	vector v = suspects(text) | suspects(text + sizeof v);
	uint64_t half[2];

	_Static_assert(sizeof half == sizeof v, "two halves are a vector");
	memcpy(half, &v, sizeof half);
	return !(half[0] | half[1]);
}

size_t escape_plain(const char *text, size_t len)
{
	size_t i = 0, stop;

	while (i < len) {
		while (len - i >= BLOCK && block_is_plain(text + i))
			i += BLOCK;
		/* Fewer than BLOCK are left: see them as the end of one. */
		if (i && len - i < BLOCK && block_is_plain(text + len - BLOCK))
			return len;
		for (stop = len - i < BLOCK ? len : i + BLOCK; i < stop; i++)
			if (!is_plain((unsigned char)text[i]))
				return i;
	}
	return i;
}

size_t escape_utf8(const char *at, size_t len)
{
	const unsigned char *text = (const unsigned char *)at;
	unsigned char low = 0x80, high = 0xbf;
	size_t n;

	if (text[0] >= 0xc2 && text[0] <= 0xdf)
		n = 2;
	else if (text[0] >= 0xe0 && text[0] <= 0xef)
		n = 3;
	else if (text[0] >= 0xf0 && text[0] <= 0xf4)
		n = 4;
	else
		return 0;
	if (n > len)
		return 0;
	if (text[0] == 0xe0)
		low = 0xa0;
	else if (text[0] == 0xed)
		high = 0x9f;
	else if (text[0] == 0xf0)
		low = 0x90;
	else if (text[0] == 0xf4)
		high = 0x8f;
	if (text[1] < low || text[1] > high)
		return 0;
	for (size_t i = 2; i < n; i++)
		if ((text[i] & 0xc0) != 0x80)
			return 0;
	return n;
}

bool escape_is_control(const char *at, size_t n)
{
	const unsigned char *text = (const unsigned char *)at;

	if (n == 2)
		return (text[0] == 0xc2 && text[1] < 0xa0) ||
		       (text[0] == 0xd8 && text[1] == 0x9c);
	if (n != 3 || text[0] != 0xe2)
		return false;
	if (text[1] == 0x80)
		return text[2] == 0x8e || text[2] == 0x8f ||
		       (text[2] >= 0xa8 && text[2] <= 0xae);
	return text[1] == 0x81 && text[2] >= 0xa6 && text[2] <= 0xa9;
}

static size_t hex_escape(char *out, const unsigned char *text, size_t n)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		*out++ = '\\';
		*out++ = 'x';
		*out++ = digits[text[i] >> 4];
		*out++ = digits[text[i] & 15];
	}
	return 4 * n;
}

/* The length of the leading whole characters that stay as they are. */
static size_t unchanged(const char *text, size_t len)
{
	size_t i = 0, n;

	for (; i < len; i += n) {
		if ((unsigned char)text[i] < 0x80)
			n = escape_plain(text + i, len - i);
		else
			n = escape_utf8(text + i, len - i);
		if (!n || escape_is_control(text + i, n))
			break;
	}
	return i;
}

/*
 * One character (or one bad byte), at most ESCAPE_MAX bytes to out; 0 if it is
 * one that stays.
 */
static size_t escape_one(char *out, const char *text, size_t len, size_t *used)
{
	size_t n = escape_utf8(text, len);

	if (n && !escape_is_control(text, n))
		return 0;
	*used = n ? n : 1;
	if (*text == '\\') {
		memcpy(out, "\\\\", 2);
		return 2;
	}
	return hex_escape(out, (const unsigned char *)text, *used);
}

size_t escape_text(char *out, size_t room, const char *text, size_t len,
		   size_t *used)
{
	char one[ESCAPE_MAX];
	size_t at = 0, written = 0, n, taken;

	for (;;) {
		n = len - at < room - written ? len - at : room - written;
		n = unchanged(text + at, n);
		memcpy(out + written, text + at, n);
		at += n;
		written += n;
		if (at == len || written == room)
			break;
		n = escape_one(one, text + at, len - at, &taken);
		/* One that stays was cut by the room. */
		if (!n || n > room - written)
			break;
		memcpy(out + written, one, n);
		at += taken;
		written += n;
	}
	*used = at;
	return written;
}

size_t escape_shown(char *out, size_t room, const char *text, size_t len,
		    size_t *used)
{
	/* No byte becomes less than one. */
	const char *backslash = memchr(text, '\\', len < room ? len : room);

	if (backslash == text) {
		*out = '\\';
		*used = 1;
		return 1;
	}
	if (backslash)
		len = (size_t)(backslash - text);
	return escape_text(out, room, text, len, used);
}

size_t escape_without_cr(const char *text, size_t len)
{
	size_t n = len;

	if (n && text[n - 1] == ' ')
		n--;
	return n && text[n - 1] == '\r' ? n - 1 : len;
}
