/*
 * A turn of the event loop, as it is handed down to the writer, the outputs and
 * the rotations.  The event loop sets phase and now, the writer writing, and
 * each module that has to be called again lowers the deadline.
 */
#ifndef TURN_H
#define TURN_H

#include <stdbool.h>

#include <skalibs/tai.h>

enum phase {
	/* Input is read, and rotations begin when they are due. */
	PHASE_RUNNING,
	/* The ring holds lines of another source.  They are written, and the
	 * last one ended, before input is read. */
	PHASE_DRAINING,
	/* The input has ended.  All is written; archives that a crash has left
	 * are processed by the next rlog. */
	PHASE_FINISHING,
	/* A signal ends rlog.  The ring keeps what is not written; processors
	 * are killed. */
	PHASE_TERMINATING
};

struct turn {
	enum phase phase;
	bool writing;           /* a batch is begun: no rotation may begin */
	struct tain_s now;      /* by the stopwatch */
	struct tain_s deadline; /* modules lower it to their next action */
};

#endif
