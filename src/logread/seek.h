/*
 * Beginning a reader in the middle: at the last lines, or at a place.  The
 * inside of reader.h and source.h.
 */
#ifndef SEEK_H
#define SEEK_H

#include "logread/reader.h"

/*
 * Leaves out all but the last `lines` lines: 0 and *left, how many there are
 * then; or -1 and errno.
 */
int seek_tail(struct reader *r, uint64_t lines, uint64_t *left);

/*
 * Goes to a place.  If it is not there: to what follows the label of the line
 * in front of it or, if that had none, to the beginning, and says so.
 */
void seek_place(struct reader *r, const struct position *place);

#endif
