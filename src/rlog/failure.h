/*
 * What a module of rlog could not do, for whoever tells the user: "unable to
 * VERB OBJECT: reason".
 */
#ifndef FAILURE_H
#define FAILURE_H

#include <stdbool.h>
#include <stdint.h>

#include <skalibs/tai.h>

struct failure {
	const char *verb;
	const char *file;   /* in the directory; "" for the directory itself */
	const char *reason; /* NULL: what error says */
	int error;          /* errno */
};

/* Fills it in with errno; answers -1 with errno untouched. */
int failure_set(struct failure *failure, const char *verb, const char *file);

/* The reason in words. */
const char *failure_reason(const struct failure *failure);

/* Something that failed and is tried again after a pause. */
struct trouble {
	bool on;
	uint64_t pause; /* milliseconds, 0: TROUBLE_PAUSE */
	struct tain_s since;
	struct tain_s retry;
};

enum { TROUBLE_PAUSE = 2000 }; /* milliseconds */

/* True if this is the first failure of an episode: worth a word. */
bool trouble_hit(struct trouble *trouble, const struct tain_s *now);

/* It went well: how many seconds the episode took, -1 if there was none. */
long trouble_over(struct trouble *trouble, const struct tain_s *now);

/* True if it is too early to try again; *deadline is lowered to then. */
bool trouble_waits(const struct trouble *trouble, const struct tain_s *now,
		   struct tain_s *deadline);

#endif
