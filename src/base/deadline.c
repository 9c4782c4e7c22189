/*
 * Deadlines: times of a clock that only runs forwards, at which a loop wakes up
 * whatever happens.  A module lowers the loop's deadline to its own; none
 * raises it.
 */
#include "base/deadline.h"

void deadline_lower(struct tain_s *deadline, const struct tain_s *other)
{
	if (tain_less(other, deadline))
		*deadline = *other;
}

void deadline_after(struct tain_s *deadline, const struct tain_s *now,
		    uint64_t milliseconds)
{
	const struct tain_s after = {{milliseconds / 1000},
				     (uint32_t)(milliseconds % 1000 * 1000000)};

	tain_add(deadline, now, &after);
}

bool deadline_is_past(const struct tain_s *deadline, const struct tain_s *now)
{
	return !tain_less(now, deadline);
}
