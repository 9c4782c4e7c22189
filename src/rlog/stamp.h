/*
 * Stamps: the label of a line as it stands in front of it, with a space behind.
 *
 *     STAMP_LABEL   @4000000069200fc70a1b2c3d        TAI64N as of label.h
 *     STAMP_LEAP    @4000000069200fe20a1b2c3d        TAI64N with leap seconds,
 *                   as s6-log writes and s6-tai64nlocal reads it
 *     STAMP_UTC     2026-11-20T14:05:33.123456789Z   RFC 3339
 *
 * The text is made anew only when more than its last two digits change.
 */
#ifndef STAMP_H
#define STAMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <skalibs/tai.h>

#include "base/label.h"

enum stamp_kind { STAMP_NONE, STAMP_LABEL, STAMP_LEAP, STAMP_UTC };

enum {
	STAMP_ROOM = 32,        /* for any stamp */
	STAMP_LABEL_STEP = 256, /* labels share all but two digits */
	STAMP_UTC_STEP = 100
};

struct stamp {
	enum stamp_kind kind;
	size_t len;            /* with the space; 0: none */
	struct tain_s label;   /* of the line, without leap seconds */
	char text[STAMP_ROOM]; /* all right but for the last two digits */
};

/* There is no label yet: the first one must come from stamp_set. */
void stamp_init(struct stamp *stamp, enum stamp_kind kind);

/* The label becomes the next one when the clock shows *now. */
void stamp_set(struct stamp *stamp, const struct tain_s *now);

/*
 * The label becomes that of the next nanosecond.  This and the next are done
 * for every line: inline, and without a division by what is no constant.  A
 * second is a multiple of both steps.
 */
static inline void stamp_next(struct stamp *stamp)
{
	uint32_t next = stamp->label.nano + 1;

	if (stamp->kind == STAMP_UTC ? next % STAMP_UTC_STEP
				     : next % STAMP_LABEL_STEP)
		stamp->label.nano = next;
	else
		stamp_set(stamp, &stamp->label);
}

/* Writes the stamp.  STAMP_ROOM bytes are touched; the first len count. */
static inline void stamp_put(const struct stamp *stamp, char *to)
{
	static const char digits[] = "0123456789abcdef";
	uint32_t nano = stamp->label.nano;

	memcpy(to, stamp->text, STAMP_ROOM);
	if (stamp->kind == STAMP_UTC) {
		to[stamp->len - 4] = digits[nano % 100 / 10];
		to[stamp->len - 3] = digits[nano % 10];
	} else {
		to[LABEL_LEN - 2] = digits[nano >> 4 & 15];
		to[LABEL_LEN - 1] = digits[nano & 15];
	}
}

/*
 * True if the len bytes at text begin with a stamp of the kind; its label goes
 * to *label.
 */
bool stamp_scan(enum stamp_kind kind, struct tain_s *label, const char *text,
		size_t len);

#endif
