/*
 * One direction of a relay: a source, a receiver, and the chunk that was read
 * and is not passed on yet.  It moves bytes without ever waiting, and knows
 * nothing of what else happens to the session.
 *
 * Bytes that nobody needs to see are moved inside the system where that can be
 * done (splice_pipe.h), and copied where it can't, from the start or from any
 * point on.
 */
#ifndef CHANNEL_H
#define CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sys/types.h>

#include "base/endpoint.h"
#include "relay/splice_pipe.h"

enum { CHANNEL_CHUNK = 65536 }; /* the most that is taken at once */

enum channel_why {
	CHANNEL_OPEN,      /* not ended */
	CHANNEL_EOF,       /* its source closed it */
	CHANNEL_RESET,     /* the peer, or the connection, went away */
	CHANNEL_GONE,      /* the program went away first */
	CHANNEL_TIMED_OUT, /* the peer took nothing for too long */
};

struct channel {
	struct endpoint from, to;  /* fd -1: ended, gone or never there */
	char *buf;                 /* CHANNEL_CHUNK bytes */
	size_t start, end;         /* what of buf is not passed on yet */
	struct splice_pipe siphon; /* instead, where nobody looks */
	bool copies;               /* it can't: not asked again */
	uint64_t bytes;            /* taken in all */
	uint64_t dropped;          /* taken, and never passed on */
	enum channel_why why;      /* how it ended; the relay says it */
};

/* It holds bytes that are not passed on yet. */
bool channel_holds(const struct channel *c);

/*
 * Takes the next chunk; it must hold none, and a poll must have said that there
 * is something.  blind: nobody needs to see these bytes, nor any that follow;
 * else, and where it can't be helped, they are in buf.  Result: as
 * endpoint_read.
 */
ssize_t channel_take(struct channel *c, bool blind);

/* What was taken last is not in buf. */
bool channel_hides(const struct channel *c);

/* Passes on what it can of what it holds.  Result: as endpoint_write. */
ssize_t channel_give(struct channel *c);

/* What it holds will never be passed on: counts it. */
void channel_drop(struct channel *c);

#endif
