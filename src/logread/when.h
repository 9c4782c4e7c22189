/*
 * Times as people write them (rlogread.1, TIMES):
 *
 *   2026-11-20   2026-11-20 14:05[:33[.123]]   2026-11-20T14:05:33+01:00
 *   14:05[:33[.123]]   now   today   yesterday   yesterday 14:05
 *   -90m   -1h30m   10 minutes ago   @1795183200[.5]   1795183200
 *   @400000006b00c794000001f4   main/@400000006b00c794000001f4.s
 *
 * What has no zone is local time, as TZ says.
 */
#ifndef WHEN_H
#define WHEN_H

#include <stdbool.h>
#include <time.h>

#include "base/epoch.h"

/* A label that was pasted in means itself, of whichever kind the log's are. */
struct when {
	bool is_label;
	struct tain_s label;  /* if it is one */
	struct timespec time; /* if not: Unix time */
};

/*
 * Two things depend on whether a time begins or ends a window: an hour that
 * the end of daylight saving repeats means its first or its last occurrence,
 * and an end with a fraction means all that is shown with that fraction.
 */
enum when_side { WHEN_SINCE, WHEN_UNTIL };

enum { WHEN_MAX = 255 }; /* the longest text that can be a time */

/* Examples, for whoever has to say that a time was not understood. */
#define WHEN_EXAMPLES                                                          \
	"2026-11-20, '2026-11-20 14:05', 2026-11-20T14:05:33Z, 14:05, today, " \
	"yesterday, -90m, '10 minutes ago', @1795183200 or a TAI64N label"

/* Reads text; now is the time.  True, or false: text is no time. */
bool when_parse(struct when *when, const char *text, enum when_side side,
		const struct timespec *now);

/* The label for when in a log whose labels are of that kind. */
bool when_label(struct tain_s *label, const struct when *when,
		enum label_kind kind);

#endif
