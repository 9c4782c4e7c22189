/*
 * Failures, and troubles.  A trouble is on from the first failure to the next
 * success; each failure sets the time of the next try, a pause later.
 */
#include "rlog/failure.h"

#include <errno.h>
#include <string.h>

#include "base/deadline.h"

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
