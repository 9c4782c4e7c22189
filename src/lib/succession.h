/*
 * From one file of a directory to the next: the archives of the queue, then
 * what is being rotated, then `current`, then what has come in its place.  The
 * inside of reader.h.
 */
#ifndef SUCCESSION_H
#define SUCCESSION_H

#include "reader.h"

/* Opens the next file: 1; 0 if there is none for now. */
int succession_next(struct reader *r);

/* The open file is done with: it is closed, and where it ended remembered. */
void succession_leave(struct reader *r);

/*
 * At the end of the open file: false if more may be written to it.  Otherwise
 * it was left, or is to be read once more.
 */
bool succession_is_over(struct reader *r);

/* Says, with errno, that the file that was opened last can't be read. */
void succession_unreadable(struct reader *r);

#endif
