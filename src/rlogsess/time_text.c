/* Times as text; see time_text.h. */
#include "rlogsess/time_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { NANO = 1000000000 };

static int split(int64_t time, time_t *seconds)
{
	*seconds = (time_t)(time / NANO);
	return (int)(time % NANO);
}

size_t time_text_local(char text[TIME_TEXT_MAX], int64_t time)
{
	struct tm tm;
	time_t seconds;
	size_t n;
	int nano;

	if (time == STAMP_NONE) {
		strcpy(text, "-");
		return 1;
	}
	nano = split(time, &seconds);
	localtime_r(&seconds, &tm);
	n = strftime(text, TIME_TEXT_MAX, "%F %T", &tm);
	return n + (size_t)snprintf(text + n, TIME_TEXT_MAX - n, ".%06d",
				    nano / 1000);
}

size_t time_text_utc(char text[TIME_TEXT_MAX], int64_t time)
{
	struct tm tm;
	time_t seconds;
	size_t n;
	int nano = split(time, &seconds);

	gmtime_r(&seconds, &tm);
	n = strftime(text, TIME_TEXT_MAX, "%FT%T", &tm);
	return n +
	       (size_t)snprintf(text + n, TIME_TEXT_MAX - n, ".%09dZ", nano);
}

size_t time_text_seconds(char text[TIME_TEXT_MAX], int64_t nanoseconds)
{
	long long ms = llabs((long long)nanoseconds) / 1000000;

	return (size_t)snprintf(text, TIME_TEXT_MAX, "%s%lld.%03lld",
				nanoseconds < 0 ? "-" : "", ms / 1000,
				ms % 1000);
}
