/*
 * Waiting until a followed source may have more lines.  SIGTERM, SIGINT and
 * SIGHUP are let in only here, at points where no line is half written.
 */
#ifndef WAIT_H
#define WAIT_H

#include <signal.h>

#include "logread/source.h"

/* Its members are for wait.c; others read *stop. */
struct wait {
	const volatile sig_atomic_t *stop; /* true after a caught signal */
	sigset_t waiting;                  /* the signal mask of a wait */
};

/* Leaves signals as they are: *stop stays false. */
void wait_init(struct wait *wait);

/*
 * Catches SIGTERM, SIGINT and SIGHUP from now on.  They are blocked but for the
 * two functions below, which let them in: then *stop is true.
 */
void wait_catch(struct wait *wait);

/* Lets in signals that have arrived, without waiting. */
void wait_check_signals(const struct wait *wait);

/*
 * Waits until a source may have more lines, a signal arrives, or this number of
 * milliseconds has passed.  Returns 0, or -1 with EPIPE if the reader of
 * standard output is gone.
 */
int wait_for_source(const struct wait *wait, struct source *source,
		    int milliseconds);

/* Returns the milliseconds of a clock that is never set back. */
int64_t wait_clock(void);

#endif
