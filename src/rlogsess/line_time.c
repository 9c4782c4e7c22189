/*
 * Times of lines: read from the beginning of a line, written into reports.
 * libc is asked for the offset of the local zone once for each hour of a day,
 * since it takes longer than all the rest.  Tested by
 * tests/unit/rlogsess/log_line.c.
 */
#include "rlogsess/line_time.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/utc.h"

enum { NANO = 1000000000, DAY = 86400, UNKNOWN = DAY };

/* Seconds that an int64_t of nanoseconds can hold, less two days. */
#define SECONDS_MAX (INT64_MAX / NANO - 2 * DAY)

/* Seconds that local time is east of UTC in an hour of a day since 1970. */
static int64_t ask_zone(int64_t day, int hour)
{
	struct tm tm = {.tm_year = 70,
			.tm_mday = (int)day + 1,
			.tm_hour = hour,
			.tm_min = 30,
			.tm_isdst = -1};
	time_t t = mktime(&tm);

	return day * DAY + hour * 3600 + 1800 - (int64_t)t;
}

static int64_t find_zone(struct line_time_reader *reader, int64_t second)
{
	int64_t day = second / DAY;
	int hour = (int)(second % DAY / 3600);

	if (reader->day != day + 1) {
		reader->day = day + 1;
		for (size_t i = 0; i < 24; i++)
			reader->zone[i] = UNKNOWN;
	}
	if (reader->zone[hour] == UNKNOWN)
		reader->zone[hour] = ask_zone(day, hour);
	return reader->zone[hour];
}

static bool store_time(int64_t *time, int64_t second, long nano)
{
	if (second > SECONDS_MAX)
		return false;
	*time = second * NANO + nano;
	return true;
}

/* Reads a date and a clock; returns the bytes that follow, or NULL. */
static const char *parse_civil(struct line_time_reader *reader, int64_t *time,
			       const char *text, const char *end)
{
	struct utc_parts parts;
	const char *at = utc_parse_date(&parts, text, end), *past;
	int64_t second;
	long east = 0;
	char separator;

	if (!at || parts.date.tm_year < 70 || at == end)
		return NULL;
	separator = *at++;
	if (separator != ' ' && separator != 'T' && separator != '_')
		return NULL;
	at = utc_parse_clock(&parts, at, end);
	if (!at || parts.digits < 0)
		return NULL;
	second = utc_seconds(&parts);
	past = separator == '_' ? at : utc_parse_zone(&east, at, end);
	if (!past)
		east = (long)find_zone(reader, second);
	if (!store_time(time, second - east, parts.nano))
		return NULL;
	return past ? past : at;
}

/* Reads a label; a line with one that Unix time lacks has no time. */
static const char *parse_label_time(const struct line_time_reader *reader,
				    int64_t *time, const char *text,
				    const char *end)
{
	struct timespec unix_time;
	struct tain_s label;

	if (!label_parse(&label, text, (size_t)(end - text)))
		return NULL;
	if (!label_to_time(&unix_time, &label, reader->kind) ||
	    unix_time.tv_sec < 0 ||
	    !store_time(time, unix_time.tv_sec, unix_time.tv_nsec))
		*time = LINE_TIME_NONE;
	return text + LABEL_LEN;
}

size_t line_time_parse(struct line_time_reader *reader, const char *text,
		       size_t len, int64_t *time)
{
	const char *end = text + len, *past = NULL;

	if (len && *text == '@')
		past = parse_label_time(reader, time, text, end);
	else if (len && (*text == '2' || *text == '1'))
		past = parse_civil(reader, time, text, end);
	if (past && past < end)
		past = *past == ' ' ? past + 1 : NULL;
	if (past)
		return (size_t)(past - text);
	*time = LINE_TIME_NONE;
	return 0;
}

static size_t format_time(char *text, int64_t time, struct utc_style style)
{
	struct utc_formatter formatter = {.style = style};
	const struct timespec unix_time = {.tv_sec = (time_t)(time / NANO),
					   .tv_nsec = (long)(time % NANO)};
	size_t n = utc_format(&formatter, text, &unix_time);

	text[n] = 0;
	return n;
}

size_t line_time_format_local(char text[LINE_TIME_TEXT], int64_t time)
{
	if (time == LINE_TIME_NONE)
		return (size_t)snprintf(text, LINE_TIME_TEXT, "-");
	return format_time(text, time,
			   (struct utc_style){' ', 6, UTC_ZONE_NONE});
}

size_t line_time_format_utc(char text[LINE_TIME_TEXT], int64_t time)
{
	return format_time(text, time, (struct utc_style){'T', 9, UTC_ZONE_Z});
}

size_t line_time_format_seconds(char text[LINE_TIME_TEXT], int64_t nanoseconds)
{
	long long ms = llabs((long long)nanoseconds) / 1000000;

	return (size_t)snprintf(text, LINE_TIME_TEXT, "%s%lld.%03lld",
				nanoseconds < 0 ? "-" : "", ms / 1000,
				ms % 1000);
}
