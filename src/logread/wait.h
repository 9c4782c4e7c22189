/*
 * Waiting until there is more to read, and being told to end meanwhile:
 * SIGTERM, SIGINT and SIGHUP come in only here, where nothing is half done.
 */
#ifndef WAIT_H
#define WAIT_H

#include <signal.h>

#include "logread/source.h"

struct wait {
	const volatile sig_atomic_t *stop; /* true when it is to end */
	sigset_t waiting;                  /* the signal mask to wait with */
};

/* Signals do what they did, and stop stays false... */
void wait_init(struct wait *standby);

/* ...until this: from now on these signals come in here, and set stop. */
void wait_catch(struct wait *standby);

/* Lets in what has come. */
void wait_look(const struct wait *standby);

/*
 * Waits for more of a source, at most for so many milliseconds.  Returns 0, or
 * -1 with EPIPE when nobody reads standard output any more.
 */
int wait_wait(const struct wait *standby, struct source *source,
	      int milliseconds);

/* Milliseconds of a clock that only goes forward. */
int64_t wait_clock(void);

#endif
