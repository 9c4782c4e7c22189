/*
 * The alarm of a backlog.  A log that is sent for the first time is unsent as a
 * whole, which is no danger as long as sending is faster than logging: so a
 * backlog that shrinks is no reason.  A log without archives loses nothing.
 *
 * Tested by tests/unit/rlogship/backlog_alarm.c and
 * tests/peer/rlogship-backlog.t.
 */
#include "rlogship/backlog_alarm.h"

bool backlog_alarm_look(struct backlog_alarm *alarm,
			const struct backlog *backlog, bool failing)
{
	bool stays = alarm->looked && backlog->behind >= alarm->behind;

	alarm->looked = true;
	alarm->behind = backlog->behind;
	if (backlog->behind < backlog->kept / 4)
		alarm->told = false;
	if (alarm->told || !(failing || stays) || !backlog->archives ||
	    backlog->behind <= backlog->kept / 2)
		return false;
	alarm->told = true;
	return true;
}
