/*
 * Times as people write them (rlogread.1, TIMES):
 *
 *   2026-11-20   2026-11-20 14:05[:33[.123]]   2026-11-20T14:05:33+01:00
 *   14:05[:33[.123]]   now   today   yesterday   yesterday 14:05
 *   -90m   -1h30m   10 minutes ago   10 minutes   1h30m
 *   @1795183200[.5]   1795183200
 *   @400000006b00c794000001f4   main/@400000006b00c794000001f4.s
 *
 * A time without a zone is local time, as TZ says.
 */
#ifndef TIME_EXPRESSION_H
#define TIME_EXPRESSION_H

#include <stdbool.h>
#include <time.h>

#include "base/label.h"

/* A label stands for itself, of the kind of the log that it is used for. */
struct time_expression {
	bool is_label;
	struct tain_s label;  /* if is_label */
	struct timespec time; /* otherwise: Unix time */
};

/*
 * The bound of a window that a time is: since or until it.  An hour that the
 * end of daylight saving repeats is its first occurrence for since, its last
 * for until; until 14:05:33.1 includes all times that begin with these digits.
 */
enum time_side { TIME_SINCE, TIME_UNTIL };

enum { TIME_EXPRESSION_MAX = 255 }; /* bytes of the longest expression */

/* Examples of expressions, for messages. */
#define TIME_EXPRESSION_EXAMPLES                                               \
	"2026-11-20, '2026-11-20 14:05', 2026-11-20T14:05:33Z, 14:05, today, " \
	"yesterday, -90m, '10 minutes', @1795183200 or a TAI64N label"

/* Examples of durations, for messages. */
#define TIME_EXPRESSION_DURATIONS "'10 minutes', 90s, 1h30m, '2 days' or 1w"

/* Reads an expression; now is the current time.  False if text is not one. */
bool time_expression_parse(struct time_expression *expression, const char *text,
			   enum time_side side, const struct timespec *now);

/*
 * Reads a duration such as "10 minutes" or "1h30m": the time that lies so long
 * before now.  False if text is not one.
 */
bool time_expression_parse_last(struct time_expression *expression,
				const char *text, const struct timespec *now);

/* True if a is later than b in a log with labels of either kind. */
bool time_expression_is_later(const struct time_expression *a,
			      const struct time_expression *b);

/* The label of the time in a log with labels of that kind; false if none. */
bool time_expression_label(struct tain_s *label,
			   const struct time_expression *expression,
			   enum label_kind kind);

#endif
