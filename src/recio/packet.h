/*
 * Joins pieces of a stream that are to be recorded together: those of one
 * packet, where some are left out in between, or of one line, where lines are
 * recorded whole.
 */
#ifndef PACKET_H
#define PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <skalibs/tai.h>

#include "recio/record.h"
#include "relay/relay.h"

enum { PACKET_MAX = 2 * RECORD_MAX };

struct packet {
	/* Who is given what is complete, or can't wait for the rest. */
	void *ctx;
	void (*give)(void *ctx, enum relay_dir dir, struct record_span span);
	char *buf; /* PACKET_MAX bytes */
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
void packet_add(struct packet *p, enum relay_dir dir, struct record_span span);

/* True if a piece at this offset would not follow what is there. */
bool packet_has_gap(const struct packet *p, uint64_t offset);

/*
 * All that came together was added: gives it, or if lines are wanted only the
 * whole ones.  What is left of a line may wait for PACKET_WAIT_MS, on the clock
 * of tain_now_g, from when its first byte came.
 */
enum { PACKET_WAIT_MS = 200 };
void packet_settle(struct packet *p, bool lines);

/* Gives all that is there. */
void packet_flush(struct packet *p);

#endif
