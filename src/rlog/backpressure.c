/* Holding the input up; see backpressure.h. */
#include "rlog/backpressure.h"

#include "base/deadline.h"
#include "rlog/failure.h"
#include "rlog/messages.h"

static void tell(struct backpressure *backpressure, const struct tain_s *now,
		 struct tain_s *deadline)
{
	struct tain_s when;

	if (backpressure->told)
		return;
	tain_addsec(&when, &backpressure->since, BACKPRESSURE_TOLD);
	if (tain_less(now, &when)) {
		deadline_lower(deadline, &when);
		return;
	}
	backpressure->told = true;
	messages_held(-1);
}

static void tell_end(struct backpressure *backpressure,
		     const struct tain_s *now)
{
	struct tain_s took;

	if (!backpressure->told)
		return;
	backpressure->told = false;
	tain_sub(&took, now, &backpressure->since);
	messages_held((long)took.sec.x);
}

void backpressure_look(struct backpressure *backpressure, bool blocked,
		       bool held, const struct tain_s *now,
		       struct tain_s *deadline)
{
	if (blocked && !backpressure->blocked)
		backpressure->stuck = *now;
	if (held && !backpressure->held)
		backpressure->since = *now;
	backpressure->blocked = blocked;
	backpressure->held = held;
	if (held)
		tell(backpressure, now, deadline);
	else
		tell_end(backpressure, now);
}

bool backpressure_too_long(const struct backpressure *backpressure, uint64_t ms,
			   const struct tain_s *now, struct tain_s *deadline)
{
	struct tain_s when;

	if (!backpressure->held || !ms)
		return false;
	deadline_after(&when, &backpressure->stuck, ms);
	if (!tain_less(now, &when))
		return true;
	deadline_lower(deadline, &when);
	return false;
}
