/* Who gets a line: its walk through the script.  A part of batch.h. */
#ifndef SELECT_H
#define SELECT_H

#include "rlog/batch.h"

enum { SELECT_MATCH = 1000 }; /* patterns see so much of a line */

/*
 * The line, which is made on the first buffer, goes through the script; it is
 * made on the other buffers if somebody wants it there.  True if anybody has it
 * selected.
 */
bool select_line(struct batch *batch, const struct fragment *fragment);

/*
 * What is used of the buffers since the last time, with the same outputs
 * selected, becomes a span.
 */
void select_flush(struct batch *batch);

#endif
