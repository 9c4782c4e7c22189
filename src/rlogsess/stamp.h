/*
 * The time that a line of a log begins with, in one of these forms, and a space
 * behind it or the end of the line:
 *
 *   @4000000069203f1b1c9e6b34             a TAI64N label
 *   2026-11-20 14:05:33[.frac]            tai64nlocal's, local time
 *   2026-11-20_14:05:33[.frac]            svlogd -tt's, UTC
 *   2026-11-20T14:05:33[.frac]Z|+hh:mm    RFC 3339; without a zone, local time
 *
 * Times are nanoseconds since 1970, UTC, without leap seconds.
 */
#ifndef STAMP_H
#define STAMP_H

#include <stddef.h>
#include <stdint.h>

#include "base/epoch.h"

#define STAMP_NONE INT64_MIN /* no time is known */

/* Zero-initialised is one that has seen nothing. */
struct stamp_reader {
	enum label_kind kind; /* of labels */
	int64_t day; /* days since 1970, plus one; what was looked up last */
	int64_t zone[24]; /* seconds east of UTC in each hour, or none */
};

/*
 * The length of the stamp that the len bytes at text begin with, the space
 * included, and its time in *time; 0 and STAMP_NONE if there is none.
 */
size_t stamp_scan(struct stamp_reader *reader, const char *text, size_t len,
		  int64_t *time);

#endif
