/*
 * Announcements of octets at the end of a client's line.  Forms that the
 * standards do not allow are read, too, as some servers do.
 */
#include "recio/line_literal.h"

#include <string.h>

#include "recio/argument_form.h"

/* More digits are refused, or read as another size. */
enum { DIGITS_MAX = 9 };

struct line_literal line_literal_read(const char *at, size_t len)
{
	struct line_literal l = {.sure = true, .waits = true};
	size_t i = len && *at == '~', digits;

	if (i == len || at[i] != '{')
		return l;
	digits = ++i;
	for (; i < len && argument_form_digit(at[i]); i++)
		l.size = l.size * 10 + (uint64_t)(at[i] - '0');
	if (i == digits || i - digits > DIGITS_MAX)
		return l;
	if (i < len && (at[i] == '+' || at[i] == '-')) {
		l.waits = false;
		i++;
	}
	l.there = i + 1 == len && at[i] == '}';
	return l;
}

size_t line_literal_behind_size(const char *at, size_t len)
{
	const char *quote = memchr(at, '"', len);
	size_t end = quote ? (size_t)(quote - at) : len, i, digits;

	for (i = 0; i < end; i++) {
		if (at[i] != '{')
			continue;
		digits = i + 1;
		for (i = digits; i < end && argument_form_digit(at[i]); i++)
			;
		if (i > digits && i < end && (at[i] == '+' || at[i] == '-'))
			i++;
		if (i > digits && i < end && at[i] == '}')
			return i + 1;
		i--;
	}
	return len;
}

uint64_t line_literal_number(const char *at, size_t len)
{
	uint64_t n = 0, digit;
	size_t i = 0;

	while (i < len && !argument_form_digit(at[i]))
		i++;
	for (; i < len && argument_form_digit(at[i]); i++) {
		digit = (uint64_t)(at[i] - '0');
		n = n > (UINT64_MAX - digit) / 10 ? UINT64_MAX : n * 10 + digit;
	}
	return n;
}

struct line_literal line_literal_loose(const char *at, size_t len)
{
	const char *open;

	while (len && (unsigned char)at[len - 1] <= ' ')
		len--;
	open = len && at[len - 1] == '}' ? memrchr(at, '{', len) : NULL;
	if (!open)
		return (struct line_literal){.there = false};
	len = (size_t)(at + len - open);
	return (struct line_literal){.there = true,
				     .waits = !memchr(open, '+', len) &&
					      !memchr(open, '-', len),
				     .kind = SPAN_CONTENT,
				     .size = line_literal_number(open, len)};
}
