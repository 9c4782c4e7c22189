/* Times as text. */
#ifndef TIME_TEXT_H
#define TIME_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "rlogsess/stamp.h"

enum { TIME_TEXT_MAX = 64 };

/* Each writes to text, ends it with a NUL and returns its length. */

/* "2026-11-20 14:05:33.123456" in local time, "-" for STAMP_NONE. */
size_t time_text_local(char text[TIME_TEXT_MAX], int64_t time);

/* "2026-11-20T14:05:33.123456789Z" */
size_t time_text_utc(char text[TIME_TEXT_MAX], int64_t time);

/* "12.345", of nanoseconds. */
size_t time_text_seconds(char text[TIME_TEXT_MAX], int64_t nanoseconds);

#endif
