/* Bars in text, in eighths of a character or, without UTF-8, in ASCII. */
#ifndef BAR_H
#define BAR_H

#include <stdint.h>

#include "base/output.h"
#include "base/screen.h"

/*
 * Writes a bar from left to right: count of most, which is `columns` characters
 * long.  A count other than 0 is seen.
 */
void bar_write_row(struct output *output, const struct screen *screen,
		   uint64_t count, uint64_t most, unsigned int columns);

/* Writes a character that is as high as count of most; 0 is a space. */
void bar_write_column(struct output *output, const struct screen *screen,
		      uint64_t count, uint64_t most);

#endif
