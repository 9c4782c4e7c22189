/*
 * The relay between a client and a program: copies both directions, each with
 * its own end, and shows a tap what went through.  It knows nothing of records
 * or protocols.
 *
 * Bytes are passed on first and shown right after, in the order in which they
 * were read.  A direction is not read while its last chunk is not passed on.
 */
#ifndef RELAY_H
#define RELAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "endpoint.h"
#include "siphon.h"

enum { RELAY_CHUNK = 65536 }; /* the most that is read at once */

enum relay_dir { RELAY_IN, RELAY_OUT }; /* to the program, from the program */

enum relay_why {
	RELAY_OPEN,      /* not ended */
	RELAY_EOF,       /* its source closed it */
	RELAY_RESET,     /* the peer, or the connection, went away */
	RELAY_GONE,      /* the program went away first */
	RELAY_TIMED_OUT, /* the peer took nothing for too long */
};

/* Who is shown what goes through.  Only data and end must be given. */
struct relay_tap {
	void *ctx;
	/* These bytes were read; they have been passed on, or will be. */
	void (*data)(void *ctx, enum relay_dir dir, const char *buf,
		     size_t len);
	/* The source of this direction ended. */
	void (*end)(void *ctx, enum relay_dir dir);
	/*
	 * May be NULL: true if nothing that is still to come of this direction
	 * needs to be given to data.
	 */
	bool (*blind)(void *ctx, enum relay_dir dir);
	/*
	 * A descriptor that the tap waits for, -1 for none: when it can be
	 * written, ready is called.
	 */
	int (*waits_for)(void *ctx);
	void (*ready)(void *ctx);
	/*
	 * May be NULL: when tick is to be called, on the clock of tain_now_g;
	 * NULL for never.  tick changes that.
	 */
	const struct tain_s *(*deadline)(void *ctx);
	void (*tick)(void *ctx);
};

struct relay_channel {
	struct endpoint from, to; /* fd -1: ended, gone or never there */
	char *buf;                /* RELAY_CHUNK bytes */
	size_t start, end;        /* what was read and is not passed on yet */
	struct siphon siphon;     /* instead, where nobody looks */
	bool copies;              /* not by the siphon */
	uint64_t bytes;           /* read in all */
	uint64_t dropped;         /* read, and never passed on */
	enum relay_why why;       /* how it ended */
	bool hung_up; /* its source is closed, some of it may be unread */
};

struct relay {
	struct relay_channel channel[2]; /* by enum relay_dir */
	bool socket;          /* the program has one socket, not two pipes */
	unsigned int timeout; /* seconds that a peer may take nothing */
	struct relay_tap tap;
};

/*
 * Runs until both directions have ended, or the program is gone and all that
 * it said has been taken, or for timeout seconds nothing of it was.  channel's
 * from, to and buf, socket, timeout and tap are the caller's to set, the rest
 * zero; the counters and whys are there for reading afterwards.  All signals
 * should be blocked or ignored.  Closes the descriptors that it ends.  Result:
 * 0, or -1 with errno when it can't even wait.
 */
int relay_run(struct relay *relay);

#endif
