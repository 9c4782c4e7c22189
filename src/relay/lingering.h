/*
 * How long a relay stays with a client when the program is gone, all that it
 * said has been passed on, and the client has sent what nobody took.
 */
#ifndef LINGERING_H
#define LINGERING_H

#include <stdbool.h>
#include <stdint.h>

#include <skalibs/tai.h>

#include "base/endpoint.h"

enum {
	LINGERING_SECONDS = 2,  /* between two looks at the client */
	LINGERING_LEAST = 4096, /* bytes between them: it is still sending */
};

struct lingering {
	bool on;
	struct tain_s look; /* the next one, on the clock of tain_now_g */
	uint64_t bytes;     /* that the client had sent by the last one */
};

/*
 * Ends our half of the connection and begins to linger.  bytes is how many the
 * client has sent.
 */
void lingering_begin(struct lingering *l, const struct endpoint *client,
		     uint64_t bytes);

/*
 * True if the relay may close the client's socket.  It must have read all that
 * has come.  Call it after l->look; until then the answer is false.
 */
bool lingering_over(struct lingering *l, const struct endpoint *client,
		    uint64_t bytes);

#endif
