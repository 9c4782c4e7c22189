/*
 * How long a relay stays with a client after the program has ended, its output
 * has been passed on, and input of the client was not read.
 */
#ifndef LINGERING_H
#define LINGERING_H

#include <stdbool.h>
#include <stdint.h>

#include <skalibs/tai.h>

#include "base/endpoint.h"

enum {
	LINGERING_SECONDS = 2,  /* between two checks of the client */
	LINGERING_LEAST = 4096, /* a client that sends so much still sends */
};

struct lingering {
	bool on;
	struct tain_s look; /* time of the next check, by tain_now_g */
	uint64_t bytes;     /* the client had sent at the last check */
};

/*
 * Ends our half of the connection and begins to linger.  bytes: the number that
 * the client has sent.
 */
void lingering_begin(struct lingering *lingering, const struct endpoint *client,
		     uint64_t bytes);

/*
 * True if the relay may close the client's socket.  The relay must have read
 * all bytes that arrived.  Before lingering->look the result is false.
 */
bool lingering_over(struct lingering *lingering, const struct endpoint *client,
		    uint64_t bytes);

#endif
