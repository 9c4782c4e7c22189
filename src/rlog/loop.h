/*
 * The loop: takes in what comes, makes batches of it, and has the directories
 * put them out, until the input ends or a signal says so.  TERM, INT and HUP:
 * the end, after the line in progress; ALRM: every current that is not empty is
 * rotated.  It waits in one place only, and never without need.
 */
#ifndef RLOG_LOOP_H
#define RLOG_LOOP_H

#include <stdbool.h>

#include <skalibs/tai.h>

#include "rlog/batch.h"
#include "rlog/intake.h"
#include "rlog/logdir.h"
#include "rlog/script.h"
#include "rlog/status.h"

enum { LOOP_PATIENCE = 2 }; /* seconds for the rest of a line after TERM */

struct loop {
	const struct script *script;
	struct intake intake;
	struct batch batch;
	struct logdir *directories; /* open, as in the script */
	struct status *statuses;
	int signals; /* the selfpipe */

	bool pending; /* a batch is being put out */
	bool wanting; /* nothing can be done without more input */
	bool ended;   /* there is no more input */
	bool ending;  /* a signal said so */
	int error;    /* errno of the read that failed, or 0 */
	struct tain_s patience;
	struct tain_s deadline; /* when something has to be tried again */
};

/*
 * Runs until all is written and no processor is running.  0, or -1 and errno
 * if reading or waiting failed; all that was read before is written.
 */
int loop_run(struct loop *loop);

#endif
