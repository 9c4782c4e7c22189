/*
 * Beginning a reader in the middle: at the last lines, or at a place.  The
 * inside of reader.h and source.h.
 */
#ifndef RESUME_H
#define RESUME_H

#include "reader.h"

/*
 * Leaves out all but the last `lines` lines: 0 and *left, how many there are
 * then; or -1 and errno.
 */
int resume_tail(struct reader *r, uint64_t lines, uint64_t *left);

/*
 * Goes to a place.  If it is not there: to what follows the label of the line
 * in front of it or, if that had none, to the beginning, and says so.
 */
void resume_place(struct reader *r, const struct place *place);

#endif
