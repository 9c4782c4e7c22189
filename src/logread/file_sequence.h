/*
 * From one file of a directory to the next: the archives of the queue, then
 * what is being rotated, then `current`, then what has come in its place.  The
 * inside of reader.h.
 */
#ifndef FILE_SEQUENCE_H
#define FILE_SEQUENCE_H

#include "logread/reader.h"

/* Opens the next file: 1; 0 if there is none for now. */
int file_sequence_next(struct reader *r);

/* The open file is done with: it is closed, and where it ended remembered. */
void file_sequence_leave(struct reader *r);

/*
 * At the end of the open file: false if more may be written to it.  Otherwise
 * it was left, or is to be read once more.
 */
bool file_sequence_is_over(struct reader *r);

/* Says, with errno, that the file that was opened last can't be read. */
void file_sequence_unreadable(struct reader *r);

#endif
