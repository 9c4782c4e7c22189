/*
 * One direction of a relay: a source, a receiver, and the chunk that was read
 * and is not passed on yet.  It moves bytes without waiting, and has no
 * knowledge of the other direction.
 *
 * Bytes that no tap needs are moved inside the kernel (splice_pipe.h) if both
 * descriptors allow it, and copied otherwise.
 *
 * A source that is a client's socket may have to be closed in stages, so that a
 * reset does not take the answer from the client: the channel lingers.
 */
#ifndef CHANNEL_H
#define CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sys/types.h>

#include <skalibs/tai.h>

#include "base/endpoint.h"
#include "relay/splice_pipe.h"

enum { CHANNEL_CHUNK = 65536 }; /* most bytes of one read */

enum channel_why {
	CHANNEL_OPEN,      /* not ended */
	CHANNEL_EOF,       /* its source closed it */
	CHANNEL_RESET,     /* the connection was reset */
	CHANNEL_GONE,      /* the program ended first */
	CHANNEL_TIMED_OUT, /* the peer read nothing for too long */
};

enum {
	CHANNEL_LINGER = 2,   /* seconds between two checks of the client */
	CHANNEL_SENDS = 4096, /* a client that sends so much still sends */
};

struct channel_lingering {
	bool on;
	struct tain_s look; /* time of the next check, by tain_now_g */
	uint64_t bytes;     /* the client had sent at the last check */
};

struct channel {
	struct endpoint from, to;       /* fd -1: ended, or never open */
	char *buf;                      /* CHANNEL_CHUNK bytes */
	size_t start, end;              /* bytes of buf not passed on yet */
	struct splice_pipe splice_pipe; /* holds the chunk in place of buf */
	bool copies;                    /* splicing failed: not tried again */
	uint64_t bytes;                 /* read in all */
	uint64_t dropped;               /* read, and never passed on */
	enum channel_why why;           /* how it ended; the relay sets it */
	struct channel_lingering lingering;
};

/* True if the channel holds bytes that are not passed on yet. */
bool channel_holds(const struct channel *channel);

/*
 * Reads the next chunk.  The channel must hold none, and a poll must have found
 * its source readable.  blind: no tap needs these bytes or any later ones, so
 * they may be spliced; otherwise they are in buf.  Returns the number of bytes,
 * 0 at the end of input, or -1 with errno, EAGAIN if there is nothing to read.
 */
ssize_t channel_take(struct channel *channel, bool blind);

/* True if the last chunk was spliced, so that it is not in buf. */
bool channel_hides(const struct channel *channel);

/*
 * Passes on as many bytes of its chunk as the receiver accepts.  Returns their
 * number, or -1 with errno, EAGAIN if the receiver accepts nothing now.
 */
ssize_t channel_give(struct channel *channel);

/* Discards the chunk, and counts its bytes as dropped. */
void channel_drop(struct channel *channel);

/*
 * Ends our half of the connection that is the source, and begins to linger.
 */
void channel_linger(struct channel *channel);

/*
 * True if the socket of a lingering channel may be closed.  All bytes that
 * arrived must have been read.  Before lingering.look the result is false.
 */
bool channel_may_close(struct channel *channel);

#endif
