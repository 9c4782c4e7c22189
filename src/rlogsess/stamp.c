/* Stamps of lines; see stamp.h. */
#include "rlogsess/stamp.h"

#include <stdbool.h>
#include <time.h>

#include "base/label.h"
#include "logread/scan.h"

enum { NANO = 1000000000, DAY = 86400, UNKNOWN = DAY };

/* Seconds that an int64_t of nanoseconds can hold, and some to spare. */
#define SECONDS_MAX (INT64_MAX / NANO - 2 * DAY)

/* What is read so far. */
struct scan {
	const char *at, *end;
};

static bool digits(struct scan *s, int n, int *value)
{
	*value = 0;
	if (s->end - s->at < n)
		return false;
	for (; n; n--, s->at++) {
		if (*s->at < '0' || *s->at > '9')
			return false;
		*value = *value * 10 + (*s->at - '0');
	}
	return true;
}

static bool take(struct scan *s, char c)
{
	if (s->at == s->end || *s->at != c)
		return false;
	s->at++;
	return true;
}

/* The stamp is over where a space is, which belongs to it, or the line. */
static bool is_over(struct scan *s)
{
	return s->at == s->end || take(s, ' ');
}

/* Days since 1970-01-01 in the Gregorian calendar. */
static int64_t days_of(int year, int month, int day)
{
	int64_t y = month > 2 ? year : year - 1;
	int64_t era = y / 400, of_era = y - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 +
	       of_year - 1 - 719468;
}

/* "2026-11-20", as days since 1970. */
static bool date(struct scan *s, int64_t *day)
{
	int y, m, d;

	if (!digits(s, 4, &y) || !take(s, '-') || !digits(s, 2, &m) ||
	    !take(s, '-') || !digits(s, 2, &d) || y < 1970 || m < 1 || m > 12 ||
	    d < 1 || d > 31)
		return false;
	*day = days_of(y, m, d);
	return true;
}

/* "14:05:33", as seconds. */
static bool clock_time(struct scan *s, int64_t *seconds)
{
	int h, m, sec;

	if (!digits(s, 2, &h) || !take(s, ':') || !digits(s, 2, &m) ||
	    !take(s, ':') || !digits(s, 2, &sec) || h > 23 || m > 59 ||
	    sec > 60)
		return false;
	*seconds = h * 3600 + m * 60 + sec;
	return true;
}

static int64_t fraction(struct scan *s)
{
	int64_t nano = 0, unit = NANO / 10;

	if (!take(s, '.'))
		return 0;
	for (; s->at < s->end && *s->at >= '0' && *s->at <= '9'; s->at++) {
		nano += (*s->at - '0') * unit;
		unit /= 10;
	}
	return nano;
}

/* "Z" or "+hh:mm": seconds east of UTC. */
static bool zone(struct scan *s, int64_t *east)
{
	bool west;
	int h, m;

	*east = 0;
	if (take(s, 'Z'))
		return true;
	west = take(s, '-');
	if ((!west && !take(s, '+')) || !digits(s, 2, &h))
		return false;
	take(s, ':');
	if (!digits(s, 2, &m))
		return false;
	*east = (h * 3600 + m * 60) * (west ? -1 : 1);
	return true;
}

/* How far local time is east of UTC in this hour, as the system says. */
static int64_t look_up(int64_t day, int hour)
{
	struct tm tm = {.tm_year = 70,
			.tm_mday = (int)day + 1,
			.tm_hour = hour,
			.tm_min = 30,
			.tm_isdst = -1};
	time_t t = mktime(&tm);

	return day * DAY + hour * 3600 + 1800 - (int64_t)t;
}

static int64_t local_zone(struct stamp_reader *r, int64_t day, int64_t seconds)
{
	int hour = (int)(seconds / 3600) % 24;

	if (r->day != day + 1) {
		r->day = day + 1;
		for (int i = 0; i < 24; i++)
			r->zone[i] = UNKNOWN;
	}
	if (r->zone[hour] == UNKNOWN)
		r->zone[hour] = look_up(day, hour);
	return r->zone[hour];
}

static bool readable(struct stamp_reader *r, struct scan *s, int64_t *time)
{
	int64_t day, seconds, nano, east = 0;
	char between;

	if (!date(s, &day) || s->at == s->end)
		return false;
	between = *s->at++;
	if ((between != ' ' && between != 'T' && between != '_') ||
	    !clock_time(s, &seconds))
		return false;
	nano = fraction(s);
	if (between != '_' && !zone(s, &east))
		east = local_zone(r, day, seconds);
	if (!is_over(s))
		return false;
	seconds += day * DAY - east;
	if (seconds > SECONDS_MAX)
		return false;
	*time = seconds * NANO + nano;
	return true;
}

static bool label(const struct stamp_reader *r, struct scan *s, int64_t *time)
{
	struct tain_s t;
	struct timespec unix_time;

	if (!scan_label(&t, s->at, (size_t)(s->end - s->at)))
		return false;
	s->at += LABEL_LEN;
	if (!is_over(s))
		return false;
	*time = STAMP_NONE;
	if (epoch_from_label(&unix_time, &t, r->kind) &&
	    unix_time.tv_sec >= 0 && unix_time.tv_sec <= SECONDS_MAX)
		*time = (int64_t)unix_time.tv_sec * NANO + unix_time.tv_nsec;
	return true;
}

size_t stamp_scan(struct stamp_reader *r, const char *text, size_t len,
		  int64_t *time)
{
	struct scan s = {text, text + len};
	bool found = false;

	if (len && *text == '@')
		found = label(r, &s, time);
	else if (len && (*text == '2' || *text == '1'))
		found = readable(r, &s, time);
	if (found)
		return (size_t)(s.at - text);
	*time = STAMP_NONE;
	return 0;
}
