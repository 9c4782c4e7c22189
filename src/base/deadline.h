/* Deadlines by the monotonic clock, as iopause takes them. */
#ifndef DEADLINE_H
#define DEADLINE_H

#include <stdbool.h>
#include <stdint.h>

#include <skalibs/tai.h>

/* Sets *deadline to the earlier one of *deadline and *other. */
void deadline_lower(struct tain_s *deadline, const struct tain_s *other);

/* Sets *deadline to a number of milliseconds after *now. */
void deadline_after(struct tain_s *deadline, const struct tain_s *now,
		    uint64_t milliseconds);

/* True if it is now the time of the deadline, or later. */
bool deadline_is_past(const struct tain_s *deadline, const struct tain_s *now);

#endif
