/*
 * Periods of R: when a `current` that began at some time is too old.  A period
 * that divides a day ends by the clock, of UTC or of the local zone; another
 * one ends when it has passed.
 */
#ifndef PERIOD_H
#define PERIOD_H

#include <stdbool.h>
#include <stdint.h>

#include <skalibs/tai.h>

enum { PERIOD_DAY = 86400000 }; /* milliseconds */

struct period {
	uint64_t length; /* milliseconds */
	bool local;      /* by the clock of the local zone; it divides a day */
};

/*
 * Sets *end, a djb label, to the first end of a period after *since, a djb
 * label.  A label before 1970, as another logger may have written it, counts as
 * the beginning of 1970.
 *
 * In the local zone a period of more than an hour ends where the local clock
 * shows a multiple of its length since midnight: a day at midnight, even where
 * daylight saving makes it 23 or 25 hours long.  An end that daylight saving
 * skips is at the moment of the skip; one that it repeats is the first after
 * *since.  A shorter period has its length even then.
 */
void period_find_end(struct tain_s *end, const struct tain_s *since,
		     const struct period *period);

#endif
