/*
 * Joins pieces of a stream that are to be recorded together: those of one
 * packet, where some are left out in between, or of one line, where lines are
 * recorded whole.
 */
#ifndef COALESCER_H
#define COALESCER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <skalibs/tai.h>

#include "recio/record.h"
#include "relay/relay.h"

enum { COALESCER_MAX = 2 * RECORD_MAX };

struct coalescer {
	/* Who is given what is complete, or can't wait for the rest. */
	void *ctx;
	void (*give)(void *ctx, enum relay_dir dir, struct record_span span);
	char *buf; /* COALESCER_MAX bytes */
	enum relay_dir dir;
	size_t len;
	uint64_t offset; /* of the first byte, in all of the direction */
	bool waiting;    /* for the end of a line, until then: */
	struct tain_s deadline;
};

/*
 * Another piece.  What is there of the other direction is given first; what
 * does not fit is given, whole lines if there are any.
 */
void coalescer_add(struct coalescer *p, enum relay_dir dir,
		   struct record_span span);

/* True if a piece at this offset would not follow what is there. */
bool coalescer_has_gap(const struct coalescer *p, uint64_t offset);

/*
 * All that came together was added: gives it, or if lines are wanted only the
 * whole ones.  What is left of a line may wait for COALESCER_WAIT_MS, on the
 * clock of tain_now_g, from when its first byte came.
 */
enum { COALESCER_WAIT_MS = 200 };
void coalescer_settle(struct coalescer *p, bool lines);

/* Gives all that is there. */
void coalescer_flush(struct coalescer *p);

#endif
