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

#include "relay/channel.h"

enum relay_dir { RELAY_IN, RELAY_OUT }; /* to the program, from the program */

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

struct relay {
	struct channel channel[2]; /* by enum relay_dir */
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
