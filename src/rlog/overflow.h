/*
 * Overflow: input is dropped, for a service that must never wait.  Input that
 * is read while the outputs are blocked is dropped line by line and counted in
 * the ring, so that the next rlog knows the count.  Then a note, a line in the
 * log itself, tells at their place how many lines are missing.
 */
#ifndef OVERFLOW_H
#define OVERFLOW_H

#include <stdbool.h>
#include <stddef.h>

#include <sys/types.h>

#include "logwrite/intake.h"

struct overflow {
	struct intake *intake;
	bool on;
};

/*
 * Goes on with the overflow that the ring knows, if there is one.  With another
 * source the line in progress is over.
 */
void overflow_open(struct overflow *overflow, struct intake *intake,
		   bool same_source);

/* Returns true between overflow_begin and overflow_end. */
static inline bool overflow_is_on(const struct overflow *overflow)
{
	return overflow->on;
}

/*
 * Begins an overflow.  A line that begins in the intake and is not whole is
 * dropped; midline: the first byte of the intake continues a line.
 */
void overflow_begin(struct overflow *overflow, bool midline);

/* Reads at most `most` bytes, and drops them.  Returns as read. */
ssize_t overflow_take(struct overflow *overflow, int fd, size_t most);

/*
 * Reads, and drops the rest of the line that is being dropped: overflow_midline
 * is true, and all that the intake holds is written.  If the line ends,
 * dropping ends as overflow_end says, and the bytes after the line are in the
 * intake.  Returns what read returned.
 */
ssize_t overflow_finish(struct overflow *overflow, int fd, bool midline);

/* Returns true if the next byte continues a line that is being dropped. */
bool overflow_midline(const struct overflow *overflow);

/*
 * Ends the overflow, at the end of a line: a note takes the place of the
 * dropped lines, if there are any.  midline: the log ends within a line, which
 * gets its newline first.
 */
void overflow_end(struct overflow *overflow, bool midline);

#endif
