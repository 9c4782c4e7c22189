/* rlogsess at work: from its source to its report, until the log is over. */
#ifndef LOOP_H
#define LOOP_H

#include "logread/source.h"
#include "logread/wait.h"
#include "rlogsess/report.h"

/* What failed. */
enum loop_trouble {
	LOOP_FINE,
	LOOP_SOURCE, /* the log could not be read */
	LOOP_REPORT, /* memory, or temporary files */
	LOOP_OUTPUT,
	LOOP_STATE,
	LOOP_CURSOR,
};

struct loop {
	struct source *source;
	struct report *report;
	const struct rlogsess_options *options;
	struct wait standby;
	bool dirty;    /* there is something to save */
	int64_t saved; /* when that was done last, in milliseconds */
};

/*
 * Ends when the log does, or at SIGTERM, SIGINT or SIGHUP if there is something
 * to end in order: when it follows, or carries over, or remembers a position.
 * All is shown and saved then.  errno says why there was trouble.
 */
enum loop_trouble loop_run(struct loop *loop);

#endif
