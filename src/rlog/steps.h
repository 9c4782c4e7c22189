/*
 * The steps of rotation, in tables.  After a crash between any two of them,
 * recovery (recover.h) loses nothing and doubles nothing.  A step that has
 * failed can be run again.
 */
#ifndef STEPS_H
#define STEPS_H

#include <stdbool.h>

#include "rlog/logdir.h"

struct step {
	const char *name;
	/* Returns 1 if it is done, 0 if it has to wait, or -1 with
	 * logdir->failure if it is to be tried again. */
	int (*run)(struct logdir *logdir);
	bool behind; /* lines may be appended before this step */
};

/* Each table ends with a step without run. */

/* Makes a .s of current. */
extern const struct step steps_plain[];

/* Makes a .u of current, whose name goes to logdir->archive. */
extern const struct step steps_saving[];

/* Processes logdir->archive, a .u, into a .s. */
extern const struct step steps_processing[];

/* Removes the files of a processor that was killed or may not start. */
extern const struct step steps_abandoning[];

/* True if this is the step that runs the processor. */
bool steps_processes(const struct step *step);

#endif
