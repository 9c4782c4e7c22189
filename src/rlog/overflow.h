/*
 * Dropping input, for services that must never wait: what comes while nothing
 * can be written is read and thrown away, line by line, and counted in the
 * ring, so that the next rlog knows of it.  Then a line in the log itself says
 * what is missing, at its place.
 */
#ifndef OVERFLOW_H
#define OVERFLOW_H

#include <stdbool.h>
#include <stddef.h>

#include <sys/types.h>

#include "rlog/intake.h"

struct overflow {
	struct intake *intake;
	bool on;
};

/*
 * Takes up what the ring tells: it may be on already.  With another source the
 * line in progress is over.
 */
void overflow_open(struct overflow *overflow, struct intake *intake,
		   bool same_source);

/* Returns true between overflow_begin and overflow_end. */
static inline bool overflow_is_on(const struct overflow *overflow)
{
	return overflow->on;
}

/*
 * Begins: a line that is partly in the intake is dropped whole, if it begins
 * there; midline: intake_bytes go on with a line.
 */
void overflow_begin(struct overflow *overflow, bool midline);

/* Reads at most `most` bytes, and drops them.  What read returned. */
ssize_t overflow_take(struct overflow *overflow, int fd, size_t most);

/*
 * Reads, and drops the rest of the line that is being dropped: overflow_midline
 * is true, and all that the intake holds is written.  If the line ends,
 * dropping ends as overflow_end says, and the bytes behind the line are in the
 * intake.  Returns what read returned.
 */
ssize_t overflow_finish(struct overflow *overflow, int fd, bool midline);

/* True if the next byte goes on with a line that is being dropped. */
bool overflow_midline(const struct overflow *overflow);

/*
 * Ends, not in the middle of a dropped line: a note takes the place of what was
 * dropped, if anything was.  midline: the log is in the middle of a line, which
 * gets its newline first.
 */
void overflow_end(struct overflow *overflow, bool midline);

/*
 * Of the first n of intake_bytes, how many may be in one batch; *note: they are
 * a note, for everyone.
 */
size_t overflow_split(const struct intake *intake, size_t n, bool *note);

#endif
