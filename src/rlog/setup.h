/*
 * Set-up and its end: opens all that the script names, goes on from the state
 * of the last rlog, and leaves everything as the next one expects it.
 */
#ifndef SETUP_H
#define SETUP_H

#include "logwrite/script.h"
#include "rlog/event_loop.h"

/*
 * Opens all; the loop is 0 before.  Returns 1, or 0 if a signal ended
 * rlog while it waited for a disk that is full, or -1 with *failure; then the
 * process has to end.
 */
int setup_open(struct event_loop *loop, const struct script *script,
	       event_listener *tell, struct failure *failure);

/* Closes all.  Returns 0, or -1 if something is not as it should be. */
int setup_close(struct event_loop *loop);

#endif
