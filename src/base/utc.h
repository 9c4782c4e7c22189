/*
 * Unix time and civil time: the Gregorian calendar, RFC 3339, and the local
 * zone, as TZ says.
 */
#ifndef UTC_H
#define UTC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

/* Days from 1970-01-01 to a date; month is 1 to 12. */
int64_t utc_days(int64_t year, int month, int day);

/* True if the calendar has this date; false for 31 February, say. */
bool utc_has_date(const struct tm *date);

/*
 * Converts local time to Unix time; false if a time_t can't hold it.  An hour
 * that the end of daylight saving repeats is its first occurrence, or with
 * `last` its second.  One that the beginning of daylight saving skips is moved
 * by the length of the gap.
 */
bool utc_from_local(time_t *time, const struct tm *date, bool last);

enum utc_zone {
	UTC_ZONE_Z,      /* UTC, "Z" */
	UTC_ZONE_OFFSET, /* local time, "+01:00" */
	UTC_ZONE_NONE,   /* local time, nothing */
};

/* How a time is written: date, separator, hh:mm:ss, fraction, zone. */
struct utc_style {
	char separator;      /* 'T' or ' ' */
	unsigned int digits; /* of the fraction, 1 to 9; the rest is cut off */
	enum utc_zone zone;
};

enum { UTC_TEXT = 64 }; /* bytes for any time */

/*
 * Zero-initialised but for the style.  The rest keeps the text of the minute
 * that was written last, since most times are of the same minute as the one
 * before.
 */
struct utc_formatter {
	struct utc_style style;
	bool known;
	time_t minute;
	size_t len, zone_len;
	char text[UTC_TEXT]; /* up to the seconds */
	char zone[8];
};

/*
 * Writes a time, without a NUL.  Returns its length, which is the same for all
 * years from 0 to 9999; 0 if the year is too large for a struct tm.
 */
size_t utc_format(struct utc_formatter *formatter, char text[UTC_TEXT],
		  const struct timespec *time);

/* Writes the first digits of a fraction, "." and 1 to 9; returns the length. */
size_t utc_format_fraction(char *text, long nano, unsigned int digits);

/* Civil time that was read. */
struct utc_parts {
	struct tm date; /* year, month, day, hour, minute and second */
	long nano;
	int digits; /* of the fraction; -1 if there were not even seconds */
};

/*
 * Each of these reads one part at the beginning of text, which ends at `end`,
 * and returns its end, NULL if there is no such part.  There is one rule for
 * all readers of times; each of them decides only which bytes may stand between
 * the parts, and which parts may be absent.
 *
 *   date      2026-11-20; four, two and two digits, a date of the calendar
 *   clock     14:05, 14:05:33 or 14:05:33.123; up to 23:59:60
 *   fraction  .123 or ,123; digits after the ninth are read and ignored
 *   zone      Z, z, +01:00, +0100 or +01; up to 23:59, as seconds east of UTC
 */
const char *utc_parse_date(struct utc_parts *parts, const char *text,
			   const char *end);
const char *utc_parse_clock(struct utc_parts *parts, const char *text,
			    const char *end);
const char *utc_parse_fraction(struct utc_parts *parts, const char *text,
			       const char *end);
const char *utc_parse_zone(long *east, const char *text, const char *end);

/* Unix time of the parts, taken as UTC. */
time_t utc_seconds(const struct utc_parts *parts);

/*
 * Reads RFC 3339 at the beginning of the len bytes at text: date, one of "Tt ",
 * clock with seconds, zone.  Returns its length, 0 if there is none.
 */
size_t utc_parse(struct timespec *time, const char *text, size_t len);

#endif
