/* Holding the input up; see hold.h. */
#include "rlog/hold.h"

#include "base/deadline.h"
#include "rlog/failure.h"
#include "rlog/message.h"

static void tell(struct hold *hold, const struct tain_s *now,
		 struct tain_s *deadline)
{
	struct tain_s when;

	if (hold->told)
		return;
	tain_addsec(&when, &hold->since, HOLD_TOLD);
	if (tain_less(now, &when)) {
		deadline_lower(deadline, &when);
		return;
	}
	hold->told = true;
	message_held(-1);
}

static void tell_end(struct hold *hold, const struct tain_s *now)
{
	struct tain_s took;

	if (!hold->told)
		return;
	hold->told = false;
	tain_sub(&took, now, &hold->since);
	message_held((long)took.sec.x);
}

void hold_look(struct hold *hold, bool blocked, bool held,
	       const struct tain_s *now, struct tain_s *deadline)
{
	if (blocked && !hold->blocked)
		hold->stuck = *now;
	if (held && !hold->held)
		hold->since = *now;
	hold->blocked = blocked;
	hold->held = held;
	if (held)
		tell(hold, now, deadline);
	else
		tell_end(hold, now);
}

bool hold_too_long(const struct hold *hold, uint64_t ms,
		   const struct tain_s *now, struct tain_s *deadline)
{
	struct tain_s when;

	if (!hold->held || !ms)
		return false;
	deadline_after(&when, &hold->stuck, ms);
	if (!tain_less(now, &when))
		return true;
	deadline_lower(deadline, &when);
	return false;
}
