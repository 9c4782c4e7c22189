/* The lines of a block that a source gives. */
#ifndef BLOCK_LINES_H
#define BLOCK_LINES_H

#include <stddef.h>

#include "logread/source_line.h"

/*
 * Passes each line of a block, without its newline, to visit.  A block is
 * several lines, or one line or a fragment of one; of a line in fragments the
 * first one alone is passed.  Returns 0, or -1 as soon as visit returns -1.
 */
int block_lines_each(const struct source_line *block,
		     int (*visit)(void *ctx, const char *text, size_t len),
		     void *ctx);

#endif
