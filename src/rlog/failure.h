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

struct failure {
	const char *verb;
	const char *file;   /* in the directory; "" for the directory itself */
	const char *reason; /* NULL: the text of error */
	int error;          /* errno */
};

/* Sets the failure, with errno as its error.  Returns -1, errno unchanged. */
int failure_set(struct failure *failure, const char *verb, const char *file);

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

/* Records a failure.  True if it is the first of an episode. */
bool trouble_hit(struct trouble *trouble, const struct tain_s *now);

/* Records success.  Returns the seconds of the episode, -1 without one. */
long trouble_over(struct trouble *trouble, const struct tain_s *now);

/* True if it is too early to try again; lowers *deadline to that time. */
bool trouble_waits(const struct trouble *trouble, const struct tain_s *now,
		   struct tain_s *deadline);

#endif
