/*
 * Rotation by age (R).  A current is as old as its first line.  Periods that
 * divide a day end on the boundaries of the clock, UTC.  All times are labels
 * of the real-time clock, which may be set back: a current that began in the
 * future then begins now.
 */
#ifndef AGE_H
#define AGE_H

#include <stdbool.h>
#include <stdint.h>

#include <skalibs/tai.h>

#include "rlog/line_stamp.h"

enum { AGE_LOOK = 60 }; /* seconds after which the clock is read again */

/* Sets *end to the time at which a current that began at *since is due. */
void age_end(struct tain_s *end, const struct tain_s *since,
	     uint64_t period_ms);

/*
 * True if a current that began at *since is due when the clock shows *now.  If
 * *now is before *since, *since is set to it.
 */
bool age_is_over(struct tain_s *since, const struct tain_s *now,
		 uint64_t period_ms);

/*
 * Sets *since to the time at which a current that is not empty began: the stamp
 * of its first line or, if it has none, the time of the file's creation or, if
 * the system has none, of its last change.  Returns 0, or -1 with errno.
 */
int age_find(struct tain_s *since, int directory, enum label_kind kind);

/*
 * Lowers *deadline, a time of the monotonic clock that shows *stopwatch, to the
 * end, which is a time of the clock that shows *now, but to AGE_LOOK seconds
 * from now at most, since that clock may be set.
 */
void age_lower(struct tain_s *deadline, const struct tain_s *stopwatch,
	       const struct tain_s *end, const struct tain_s *now);

#endif
