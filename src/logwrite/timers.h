/*
 * Timers: a current is rotated by its age (R), and once a minute archives that
 * are too old are removed (A).  A current is as old as its first line.
 *
 * Ages are differences of labels of the real-time clock, which may be set back:
 * a current that began in the future then begins now.
 */
#ifndef TIMERS_H
#define TIMERS_H

#include <stdbool.h>

#include <skalibs/tai.h>

#include "logwrite/batch.h"
#include "logwrite/output/directory.h"
#include "logwrite/turn.h"

enum {
	TIMERS_PRUNE = 60, /* seconds */
	TIMERS_LOOK = 60   /* seconds after which the clock is read again */
};

/* When a current of this time ends by the local clock. */
struct local_end {
	bool known;
	struct tain_s since;
	struct tain_s end;
};

struct timers {
	const struct batch *batch;
	struct directory *directories; /* as the outputs of the batch */
	struct tain_s *since;          /* each current has lines since then */
	struct local_end *local_ends;  /* of each, for R with @local */
	unsigned int n;
	bool rotates; /* some directory has an R */
	bool prunes;  /* or an A */
	struct tain_s prune_at;
};

/*
 * Starts the timers when the directories are started and the stopwatch shows
 * *stopwatch.  A current that is not empty began at the stamp of its first line
 * or, if it has none, when the file was created or, if the system does not
 * know, was last changed.  Returns 0, or -1 with errno.
 */
int timers_init(struct timers *timers, const struct batch *batch,
		struct directory *directories, const struct tain_s *stopwatch);

/* Releases the memory of the timers. */
void timers_free(struct timers *timers);

/*
 * Marks every current that is older than its period by this clock as due,
 * except one that ends in a partial line.  Returns true if it marked any; while
 * a batch is begun it marks none.
 */
bool timers_rotate(struct timers *timers, const struct turn *turn,
		   const struct tain_s *clock);

/* Sets the time of each empty current, before the first batch goes to it. */
void timers_begin(struct timers *timers, const struct tain_s *clock);

/*
 * Removes old archives if it is time; lowers turn->deadline to the next time,
 * or to the moment when a current gets too old by this clock, but to
 * TIMERS_LOOK seconds from now at most, since that clock may be set.
 */
void timers_wait(struct timers *timers, struct turn *turn,
		 const struct tain_s *clock);

#endif
