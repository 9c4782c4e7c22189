/*
 * Rotation by age (R).  A current is as old as its first line; where a period
 * divides a day, it ends on the boundaries of the clock, UTC.  All times are
 * labels as the clock shows them, which may be set back: then a current that
 * seems to come from the future begins now.
 */
#ifndef AGE_H
#define AGE_H

#include <stdbool.h>
#include <stdint.h>

#include <skalibs/tai.h>

#include "rlog/line_stamp.h"

enum { AGE_LOOK = 60 }; /* seconds until the clock is looked at again */

/* *end = when a current that began at *since is to be rotated. */
void age_end(struct tain_s *end, const struct tain_s *since,
	     uint64_t period_ms);

/*
 * True if a current that began at *since is due when the clock shows *now.
 * *since is set to *now if that is earlier.
 */
bool age_is_over(struct tain_s *since, const struct tain_s *now,
		 uint64_t period_ms);

/*
 * When the current, which is not empty, was begun: by the stamp of its first
 * line, else when the file was made, else when it was last changed.
 */
int age_find(struct tain_s *since, int directory, enum label_kind kind);

/*
 * *deadline, by the stopwatch that shows *stopwatch, is lowered to the end, or
 * to when the clock has to be looked at again in case it was set.
 */
void age_lower(struct tain_s *deadline, const struct tain_s *stopwatch,
	       const struct tain_s *end, const struct tain_s *now);

#endif
