/*
 * What is done because it is time: a current is rotated by its age (R), and
 * once a minute archives that are too old are removed (A).
 */
#ifndef TIMERS_H
#define TIMERS_H

#include <stdbool.h>

#include <skalibs/tai.h>

#include "rlog/batch.h"
#include "rlog/logdir.h"

enum { TIMERS_PRUNE = 60 }; /* seconds */

struct timers {
	const struct batch *batch;
	struct logdir *directories; /* as the outputs of the batch */
	unsigned int n;
	bool rotates; /* some directory has an R */
	bool prunes;  /* or an A */
	struct tain_s prune_at;
};

/* The directories are started.  The stopwatch shows *stopwatch. */
void timers_init(struct timers *timers, const struct batch *batch,
		 struct logdir *directories, const struct tain_s *stopwatch);

/*
 * The clock shows *clock, and no batch is begun: marks as due what is so old,
 * but for a current that holds half a line.  True if there is any.
 */
bool timers_rotate(struct timers *timers, const struct tain_s *clock);

/* A batch is built, and begun when the clock shows *clock. */
void timers_begin(struct timers *timers, const struct tain_s *clock);

/* Removes archives if it is time; lowers the deadline to what comes next. */
void timers_wait(struct timers *timers, const struct tain_s *stopwatch,
		 struct tain_s *deadline);

#endif
