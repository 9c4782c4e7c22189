/*
 * Stamps: the label that rlog writes at the beginning of each line, and a
 * space.
 *
 *     LABEL_DJB    @4000000069200fc70a1b2c3d        directive t
 *     LABEL_LEAP   @4000000069200fe20a1b2c3d        tL, s6-log's
 *     LABEL_UTC    2026-11-20T14:05:33.123456789Z   T
 *
 * The text is formatted again only when more than its last two digits change.
 */
#ifndef LINE_STAMP_H
#define LINE_STAMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <skalibs/tai.h>

#include "base/hex.h"
#include "base/label.h"
#include "base/utc.h"

enum {
	LINE_STAMP_MAX = 32,         /* for any stamp */
	LINE_STAMP_LABEL_STEP = 256, /* labels share all but two digits */
	LINE_STAMP_UTC_STEP = 100
};

struct line_stamp {
	enum label_kind kind;
	size_t len;                /* with the space; 0: none */
	struct tain_s label;       /* of the line; one of djb's */
	char text[LINE_STAMP_MAX]; /* its last two digits may be old ones */
	struct utc_formatter formatter;
};

/* Begins without a label: line_stamp_set must be called before the others. */
void line_stamp_init(struct line_stamp *stamp, enum label_kind kind);

/* Sets the label to the next one when the clock shows *now. */
void line_stamp_set(struct line_stamp *stamp, const struct tain_s *now);

/*
 * Sets the label to that of the next nanosecond.  This function and the next
 * run once per line: they are inline, and divide by constants only.  A second
 * is a multiple of both steps.
 */
static inline void line_stamp_next(struct line_stamp *stamp)
{
	uint32_t next = stamp->label.nano + 1;

	if (stamp->kind == LABEL_UTC ? next % LINE_STAMP_UTC_STEP
				     : next % LINE_STAMP_LABEL_STEP)
		stamp->label.nano = next;
	else
		line_stamp_set(stamp, &stamp->label);
}

/* Writes the len bytes of the stamp, and garbage up to LINE_STAMP_MAX. */
static inline void line_stamp_write(const struct line_stamp *stamp, char *to)
{
	uint32_t nano = stamp->label.nano;

	memcpy(to, stamp->text, LINE_STAMP_MAX);
	if (stamp->kind == LABEL_UTC) {
		to[stamp->len - 4] = (char)('0' + nano % 100 / 10);
		to[stamp->len - 3] = (char)('0' + nano % 10);
	} else {
		to[LABEL_LEN - 2] = HEX_DIGITS[nano >> 4 & 15];
		to[LABEL_LEN - 1] = HEX_DIGITS[nano & 15];
	}
}

/*
 * Reads a stamp of the kind at the beginning of the len bytes at text, and
 * gives its label, which is one of djb's.  Returns false if there is none.
 */
bool line_stamp_parse(enum label_kind kind, struct tain_s *label,
		      const char *text, size_t len);

#endif
