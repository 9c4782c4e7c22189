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
#include "rlog/turn.h"

enum { TIMERS_PRUNE = 60 }; /* seconds */

struct timers {
	const struct batch *batch;
	struct logdir *directories; /* as the outputs of the batch */
	struct tain_s *since;       /* each current has lines since then */
	unsigned int n;
	bool rotates; /* some directory has an R */
	bool prunes;  /* or an A */
	struct tain_s prune_at;
};

/*
 * Starts the timers when the directories are started and the stopwatch shows
 * this.  Returns 0, or -1 with errno.
 */
int timers_init(struct timers *timers, const struct batch *batch,
		struct logdir *directories, const struct tain_s *stopwatch);

void timers_free(struct timers *timers);

/*
 * Marks every current that is older than its period by this clock as due,
 * except one that ends in a partial line.  Returns true if it marked any; while
 * a batch is begun it marks none.
 */
bool timers_rotate(struct timers *timers, const struct turn *turn,
		   const struct tain_s *clock);

/* A batch begins when the clock shows this. */
void timers_begin(struct timers *timers, const struct tain_s *clock);

/*
 * Removes old archives if it is time; lowers turn->deadline to the next time,
 * or to the moment when a current gets too old.
 */
void timers_wait(struct timers *timers, struct turn *turn);

#endif
