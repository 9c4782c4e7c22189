/*
 * Lines of a hex dump: "00000000  45 48 4c ...  |EHL...|".  The text has to
 * agree with the digits, so that a payload of another form, whose last byte a
 * logger has removed, is hardly taken for a dump.  Tested by
 * tests/unit/logread/dump_line.c.
 */
#include "logread/dump_line.h"

#include <string.h>

#include "base/hex.h"

enum {
	OFFSET_DIGITS = 8, /* at least; at most twice as many */
	HEX_COLUMNS = 3 * DUMP_LINE_BYTES + 2,
};

/* Returns the number of bytes up to the first digits, or 0. */
static size_t parse_offset(uint64_t *offset, const char *text, size_t len)
{
	size_t n = 0;
	int digit;

	*offset = 0;
	while (n < len && n < 2 * OFFSET_DIGITS &&
	       (digit = hex_value(text[n])) >= 0) {
		*offset = *offset << 4 | (uint64_t)digit;
		n++;
	}
	if (n < OFFSET_DIGITS || len - n < 2 || memcmp(text + n, "  ", 2) != 0)
		return 0;
	return n + 2;
}

/* The column of the digits of a byte; a space more divides both halves. */
static size_t get_column(size_t i)
{
	return 3 * i + (i >= DUMP_LINE_BYTES / 2);
}

static bool parse_columns(struct dump_line *dump, const char *hex,
			  const char *text)
{
	for (size_t i = 0; i < dump->count; i++) {
		const char *digits = hex + get_column(i);
		int high = hex_value(digits[0]);
		int low = hex_value(digits[1]);
		int byte = high * 16 + low;
		bool plain = byte >= ' ' && byte <= '~';

		if (high < 0 || low < 0 || digits[2] != ' ' ||
		    text[i] != (plain ? byte : '.'))
			return false;
		dump->bytes[i] = (char)byte;
	}
	if (hex[get_column(DUMP_LINE_BYTES / 2) - 1] != ' ')
		return false;
	for (size_t i = get_column(dump->count); i < HEX_COLUMNS; i++)
		if (hex[i] != ' ')
			return false;
	return true;
}

bool dump_line_parse(struct dump_line *dump, const char *payload, size_t len)
{
	const char *hex;
	size_t n;

	if (!len || payload[len - 1] != '|')
		return false;
	n = parse_offset(&dump->offset, payload, len);
	hex = payload + n;
	if (!n || len - n < HEX_COLUMNS + 3 ||
	    len - n > HEX_COLUMNS + 2 + DUMP_LINE_BYTES ||
	    hex[HEX_COLUMNS] != '|')
		return false;
	dump->count = len - n - HEX_COLUMNS - 2;
	return parse_columns(dump, hex, hex + HEX_COLUMNS + 1);
}
