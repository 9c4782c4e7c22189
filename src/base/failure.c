/* Failures and when to try again; see failure.h. */
#include "base/failure.h"

#include <errno.h>
#include <string.h>

int failure_set(struct failure *failure, const char *verb, const char *file)
{
	failure->verb = verb;
	failure->file = file;
	failure->reason = NULL;
	failure->error = errno;
	return -1;
}

const char *failure_reason(const struct failure *failure)
{
	return failure->reason ? failure->reason : strerror(failure->error);
}

bool trouble_hit(struct trouble *trouble, const struct tain_s *now)
{
	bool first = !trouble->on;

	if (first)
		trouble->since = *now;
	trouble->on = true;
	deadline_after(&trouble->retry, now,
		       trouble->pause ? trouble->pause : TROUBLE_PAUSE);
	return first;
}

long trouble_over(struct trouble *trouble, const struct tain_s *now)
{
	struct tain_s took;

	if (!trouble->on)
		return -1;
	trouble->on = false;
	tain_sub(&took, now, &trouble->since);
	return (long)took.sec.x;
}

bool trouble_waits(const struct trouble *trouble, const struct tain_s *now,
		   struct tain_s *deadline)
{
	if (!trouble->on || !tain_less(now, &trouble->retry))
		return false;
	deadline_lower(deadline, &trouble->retry);
	return true;
}

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
