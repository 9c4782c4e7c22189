/*
 * When to warn that the logger may remove files before their lines are sent:
 * more than half of the bytes that the log keeps are not, and they don't
 * become fewer.
 */
#ifndef BACKLOG_ALARM_H
#define BACKLOG_ALARM_H

#include <stdbool.h>
#include <stdint.h>

#include "logread/backlog.h"

/* Its members are for backlog_alarm.c.  It is all zero at first. */
struct backlog_alarm {
	bool told;       /* the warning was given */
	bool looked;     /* `behind` is valid */
	uint64_t behind; /* at the look before */
};

/*
 * Looks at the backlog, a while after the look before.  Returns true if a
 * warning is due: at once while `failing`, which is to say that the last try
 * to send has failed, and else if the backlog has not shrunk since the look
 * before.  After a warning, less than a quarter of the log has to be unsent
 * before there is another one.
 */
bool backlog_alarm_look(struct backlog_alarm *alarm,
			const struct backlog *backlog, bool failing);

#endif
