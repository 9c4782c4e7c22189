/* Dates and clock times of the local time zone, as TZ says. */
#ifndef CALENDAR_H
#define CALENDAR_H

#include <stdbool.h>
#include <time.h>

/* False for what no year has, such as 31 February. */
bool calendar_has(const struct tm *date);

/*
 * Local time as Unix time; false if it is beyond what can be told.  An hour
 * that the end of daylight saving repeats happens twice: `last` takes the
 * second one.  One that its beginning skips is moved by what was skipped.
 */
bool calendar_local(time_t *time, const struct tm *date, bool last);

#endif
