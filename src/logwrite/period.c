/*
 * Periods.  Those of UTC are counted from the beginning of Unix time, which is
 * a midnight.  Those of the local zone that divide an hour are too, with the
 * zone's offset added: daylight saving moves the clock by whole ones of them.
 * For longer ones, which are whole minutes since they divide a day, the C
 * library converts the next multiple on the clock to Unix time.
 */
#include "logwrite/period.h"

#include "base/label.h"
#include "base/utc.h"

enum {
	MS = 1000000,      /* nanoseconds */
	MINUTE_MS = 60000, /* milliseconds */
	HOUR_MS = 3600000
};

/* The first multiple after ms of a clock that is `ahead` of UTC. */
static int64_t next_multiple(int64_t ms, int64_t length, int64_t ahead)
{
	return ((ms + ahead) / length + 1) * length - ahead;
}

/*
 * The next time when the local clock shows a multiple of this many minutes.
 * mktime takes hours and minutes as those of the clock, but seconds above 59 as
 * seconds that pass.
 */
static int64_t next_on_clock(time_t since, const struct tm *tm, int length)
{
	const int next = (tm->tm_hour * 60 + tm->tm_min) / length + 1;
	const struct tm date = {.tm_year = tm->tm_year,
				.tm_mon = tm->tm_mon,
				.tm_mday = tm->tm_mday + next * length / 1440,
				.tm_hour = next * length % 1440 / 60,
				.tm_min = next * length % 60};
	time_t end;

	for (int last = 0; last <= 1; last++)
		if (utc_from_local(&end, &date, last) && end > since)
			return end;
	return since + length * 60;
}

static int64_t find_local_end(const struct timespec *since, int64_t ms,
			      int64_t length)
{
	struct tm tm;

	if (!localtime_r(&since->tv_sec, &tm))
		return next_multiple(ms, length, 0);
	/* A day more keeps the sum above 0; it has no part of a period. */
	if (HOUR_MS % length == 0)
		return next_multiple(ms, length,
				     tm.tm_gmtoff * INT64_C(1000) + PERIOD_DAY);
	return next_on_clock(since->tv_sec, &tm, (int)(length / MINUTE_MS)) *
	       1000;
}

void period_find_end(struct tain_s *end, const struct tain_s *since,
		     const struct period *period)
{
	const int64_t length = (int64_t)period->length;
	struct timespec time;
	int64_t ms;

	if (!label_to_time(&time, since, LABEL_DJB) || time.tv_sec < 0)
		time = (struct timespec){0};
	ms = time.tv_sec * INT64_C(1000) + time.tv_nsec / MS;
	time.tv_nsec %= MS;
	if (PERIOD_DAY % length) {
		ms += length;
	} else {
		ms = period->local ? find_local_end(&time, ms, length)
				   : next_multiple(ms, length, 0);
		time.tv_nsec = 0;
	}
	time.tv_sec = (time_t)(ms / 1000);
	time.tv_nsec += (long)(ms % 1000 * MS);
	label_from_time(end, &time, LABEL_DJB);
}
