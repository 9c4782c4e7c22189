/*
 * Waiting until there is more to read, and being told to end meanwhile:
 * SIGTERM, SIGINT and SIGHUP come in only here, where nothing is half done.
 */
#ifndef STANDBY_H
#define STANDBY_H

#include <signal.h>

#include "source.h"

struct standby {
	const volatile sig_atomic_t *stop; /* true when it is to end */
	sigset_t waiting;                  /* the signal mask to wait with */
};

/* Signals do what they did, and stop stays false... */
void standby_init(struct standby *standby);

/* ...until this: from now on these signals come in here, and set stop. */
void standby_catch(struct standby *standby);

/* Lets in what has come. */
void standby_look(const struct standby *standby);

/*
 * Waits for more of a source, at most for so many milliseconds.  Returns 0, or
 * -1 with EPIPE when nobody reads standard output any more.
 */
int standby_wait(const struct standby *standby, struct source *source,
		 int milliseconds);

/* Milliseconds of a clock that only goes forward. */
int64_t standby_clock(void);

#endif
