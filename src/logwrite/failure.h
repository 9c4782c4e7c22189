/*
 * Failures: the operation that a module could not do, as parts of the message
 * "unable to VERB OBJECT: reason"; and troubles, operations that are tried
 * again.
 */
#ifndef FAILURE_H
#define FAILURE_H

#include <stdbool.h>
#include <stdint.h>

#include <skalibs/tai.h>

#include <sys/types.h>

struct failure {
	const char *verb;
	const char *name;   /* of the log directory or other object, or "" */
	const char *file;   /* in the directory, or "" */
	const char *suffix; /* of that file or, if it is "", of the name */
	const char *reason; /* NULL: the text of error */
	int error;          /* errno */
	pid_t holder;       /* the process that has a lock, 0: not known */
	const char *rival;  /* another name of the locked directory, or NULL */
};

/* Names the object of all failures that failure_set reports. */
void failure_init(struct failure *failure, const char *name);

/* Sets the verb, the file and, from errno, the reason.  Returns -1. */
int failure_set(struct failure *failure, const char *verb, const char *file);

/* Sets the verb, the file and this reason.  Returns -1. */
int failure_refuse(struct failure *failure, const char *verb, const char *file,
		   const char *reason);

/*
 * Reports that another process has the lock of the object: holder, or 0 if that
 * is not known.  Returns -1.
 */
int failure_locked(struct failure *failure, pid_t holder);

/* Moves the failure to another file: the same with this suffix. */
void failure_set_suffix(struct failure *failure, const char *suffix);

/* Explains a failed lock: this process has it, under the name rival. */
void failure_set_rival(struct failure *failure, const char *rival);

/* The text of the reason. */
const char *failure_reason(const struct failure *failure);

/* An operation that failed and is tried again after a pause. */
struct trouble {
	bool on;
	uint64_t pause; /* milliseconds, 0: TROUBLE_PAUSE */
	struct tain_s since;
	struct tain_s retry;
};

enum { TROUBLE_PAUSE = 2000 }; /* milliseconds */

/* Starts without trouble; pause is that between two tries. */
void trouble_init(struct trouble *trouble, uint64_t pause);

/* Records a failure.  True if it is the first of an episode. */
bool trouble_hit(struct trouble *trouble, const struct tain_s *now);

/* Records success.  Returns the seconds of the episode, -1 without one. */
long trouble_over(struct trouble *trouble, const struct tain_s *now);

/* True if it is too early to try again; lowers *deadline to that time. */
bool trouble_waits(const struct trouble *trouble, const struct tain_s *now,
		   struct tain_s *deadline);

#endif
