/*
 * Lines of blocks.  A fragment that does not begin its line is passed over up
 * to the newline.  Tested by tests/sh/rlogsess-usage.t.
 */
#include "rlogsess/block_lines.h"

#include <string.h>

int block_lines_each(const struct source_line *block,
		     int (*visit)(void *ctx, const char *text, size_t len),
		     void *ctx)
{
	const char *at = block->text, *end = at + block->len, *newline;
	bool rest = !block->begins;

	while ((newline = memchr(at, '\n', (size_t)(end - at)))) {
		if (!rest && visit(ctx, at, (size_t)(newline - at)) < 0)
			return -1;
		rest = false;
		at = newline + 1;
	}
	if (rest || (at == end && !block->ends))
		return 0;
	return visit(ctx, at, (size_t)(end - at));
}
