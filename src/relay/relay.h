/*
 * The relay between a client and a program: copies both directions, each with
 * its own end, and shows the bytes to a tap.  It has no knowledge of records or
 * protocols.
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

/* The functions that are shown the bytes.  Only data and end are required. */
struct relay_tap {
	void *ctx;
	/* These bytes were read; they have been passed on, or will be. */
	void (*data)(void *ctx, enum relay_dir dir, const char *buf,
		     size_t len);
	/* The source of this direction ended. */
	void (*end)(void *ctx, enum relay_dir dir);
	/*
	 * May be NULL: true if data need not be called for any later bytes of
	 * this direction.
	 */
	bool (*blind)(void *ctx, enum relay_dir dir);
	/*
	 * May be NULL: a descriptor of the tap, or -1; ready is called when it
	 * can be written.
	 */
	int (*waits_for)(void *ctx);
	void (*ready)(void *ctx);
	/*
	 * May be NULL: another descriptor of the tap, or -1; readable is called
	 * when it can be read, before more bytes are relayed. It must read all
	 * that is there, or the end, after which the descriptor is -1.
	 */
	int (*reads_from)(void *ctx);
	void (*readable)(void *ctx);
	/*
	 * May be NULL: true if nothing urgent is expected from that descriptor:
	 * then readable is called with the next event of the relay, whether it
	 * can be read or not, and the tap has a deadline.
	 */
	bool (*defers)(void *ctx);
	/*
	 * May be NULL: the time at which tick is to be called, by tain_now_g,
	 * or NULL for never.  tick must change it.
	 */
	const struct tain_s *(*deadline)(void *ctx);
	void (*tick)(void *ctx);
};

enum relay_hold {
	RELAY_READS,
	RELAY_HOLDS,  /* leaves bytes where they are for now */
	RELAY_LEAVES, /* leaves them to another process that reads them */
};

/* The rules of a relay that shares its descriptors.  Each may be NULL. */
struct relay_guard {
	void *ctx;
	/*
	 * Returns whether the source of this direction is to be read.  arrived:
	 * its next bytes or its end have arrived; else it is asked whether to
	 * wait for them.
	 */
	enum relay_hold (*holds)(void *ctx, enum relay_dir dir, bool arrived);
	/* The source of this direction ended; in place of the tap's end. */
	void (*end)(void *ctx, enum relay_dir dir);
};

enum relay_phase {
	RELAY_RUNS,
	RELAY_WAITS, /* it has not begun */
	RELAY_OVER,
};

struct relay {
	struct channel channel[2]; /* by enum relay_dir */
	enum relay_phase phase;
	bool aside;           /* the loop does not wait for its end */
	struct relay *next;   /* in the same loop, or NULL */
	bool socket;          /* the program has one socket, not two pipes */
	unsigned int timeout; /* seconds for which a peer may read nothing */
	struct relay_tap tap;
	struct relay_guard guard;
};

enum { RELAY_MOST = 3 }; /* relays of one loop */

/*
 * Runs until both directions have ended, or the program has ended and the peer
 * has read its output, or has read nothing for timeout seconds.  The caller
 * sets from, to and buf of both channels, socket, timeout and tap; all other
 * members must be zero.  Afterwards the channels' counters and whys are valid.
 * All signals should be blocked or ignored.  Closes the descriptors of
 * directions that end.  Returns 0, or -1 with errno if poll fails.
 *
 * Runs the relays of next, too, until all are over that are not aside.  One
 * that RELAY_WAITS begins when a tap makes it RELAY_RUNS.  In each round they
 * are served in their order.  Of the taps, only the first may have descriptors
 * and deadlines.
 */
int relay_run(struct relay *relay);

#endif
