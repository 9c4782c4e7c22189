/* Finding the text in a sequence of files from which a reader starts. */
#ifndef SEEK_H
#define SEEK_H

#include "logread/file_sequence.h"
#include "logread/position.h"

/*
 * Opens the file in which the last `lines` lines begin, at the first of them; a
 * compressed one at its beginning, and *skip is the number of its lines to skip
 * first.  If there are fewer lines, no file is open.  Returns how many lines
 * there are, at most `lines`.
 */
uint64_t seek_tail(struct file_sequence *sequence, uint64_t lines, bool follow,
		   uint64_t *skip);

/* Opens the file of a position, there.  Returns false if it is not found. */
bool seek_position(struct file_sequence *sequence,
		   const struct position *position);

#endif
