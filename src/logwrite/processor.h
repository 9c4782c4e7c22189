/*
 * A processor: a shell command that turns one file of a log directory into
 * another.  Its descriptors: 0 the file, 1 `processing`, 4 `state`, 5
 * `nextstate`; 2 is inherited.  It is in a process group of its own, whose
 * leader, a guard, kills all of it when rlog is gone: nothing of what a killed
 * rlog has started goes on writing.
 */
#ifndef PROCESSOR_H
#define PROCESSOR_H

#include <stdbool.h>

#include <skalibs/tai.h>

#include <sys/types.h>

enum {
	PROCESSOR_PAUSE =
	    5, /* seconds before one that failed is run again... */
	PROCESSOR_LONGEST = 60, /* ...and at most, when it fails and fails */
	PROCESSOR_SLOW = 60,    /* seconds after which its running is said */
	PROCESSOR_GRACE = 2     /* seconds between TERM and KILL */
};

struct processor {
	pid_t pid;   /* 0: not running */
	pid_t guard; /* the leader of its group */
	int leash;   /* the guard waits for its end */
	bool ended;  /* it has run, and status is not yet looked at */
	int status;  /* as waitpid gave it */
	bool paused; /* not to be run before `again` */
	struct tain_s again;
	unsigned int pause; /* seconds of the last pause */
	bool told;          /* that it is slow */
	struct tain_s slow; /* when it will be */
	bool killed;        /* asked to end, killed after `deadline` */
	struct tain_s deadline;
};

/* What is to be run, where, on which file. */
struct processor_job {
	int directory;
	const char *command;
	const char *file;
	unsigned int mode; /* of the files that are made */
};

/*
 * Starts the job; processing and nextstate are made anew, state if it
 * isn't there.  0, or -1 and errno.
 */
int processor_start(struct processor *processor,
		    const struct processor_job *job, const struct tain_s *now);

/* Returns true if it is neither running nor, after a failure, in a pause. */
bool processor_may_start(const struct processor *processor,
			 const struct tain_s *now);

/* Returns true, once a run, if it has succeeded. */
bool processor_take_success(struct processor *processor);

/*
 * Notes, once a run, that it has failed: it is not to be started again during a
 * pause, which is longer after each failure.  Returns true if the user is to be
 * told, which is so unless it was killed.
 */
bool processor_take_failure(struct processor *processor,
			    const struct tain_s *now);

/* Ends the pause, for another file: the next failure is as the first. */
void processor_end_pause(struct processor *processor);

/*
 * Lowers the deadline to the next action: to kill it, or to start it again.
 * Returns true, once a run, if it is slow and the user is to be told.
 */
bool processor_wait(struct processor *processor, const struct tain_s *now,
		    struct tain_s *deadline);

/* To be called with each child that ended; true if it was this one. */
bool processor_reaped(struct processor *processor, pid_t pid, int status);

/* Asks the running one to end, or kills it if it was asked long ago. */
void processor_kill(struct processor *processor, const struct tain_s *now);

#endif
