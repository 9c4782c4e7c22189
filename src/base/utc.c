/*
 * Civil time.  One function writes times and one set of functions reads them,
 * for labels of lines, for options and for reports alike.  Dates of UTC are
 * counted here; for the local zone libc is asked.
 */
#include "base/utc.h"

#include <stdio.h>
#include <string.h>

enum { NANO_DIGITS = 9, MINUTE = 60, HOUR = 3600, DAY = 86400 };

/*
 * Years begin in March here, so that the day that leap years add comes last,
 * and the lengths of the months before it follow from 153 days in 5 months.
 */
int64_t utc_days(int64_t year, int month, int day)
{
	int64_t y = month > 2 ? year : year - 1;
	int64_t era = (y >= 0 ? y : y - 399) / 400, of_era = y - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 +
	       of_year - 1 - 719468;
}

static bool is_leap_year(int64_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

bool utc_has_date(const struct tm *date)
{
	static const int days[12] = {31, 28, 31, 30, 31, 30,
				     31, 31, 30, 31, 30, 31};
	const int month = date->tm_mon;

	if (month < 0 || month > 11 || date->tm_mday < 1)
		return false;
	if (month == 1 && is_leap_year(date->tm_year + INT64_C(1900)))
		return date->tm_mday <= 29;
	return date->tm_mday <= days[month];
}

static bool same_day(const struct tm *a, const struct tm *b)
{
	return a->tm_mday == b->tm_mday && a->tm_mon == b->tm_mon;
}

static bool same_minute(const struct tm *a, const struct tm *b)
{
	return same_day(a, b) && a->tm_hour == b->tm_hour &&
	       a->tm_min == b->tm_min;
}

bool utc_from_local(time_t *time, const struct tm *date, bool last)
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

/* The offset of the local zone, "+01:00". */
static void format_zone(struct utc_formatter *formatter, const struct tm *tm)
{
	long minutes = tm->tm_gmtoff / MINUTE;
	char sign = minutes < 0 ? '-' : '+';

	if (minutes < 0)
		minutes = -minutes;
	formatter->zone_len = (size_t)snprintf(
	    formatter->zone, sizeof formatter->zone, "%c%02d:%02d", sign,
	    (int)(minutes / 60 % 100), (int)(minutes % 60));
}

/*
 * Formats all but the fraction of a time.  That is kept if the other seconds of
 * its minute differ in the digits of the second only, which is not so where the
 * offset of a zone has seconds.
 */
static bool format_minute(struct utc_formatter *formatter, time_t second)
{
	struct tm tm;

	formatter->known = false;
	if (!(formatter->style.zone == UTC_ZONE_Z ? gmtime_r(&second, &tm)
						  : localtime_r(&second, &tm)))
		return false;
	formatter->len = (size_t)snprintf(
	    formatter->text, sizeof formatter->text,
	    "%04lld-%02d-%02d%c%02d:%02d:%02d", (long long)tm.tm_year + 1900,
	    tm.tm_mon + 1, tm.tm_mday, formatter->style.separator, tm.tm_hour,
	    tm.tm_min, tm.tm_sec);
	if (formatter->style.zone == UTC_ZONE_OFFSET)
		format_zone(formatter, &tm);
	formatter->known = second >= 0 && tm.tm_sec == second % MINUTE;
	formatter->minute = second / MINUTE;
	return true;
}

static bool format_second(struct utc_formatter *formatter, time_t second)
{
	int s = (int)(second % MINUTE);

	if (!formatter->known || second < 0 ||
	    second / MINUTE != formatter->minute)
		return format_minute(formatter, second);
	formatter->text[formatter->len - 2] = (char)('0' + s / 10);
	formatter->text[formatter->len - 1] = (char)('0' + s % 10);
	return true;
}

size_t utc_format_fraction(char *text, long nano, unsigned int digits)
{
	uint32_t rest = (uint32_t)nano;
	unsigned int n = NANO_DIGITS;

	for (; n > digits; n--)
		rest /= 10;
	for (; n; rest /= 10)
		text[n--] = (char)('0' + rest % 10);
	text[0] = '.';
	return digits + 1;
}

size_t utc_format(struct utc_formatter *formatter, char text[UTC_TEXT],
		  const struct timespec *time)
{
	size_t n;

	if (!format_second(formatter, time->tv_sec))
		return 0;
	n = formatter->len;
	memcpy(text, formatter->text, n);
	n += utc_format_fraction(text + n, time->tv_nsec,
				 formatter->style.digits);
	if (formatter->style.zone == UTC_ZONE_Z) {
		text[n++] = 'Z';
	} else if (formatter->style.zone == UTC_ZONE_OFFSET) {
		memcpy(text + n, formatter->zone, formatter->zone_len);
		n += formatter->zone_len;
	}
	return n;
}

static bool is_decimal(char byte)
{
	return byte >= '0' && byte <= '9';
}

static bool is_digit(const char *text, const char *end)
{
	return text < end && is_decimal(*text);
}

/* Reads n digits of a number up to high.  Returns NULL if text is NULL. */
static const char *parse_field(int *value, const char *text, const char *end,
			       int n, int high)
{
	int number = 0;

	*value = 0;
	if (!text || end - text < n)
		return NULL;
	for (int i = 0; i < n; i++) {
		if (!is_decimal(text[i]))
			return NULL;
		number = number * 10 + (text[i] - '0');
	}
	*value = number;
	return number <= high ? text + n : NULL;
}

static const char *parse_byte(const char *text, const char *end, char byte)
{
	return text && text < end && *text == byte ? text + 1 : NULL;
}

const char *utc_parse_date(struct utc_parts *parts, const char *text,
			   const char *end)
{
	struct tm *date = &parts->date;

	text = parse_field(&date->tm_year, text, end, 4, 9999);
	text = parse_byte(text, end, '-');
	text = parse_field(&date->tm_mon, text, end, 2, 12);
	text = parse_byte(text, end, '-');
	text = parse_field(&date->tm_mday, text, end, 2, 31);
	date->tm_year -= 1900;
	date->tm_mon--;
	return text && utc_has_date(date) ? text : NULL;
}

const char *utc_parse_fraction(struct utc_parts *parts, const char *text,
			       const char *end)
{
	long nano = 0;
	int digits = 0;

	if (text == end || (*text != '.' && *text != ',') ||
	    !is_digit(text + 1, end))
		return NULL;
	for (text++; digits < NANO_DIGITS && is_digit(text, end); digits++)
		nano = nano * 10 + (*text++ - '0');
	while (is_digit(text, end))
		text++;
	parts->digits = digits;
	for (; digits < NANO_DIGITS; digits++)
		nano *= 10;
	parts->nano = nano;
	return text;
}

const char *utc_parse_clock(struct utc_parts *parts, const char *text,
			    const char *end)
{
	struct tm *date = &parts->date;

	parts->nano = 0;
	parts->digits = -1;
	date->tm_sec = 0;
	text = parse_field(&date->tm_hour, text, end, 2, 23);
	text = parse_byte(text, end, ':');
	text = parse_field(&date->tm_min, text, end, 2, 59);
	if (!text || text == end || *text != ':')
		return text;
	text = parse_field(&date->tm_sec, text + 1, end, 2, 60);
	parts->digits = 0;
	if (!text || text == end || (*text != '.' && *text != ','))
		return text;
	return utc_parse_fraction(parts, text, end);
}

const char *utc_parse_zone(long *east, const char *text, const char *end)
{
	int hours, minutes = 0, sign;

	*east = 0;
	if (text == end)
		return NULL;
	if (*text == 'Z' || *text == 'z')
		return text + 1;
	if (*text != '+' && *text != '-')
		return NULL;
	sign = *text == '-' ? -1 : 1;
	text = parse_field(&hours, text + 1, end, 2, 23);
	if (text && (is_digit(text, end) || parse_byte(text, end, ':')))
		text = parse_field(&minutes, text + (*text == ':'), end, 2, 59);
	*east = sign * (hours * HOUR + minutes * MINUTE);
	return text;
}

time_t utc_seconds(const struct utc_parts *parts)
{
	const struct tm *date = &parts->date;

	return (time_t)(utc_days(date->tm_year + INT64_C(1900),
				 date->tm_mon + 1, date->tm_mday) *
			DAY) +
	       date->tm_hour * HOUR + date->tm_min * MINUTE + date->tm_sec;
}

size_t utc_parse(struct timespec *time, const char *text, size_t len)
{
	const char *end = text + len, *past;
	struct utc_parts parts;
	long east;

	past = utc_parse_date(&parts, text, end);
	if (!past || past == end || !memchr("Tt ", *past, 3))
		return 0;
	past = utc_parse_clock(&parts, past + 1, end);
	if (!past || parts.digits < 0)
		return 0;
	past = utc_parse_zone(&east, past, end);
	if (!past)
		return 0;
	time->tv_sec = utc_seconds(&parts) - east;
	time->tv_nsec = parts.nano;
	return (size_t)(past - text);
}
