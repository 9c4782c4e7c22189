/*
 * Escaping.  Most text is plain ASCII, which is copied as it is; the rest is
 * decoded character by character.  Plain text is found by blocks first, which
 * is faster and changes nothing: skip_plain_blocks may always return 0.
 */
#include "base/escape.h"

#include <stdint.h>
#include <string.h>

#include "base/hex.h"

enum { BLOCK = 32 };

static bool is_plain_byte(unsigned char c)
{
	return (c >= ' ' && c < 0x7f && c != '\\') || c == '\t';
}

typedef unsigned char vector __attribute__((vector_size(BLOCK / 2)));

/* Has a byte other than 0 for each byte that is not plain. */
static vector find_escaped(const char *text)
{
	vector v;

	memcpy(&v, text, sizeof v);
	return (vector)((v - ' ' > '~' - ' ') & (v != '\t')) |
	       (vector)(v == '\\');
}

static bool is_plain_block(const char *text)
{
	vector v = find_escaped(text) | find_escaped(text + sizeof v);
	uint64_t half[2];

	_Static_assert(sizeof half == sizeof v, "two halves are a vector");
	memcpy(half, &v, sizeof half);
	return !(half[0] | half[1]);
}

/* A length of plain text at the beginning.  The last block overlaps others. */
static size_t skip_plain_blocks(const char *text, size_t len)
{
	size_t i = 0;

	while (len - i >= BLOCK && is_plain_block(text + i))
		i += BLOCK;
	if (i && len - i < BLOCK && is_plain_block(text + len - BLOCK))
		return len;
	return i;
}

size_t escape_plain(const char *text, size_t len)
{
	size_t i = skip_plain_blocks(text, len);

	while (i < len && is_plain_byte((unsigned char)text[i]))
		i++;
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

static size_t escape_bytes(char *out, const unsigned char *text, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		*out++ = '\\';
		*out++ = 'x';
		*out++ = HEX_DIGITS[text[i] >> 4];
		*out++ = HEX_DIGITS[text[i] & 15];
	}
	return 4 * n;
}

/* The length of the whole characters at the beginning that are not escaped. */
static size_t skip_unescaped(const char *text, size_t len)
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
 * Escapes one character, or one byte that is not part of one, into ESCAPE_MAX
 * bytes at most.  Returns 0 if the character is not escaped.
 */
static size_t write_escape(char *out, const char *text, size_t len,
			   size_t *used)
{
	size_t n = escape_utf8(text, len);

	if (n && !escape_is_control(text, n))
		return 0;
	*used = n ? n : 1;
	if (*text == '\\') {
		memcpy(out, "\\\\", 2);
		return 2;
	}
	return escape_bytes(out, (const unsigned char *)text, *used);
}

size_t escape_text(char *out, size_t room, const char *text, size_t len,
		   size_t *used)
{
	char one[ESCAPE_MAX];
	size_t at = 0, written = 0, n, taken;

	for (;;) {
		n = len - at < room - written ? len - at : room - written;
		n = skip_unescaped(text + at, n);
		memcpy(out + written, text + at, n);
		at += n;
		written += n;
		if (at == len || written == room)
			break;
		n = write_escape(one, text + at, len - at, &taken);
		/* The room ends within a character that is not escaped. */
		if (!n || n > room - written)
			break;
		memcpy(out + written, one, n);
		at += taken;
		written += n;
	}
	*used = at;
	return written;
}

/* Escapes up to the first backslash, or copies that.  No byte gets shorter. */
static size_t escape_before_backslash(char *out, size_t room, const char *text,
				      size_t len, size_t *used)
{
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

size_t escape_shown(char *out, size_t room, const char *text, size_t len,
		    size_t *used)
{
	size_t at = 0, written = 0, taken;

	do {
		written += escape_before_backslash(
		    out + written, room - written, text + at, len - at, &taken);
		at += taken;
	} while (taken && at < len);
	*used = at;
	return written;
}

size_t escape_without_cr(const char *text, size_t len)
{
	size_t n = len;

	if (n && text[n - 1] == ' ')
		n--;
	return n && text[n - 1] == '\r' ? n - 1 : len;
}
