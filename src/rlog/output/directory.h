/* A log directory as an output. */
#ifndef DIRECTORY_H
#define DIRECTORY_H

#include "rlog/logdir.h"

/*
 * Opens and locks the log directory of an action.  Returns 0, or -1 with
 * logdir->failure and nothing left open.
 */
int directory_open(struct logdir *logdir, const struct action *action,
		   event_listener *tell);

#endif
