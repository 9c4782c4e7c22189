/*
 * The steps of rotation, in tables.  Each may be the last before a crash:
 * recovery (recover.h) then loses nothing and doubles nothing.  Each may be run
 * again after it has failed.
 */
#ifndef STEPS_H
#define STEPS_H

#include <stdbool.h>

#include "rlog/logdir.h"

struct step {
	const char *name;
	/* 1 done, 0 has to wait, -1 failed, to be tried again: logdir->failure.
	 */
	int (*run)(struct logdir *logdir);
	bool behind; /* lines may be appended before this step */
};

/* Each table is ended by a step with no run. */
extern const struct step steps_plain[];  /* current becomes a .s, or... */
extern const struct step steps_saving[]; /* ...a .u, which is logdir->archive */
extern const struct step steps_processing[]; /* logdir->archive becomes a .s */

/* Instead of the rest, when the processor was killed or may not start. */
extern const struct step steps_abandoning[];

/* True if this is the step that runs the processor. */
bool steps_processes(const struct step *step);

#endif
