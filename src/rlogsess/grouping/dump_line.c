/*
 * Lines of a hex dump: "00000000  45 48 4c ...  |EHL...|".  The text has to
 * agree with the digits, so that a payload of another form, whose last byte a
 * logger has removed, is hardly taken for a dump.  Tested by
 * tests/unit/rlogsess/log_line.c.
 */
#include "rlogsess/grouping/dump_line.h"

#include <string.h>

#include "base/hex.h"

enum { OFFSET_DIGITS = 8, HEX_COLUMNS = 3 * DUMP_LINE_BYTES + 2 };

static bool take_offset(struct slice *rest, uint64_t *offset)
{
	size_t n = 0;
	int digit;

	*offset = 0;
	while (n < rest->len && n < 16 &&
	       (digit = hex_value(rest->at[n])) >= 0) {
		*offset = *offset << 4 | (uint64_t)digit;
		n++;
	}
	slice_skip(rest, n);
	return n >= OFFSET_DIGITS && slice_prefix(rest, "  ");
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

bool dump_line_parse(struct dump_line *dump, struct slice payload)
{
	struct slice rest = payload;
	const char *hex;

	if (!rest.len || rest.at[rest.len - 1] != '|' ||
	    !take_offset(&rest, &dump->offset))
		return false;
	hex = rest.at;
	if (rest.len < HEX_COLUMNS + 3 ||
	    rest.len > HEX_COLUMNS + 2 + DUMP_LINE_BYTES ||
	    hex[HEX_COLUMNS] != '|')
		return false;
	dump->count = rest.len - HEX_COLUMNS - 2;
	return parse_columns(dump, hex, hex + HEX_COLUMNS + 1);
}
