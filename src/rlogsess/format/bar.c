/*
 * Bars.  A length is rounded up, so that a count of 1 beside one of a million
 * is seen.  Products are taken in double: exact counts stand beside the bars.
 */
#include "rlogsess/format/bar.h"

/* Returns count of most, in `steps` steps; 0 only for 0. */
static unsigned int scale_count(uint64_t count, uint64_t most,
				unsigned int steps)
{
	double length;

	if (!count || !most)
		return 0;
	if (count >= most)
		return steps;
	length = (double)count / (double)most * steps;
	return (unsigned int)length + (length > (unsigned int)length);
}

void bar_write_row(struct output *output, const struct screen *screen,
		   uint64_t count, uint64_t most, unsigned int columns)
{
	/* U+2588, and U+258F to U+2589 for 1 to 7 eighths. */
	static const char *const eighths[] = {
	    "\xe2\x96\x88", "\xe2\x96\x8f", "\xe2\x96\x8e", "\xe2\x96\x8d",
	    "\xe2\x96\x8c", "\xe2\x96\x8b", "\xe2\x96\x8a", "\xe2\x96\x89",
	};
	unsigned int parts = screen->utf8 ? 8 : 1;
	unsigned int length = scale_count(count, most, columns * parts);

	for (unsigned int i = 0; i < length / parts; i++)
		output_string(output, screen->utf8 ? eighths[0] : "#");
	if (length % parts)
		output_string(output, eighths[length % parts]);
}

void bar_write_column(struct output *output, const struct screen *screen,
		      uint64_t count, uint64_t most)
{
	/* U+2581 to U+2588. */
	static const char *const blocks[] = {
	    " ",
	    "\xe2\x96\x81",
	    "\xe2\x96\x82",
	    "\xe2\x96\x83",
	    "\xe2\x96\x84",
	    "\xe2\x96\x85",
	    "\xe2\x96\x86",
	    "\xe2\x96\x87",
	    "\xe2\x96\x88",
	};
	static const char ascii[] = " .:-=+*#";

	if (screen->utf8)
		output_string(output, blocks[scale_count(count, most, 8)]);
	else
		output_bytes(output, &ascii[scale_count(count, most, 7)], 1);
}
