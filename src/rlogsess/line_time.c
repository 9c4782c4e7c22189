/*
 * Times of lines: stamps as nanoseconds, and how times are written into
 * reports.  A stamp whose time nanoseconds can't hold is a stamp without a
 * time.
 */
#include "rlogsess/line_time.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/utc.h"

enum { NANO = 1000000000, DAY = 86400 };

/* Seconds that an int64_t of nanoseconds can hold, less two days. */
#define SECONDS_MAX (INT64_MAX / NANO - 2 * DAY)

static bool store_time(int64_t *time, int64_t second, long nano)
{
	if (second > SECONDS_MAX)
		return false;
	*time = second * NANO + nano;
	return true;
}

size_t line_time_parse(struct line_time_reader *reader, const char *text,
		       size_t len, int64_t *time)
{
	struct timespec unix_time;
	struct tain_s label;
	size_t n;

	*time = LINE_TIME_NONE;
	reader->stamps.kind = reader->kind;
	n = stamp_parse(&reader->stamps, &label, text, len);
	if (!n || (n < len && text[n] != ' '))
		return 0;
	if (!label_to_time(&unix_time, &label, reader->kind) ||
	    unix_time.tv_sec < 0 ||
	    !store_time(time, unix_time.tv_sec, unix_time.tv_nsec))
		*time = LINE_TIME_NONE;
	return n < len ? n + 1 : n;
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
