/*
 * Backpressure.  A short pause of the input is normal, so that only one of
 * BACKPRESSURE_TOLD seconds becomes an event, and its end another.
 */
#include "rlog/backpressure.h"

#include "base/deadline.h"

static bool report_pause(struct backpressure *backpressure, struct turn *turn,
			 struct event *event)
{
	struct tain_s when;

	if (backpressure->told)
		return false;
	tain_addsec(&when, &backpressure->paused_since, BACKPRESSURE_TOLD);
	if (!deadline_is_past(&when, &turn->now)) {
		deadline_lower(&turn->deadline, &when);
		return false;
	}
	backpressure->told = true;
	*event = (struct event){.kind = EVENT_INPUT_PAUSED};
	return true;
}

static bool report_resumption(struct backpressure *backpressure,
			      const struct tain_s *now, struct event *event)
{
	struct tain_s took;

	if (!backpressure->told)
		return false;
	backpressure->told = false;
	tain_sub(&took, now, &backpressure->paused_since);
	*event = (struct event){.kind = EVENT_INPUT_RESUMED,
				.seconds = (long)took.sec.x};
	return true;
}

bool backpressure_update(struct backpressure *backpressure, bool blocked,
			 bool paused, struct turn *turn, struct event *event)
{
	if (blocked && !backpressure->blocked)
		backpressure->blocked_since = turn->now;
	if (paused && !backpressure->paused)
		backpressure->paused_since = turn->now;
	backpressure->blocked = blocked;
	backpressure->paused = paused;
	return paused ? report_pause(backpressure, turn, event)
		      : report_resumption(backpressure, &turn->now, event);
}

bool backpressure_is_over(const struct backpressure *backpressure, uint64_t ms,
			  struct turn *turn)
{
	struct tain_s when;

	if (!backpressure->paused || !ms)
		return false;
	deadline_after(&when, &backpressure->blocked_since, ms);
	if (deadline_is_past(&when, &turn->now))
		return true;
	deadline_lower(&turn->deadline, &when);
	return false;
}
