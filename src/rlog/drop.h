/*
 * Dropping input, for services that must never wait: what comes while nothing
 * can be written is read and thrown away, line by line, and counted in the
 * ring, so that the next rlog knows of it.  Then a line in the log itself says
 * what is missing, at its place.
 */
#ifndef DROP_H
#define DROP_H

#include <stdbool.h>
#include <stddef.h>

#include <sys/types.h>

#include "rlog/intake.h"

struct drop {
	struct intake *intake;
	bool on;
};

/*
 * Takes up what the ring tells: it may be on already.  With another source the
 * line in progress is over.
 */
void drop_open(struct drop *drop, struct intake *intake, bool same_source);

/*
 * Begins: a line that is partly in the intake is dropped whole, if it begins
 * there; midline: intake_bytes go on with a line.
 */
void drop_begin(struct drop *drop, bool midline);

/* Reads at most `most` bytes, and drops them.  What read returned. */
ssize_t drop_take(struct drop *drop, int fd, size_t most);

/* True if the next byte goes on with a line that is being dropped. */
bool drop_midline(const struct drop *drop);

/*
 * Ends, not in the middle of a dropped line: a note takes the place of what was
 * dropped, if anything was.  midline: the log is in the middle of a line, which
 * gets its newline first.
 */
void drop_end(struct drop *drop, bool midline);

/*
 * Of the first n of intake_bytes, how many may be in one batch; *note: they are
 * a note, for everyone.
 */
size_t drop_split(const struct intake *intake, size_t n, bool *note);

#endif
