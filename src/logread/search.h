/* Finding things in a file of a log that is not compressed, not by reading it.
 */
#ifndef SEARCH_H
#define SEARCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/label.h"

/* The label of the first line.  False if that has none. */
bool search_first(int fd, struct tain_s *label);

/*
 * The label of the last line that has one, if that is among the last 64 KiB.
 * False if there is none.
 */
bool search_last(int fd, struct tain_s *label);

/*
 * The offset of a line in front of which, in a file in order, are only lines
 * whose labels are smaller, and which is not far from the first that is not.
 */
uint64_t search_label(int fd, const struct tain_s *label);

/*
 * Looks at the bytes before offset `end`, back to front, for the newline
 * number *newlines; 1 and the offset behind it.  If there are fewer, they are
 * taken off *newlines: 0.  -1 and errno.
 */
int search_back(int fd, uint64_t end, uint64_t *newlines, uint64_t *offset);

#endif
