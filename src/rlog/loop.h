/*
 * The loop: takes in what comes, makes batches of it, and has the directories
 * put them out, until the input ends or a signal says so.  TERM, INT and HUP:
 * the end; what is not written stays in the ring.  ALRM: every current that is
 * not empty is rotated.  It waits in one place only, and never without need.
 */
#ifndef RLOG_LOOP_H
#define RLOG_LOOP_H

#include <stdbool.h>

#include <skalibs/tai.h>

#include "rlog/batch.h"
#include "rlog/drop.h"
#include "rlog/forward.h"
#include "rlog/intake.h"
#include "rlog/logdir.h"
#include "rlog/resume.h"
#include "rlog/script.h"
#include "rlog/status.h"
#include "rlog/timers.h"

enum {
	LOOP_PATIENCE = 2, /* seconds for the rest of a line, without a ring */
	LOOP_HELD = 1 /* seconds of holding the input up before it is said */
};

struct loop {
	const struct script *script;
	struct intake intake;
	struct intake_source source;
	struct batch batch;
	struct logdir *directories; /* open, as in the script */
	struct status *statuses;
	struct forward forward;
	struct resume resume;
	struct timers timers;
	int signals; /* the selfpipe */

	bool durable;  /* the ring outlives us */
	bool replay;   /* the next batch has the intake's clock */
	bool draining; /* what comes first is another source's */
	bool wanting;  /* nothing can be done without more input */
	bool ended;    /* there is no more input */
	bool ending;   /* a signal said so */
	int error;     /* errno of the read that failed, or 0 */
	struct drop drop;
	bool blocked;        /* what is there can't be written, ... */
	struct tain_s stuck; /* ...since then, ... */
	bool held;           /* ...and the input has to wait, ... */
	struct tain_s since; /* ...since then, ... */
	bool told;           /* ...which was said */
	struct tain_s patience;
	struct tain_s deadline; /* when something has to be tried again */
};

/*
 * Runs until all is written, or is safe in the ring after a signal, and no
 * processor is running.  0, or -1 and errno if reading or waiting failed; all
 * that was read before is written.
 */
int loop_run(struct loop *loop);

#endif
