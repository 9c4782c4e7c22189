/* Deadlines by the monotonic clock, as iopause takes them. */
#ifndef DEADLINE_H
#define DEADLINE_H

#include <stdint.h>

#include <skalibs/tai.h>

/* Sets *deadline to the earlier one of *deadline and *other. */
void deadline_lower(struct tain_s *deadline, const struct tain_s *other);

/* Sets *deadline to a number of milliseconds after *now. */
void deadline_after(struct tain_s *deadline, const struct tain_s *now,
		    uint64_t milliseconds);

#endif
