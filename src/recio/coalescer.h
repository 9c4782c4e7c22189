/*
 * Joins bytes of a stream that are recorded together: those of one packet
 * around hidden ones, or those of one line.
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
	/* Receives joined bytes. */
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
 * Adds bytes. Gives all bytes of the other direction first, and those that
 * leave no room, whole lines if there are any.
 */
void coalescer_add(struct coalescer *coalescer, enum relay_dir dir,
		   struct record_span span);

/* Returns true if this offset does not follow the bytes so far. */
bool coalescer_has_gap(const struct coalescer *coalescer, uint64_t offset);

/*
 * The packet is complete: gives its bytes, or with lines only the whole lines.
 * The rest of a line waits for COALESCER_WAIT_MS after its first byte, on the
 * clock of tain_now_g.
 */
enum { COALESCER_WAIT_MS = 200 };
void coalescer_settle(struct coalescer *coalescer, bool lines);

/* Gives all bytes. */
void coalescer_flush(struct coalescer *coalescer);

#endif
