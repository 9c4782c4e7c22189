/*
 * A processor: a shell command that turns one file of a log directory into
 * another.  Its descriptors: 0 the file, 1 `processed`, 4 `state`, 5
 * `newstate`; 2 is inherited.  It is the leader of its own process group.
 */
#ifndef RLOG_PROCESSOR_H
#define RLOG_PROCESSOR_H

#include <stdbool.h>

#include <skalibs/tai.h>

#include <sys/types.h>

enum {
	PROCESSOR_PAUSE = 5, /* seconds before a failed one is run again */
	PROCESSOR_GRACE = 2  /* seconds between TERM and KILL */
};

struct processor {
	pid_t pid;   /* 0: not running */
	bool ended;  /* it has run, and status is not yet looked at */
	int status;  /* as waitpid gave it */
	bool paused; /* not to be run before `again` */
	struct tain_s again;
	bool killed; /* asked to end, killed after `deadline` */
	struct tain_s deadline;
};

/*
 * Starts the command on the file, both in the directory; processed and
 * newstate are made anew, state if it isn't there.  0, or -1 and errno.
 */
int processor_start(struct processor *processor, int directory,
		    const char *command, const char *file);

/* To be called with each child that ended; true if it was this one. */
bool processor_reaped(struct processor *processor, pid_t pid, int status);

/* Asks the running one to end, or kills it if it was asked long ago. */
void processor_kill(struct processor *processor, const struct tain_s *now);

#endif
