/*
 * The status file.  Only printable text gets into it: the words of a fault are
 * the project's or were made printable by stream_fault_set.  Tested by
 * tests/peer/rlogfetch.t.
 */
#include "rlogfetch/fetch_status.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/utc.h"
#include "logdir/layout.h"
#include "logdir/replace.h"

enum { STATUS_MAX = 2048 + STREAM_URL_TEXT_MAX };

/* The time of the cursor's message, or "-". */
static void format_message_time(char text[UTC_TEXT], int64_t time)
{
	struct utc_formatter formatter = {.style = {'T', 9, UTC_ZONE_Z}};
	const struct timespec when = {.tv_sec = time / 1000000000,
				      .tv_nsec = time % 1000000000};

	text[time > 0 ? utc_format(&formatter, text, &when) : 0] = 0;
	if (!*text)
		snprintf(text, UTC_TEXT, "-");
}

static const char *describe_fault(const struct fetcher *fetcher)
{
	if (!fetcher->faulty)
		return "-";
	return *fetcher->fault.text ? fetcher->fault.text
				    : stream_fault_words(fetcher->fault.kind);
}

int fetch_status_write(const char *path, const struct fetcher *fetcher)
{
	char text[STATUS_MAX], time[UTC_TEXT];
	struct replace replace;
	int len;

	format_message_time(time, fetcher->cursor.time);
	len = snprintf(text, sizeof text,
		       "stream %s\nconnected %s\nsequence %" PRIu64
		       "\ntime %s\npending %" PRIu64 "\nmessages %" PRIu64
		       "\nlines %" PRIu64 "\nbytes %" PRIu64
		       "\nrefused %" PRIu64 "\ncopies %" PRIu64 "\nfault %s\n",
		       fetcher->cursor.target, fetcher->open ? "yes" : "no",
		       fetcher->cursor.sequence, time, fetcher->pending,
		       fetcher->messages, fetcher->store->lines,
		       fetcher->store->bytes, fetcher->refused,
		       fetcher->store->copies, describe_fault(fetcher));
	if (replace_open(&replace, AT_FDCWD, path, LAYOUT_FILE_MODE) < 0)
		return -1;
	return replace_end(&replace,
			   write(replace.fd, text, (size_t)len) == len, false);
}
