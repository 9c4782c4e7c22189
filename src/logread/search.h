/*
 * Finding stamps and lines in a file of a log that is not compressed, without
 * reading all of it.
 */
#ifndef SEARCH_H
#define SEARCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/label.h"
#include "logread/stamp.h"

/*
 * Finds the label of the first line, or the djb label of its stamp of another
 * kind (stamp.h).  `span`, here and below, is when the lines of the file were
 * written.  Returns false if it has none.
 */
bool search_first(int fd, struct stamp_span span, struct tain_s *label);

/* The same for the first line with a stamp, if that begins in the first 8 KiB.
 */
bool search_first_stamp(int fd, struct stamp_span span, struct tain_s *label);

/*
 * Finds the label of the last line that has one.  Returns false if there is
 * none in the last 64 KiB.
 */
bool search_last(int fd, struct tain_s *label);

/* The same for the last line with any stamp. */
bool search_last_stamp(int fd, struct stamp_span span, struct tain_s *label);

/*
 * Returns the offset of a line, not far before the first one whose stamp is not
 * before this label; in a file with local times, some hours before it.  In a
 * file whose stamps ascend, those of all lines before the offset are before
 * this label.
 */
uint64_t search_label(int fd, struct stamp_span span,
		      const struct tain_s *label);

/*
 * Finds the last line with a stamp that begins at offset `end`, at which a line
 * begins, or before it, and the number of newlines from there to `end`.
 * Returns false if there is none.
 */
bool search_stamp_back(int fd, uint64_t end, uint64_t *newlines,
		       uint64_t *offset);

/*
 * Finds newline number *newlines before offset `end`, counted back from there.
 * Returns 1 and the offset after it; 0 if there are fewer: their number is
 * subtracted from *newlines; or -1 with errno set.
 */
int search_back(int fd, uint64_t end, uint64_t *newlines, uint64_t *offset);

#endif
