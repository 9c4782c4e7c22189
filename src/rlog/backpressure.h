/*
 * Holding the input up: what a service has to wait for is said, once, and how
 * long it was in the end; and where a script has a limit for it (D), it is
 * known when that is reached.
 */
#ifndef BACKPRESSURE_H
#define BACKPRESSURE_H

#include <stdbool.h>
#include <stdint.h>

#include <skalibs/tai.h>

enum { BACKPRESSURE_TOLD = 1 }; /* seconds of holding up before it is said */

struct backpressure {
	bool blocked;        /* what is there can't be written, ... */
	struct tain_s stuck; /* ...since then, ... */
	bool held;           /* ...and the input has to wait, ... */
	struct tain_s since; /* ...since then, ... */
	bool told;           /* ...which was said */
};

/*
 * How it is when the stopwatch shows *now.  Says what is to be said; lowers the
 * deadline to when something will be.
 */
void backpressure_look(struct backpressure *backpressure, bool blocked,
		       bool held, const struct tain_s *now,
		       struct tain_s *deadline);

/*
 * True if the input is held, and what is there was blocked for so many
 * milliseconds, 0: for ever; if not yet, the deadline is lowered to then.
 */
bool backpressure_too_long(const struct backpressure *backpressure, uint64_t ms,
			   const struct tain_s *now, struct tain_s *deadline);

#endif
