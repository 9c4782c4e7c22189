/* Local time; see calendar.h. */
#include "base/calendar.h"

static bool same_day(const struct tm *a, const struct tm *b)
{
	return a->tm_mday == b->tm_mday && a->tm_mon == b->tm_mon;
}

static bool same_minute(const struct tm *a, const struct tm *b)
{
	return same_day(a, b) && a->tm_hour == b->tm_hour &&
	       a->tm_min == b->tm_min;
}

/* timegm moves what there is not. */
bool calendar_has(const struct tm *date)
{
	struct tm tm = *date;

	tm.tm_hour = 12;
	timegm(&tm);
	return same_day(&tm, date);
}

bool calendar_local(time_t *time, const struct tm *date, bool last)
{
	struct tm tm = *date, other;
	time_t t;

	tm.tm_isdst = -1;
	*time = mktime(&tm);
	if (*time == -1 && tm.tm_year != 69)
		return false;
	for (int dst = 0; dst <= 1; dst++) {
		other = *date;
		other.tm_isdst = dst;
		t = mktime(&other);
		if (other.tm_isdst == dst && same_minute(&other, &tm) &&
		    (last ? t > *time : t < *time))
			*time = t;
	}
	return true;
}
