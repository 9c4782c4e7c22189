/*
 * The way to a server, as rlogship sees it: nats_way.c, session_way.c and
 * relp_way.c stand behind it, and the scripts of tests.
 *
 * Calls wait for a bounded time, and end early if the program is told to end.
 * After a fault of any call but close, only close is called, then connect.
 */
#ifndef SHIP_LINK_H
#define SHIP_LINK_H

#include <stddef.h>
#include <stdint.h>

#include "stream/nats_link.h"

struct ship_link_ops {
	/* Connects.  Returns 0, or -1 with *fault. */
	int (*connect)(void *ctx, struct stream_fault *fault);
	/*
	 * Asks for the last batch that the server has stored, and the place
	 * behind it.  Returns 0, or -1 with *fault.  NULL: the server keeps no
	 * places, so that only the cursor file knows them, and batches may
	 * arrive twice.
	 */
	int (*last)(void *ctx, struct nats_last *last,
		    struct stream_fault *fault);
	/*
	 * Sends a batch and waits until the server has taken all of it.
	 * Returns 0 with *sequence, or -1 with *fault: the batch may then be
	 * stored or not, and may be stored later.  With `answer`, it returns 0
	 * as soon as the batch is on its way, and its bytes are copied.
	 */
	int (*send)(void *ctx, const struct nats_batch *batch,
		    uint64_t *sequence, struct stream_fault *fault);
	/*
	 * Waits for the end of a `send` that returned 0, with the results that
	 * are described there; until then nothing but room and close
	 * is called.  NULL: send has waited for it.
	 */
	int (*answer)(void *ctx, uint64_t *sequence,
		      struct stream_fault *fault);
	/*
	 * Does what is due while a log that was sent has no more lines.
	 * Returns 0, or -1 with *fault.  NULL: nothing is.
	 */
	int (*idle)(void *ctx, struct stream_fault *fault);
	/* Bytes that a batch may have, while connected. */
	size_t (*room)(void *ctx);
	/* Closes the connection, if there is one. */
	void (*close)(void *ctx);
};

struct ship_link {
	const struct ship_link_ops *ops;
	void *ctx; /* their first argument */
};

#endif
