/* What rlog says: "rlog: warning: unable to VERB OBJECT: reason". */
#ifndef MESSAGES_H
#define MESSAGES_H

#include "rlog/failure.h"
#include "rlog/logdir.h"

/*
 * A failure with the directory or status file of that name, which ends rlog
 * with 111; holder is who has the lock if that is what failed, or 0.
 */
_Noreturn void messages_die(const char *name, const struct failure *failure,
			    pid_t holder);

/* The same as a warning; tail is what comes of it, or "". */
void messages_warn(const char *name, const struct failure *failure,
		   const char *tail);

/* The input is held up (seconds < 0), or was, for so long. */
void messages_held(long seconds);

/* Input is dropped from now on, or no longer. */
void messages_dropped(bool begins);

/* Tells the user what a directory has to say. */
extern const struct logdir_listener message_listener;

#endif
