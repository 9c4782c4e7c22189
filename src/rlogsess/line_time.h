/*
 * The time at the beginning of a line of a log, which is a stamp (stamp.h),
 * followed by a space or the end of the line.
 *
 * A time is a number of nanoseconds since 1970, UTC, without leap seconds.
 */
#ifndef LINE_TIME_H
#define LINE_TIME_H

#include <stddef.h>
#include <stdint.h>

#include "logread/stamp.h"

#define LINE_TIME_NONE INT64_MIN /* no time is known */

enum { LINE_TIME_TEXT = 64 }; /* bytes for any time */

/* Zero-initialised before the first line; the labels are then djb's. */
struct line_time_reader {
	enum label_kind kind; /* of labels */
	struct stamp_reader stamps;
};

/*
 * Reads the time at the beginning of the len bytes at text.  Returns its
 * length, with the space; 0, and LINE_TIME_NONE in *time, if there is none.
 */
size_t line_time_parse(struct line_time_reader *reader, const char *text,
		       size_t len, int64_t *time);

/* Writes "2026-11-20 14:05:33.123456", local time, or "-"; NUL; the length. */
size_t line_time_format_local(char text[LINE_TIME_TEXT], int64_t time);

/* Writes "2026-11-20T14:05:33.123456789Z" and a NUL; returns the length. */
size_t line_time_format_utc(char text[LINE_TIME_TEXT], int64_t time);

/* Writes a duration, "12.345", and a NUL; returns the length. */
size_t line_time_format_seconds(char text[LINE_TIME_TEXT], int64_t nanoseconds);

#endif
