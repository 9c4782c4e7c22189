/* The place in the files of a log at which its last lines begin. */
#ifndef LAST_LINES_H
#define LAST_LINES_H

#include <stdbool.h>
#include <stdint.h>

#include "logread/file_sequence.h"

/*
 * Opens the file in which the last `lines` lines begin, at the first of them or
 * before it: *skip is the number of lines to skip first.  If there are fewer
 * lines, no file is open.  `dated`: the lines that are skipped begin with one
 * that has a stamp, if there is one in this file or in the one before it, so
 * that the time of the first line is known.  Returns how many lines there are,
 * at most `lines`.
 */
uint64_t last_lines_seek(struct file_sequence *sequence, uint64_t lines,
			 bool follow, bool dated, uint64_t *skip);

#endif
