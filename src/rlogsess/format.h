/* Times as text. */
#ifndef FORMAT_H
#define FORMAT_H

#include <stddef.h>
#include <stdint.h>

#include "rlogsess/stamp.h"

enum { FORMAT_MAX = 64 };

/* Each writes to text, ends it with a NUL and returns its length. */

/* "2026-11-20 14:05:33.123456" in local time, "-" for STAMP_NONE. */
size_t format_local(char text[FORMAT_MAX], int64_t time);

/* "2026-11-20T14:05:33.123456789Z" */
size_t format_utc(char text[FORMAT_MAX], int64_t time);

/* "12.345", of nanoseconds. */
size_t format_seconds(char text[FORMAT_MAX], int64_t nanoseconds);

#endif
