/* rlogread at work: from its source to its output, until the log is over. */
#ifndef LOOP_H
#define LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/output.h"
#include "logread/source.h"
#include "logread/wait.h"
#include "rlogread/line_form.h"
#include "rlogread/rlogread_options.h"

/* What failed. */
enum loop_trouble { LOOP_FINE, LOOP_SOURCE, LOOP_CURSOR, LOOP_OUTPUT };

struct loop {
	const struct rlogread_options *options;
	struct source *source;
	struct line_form form;
	bool matched; /* there was a line */
	/* Inside: */
	struct output out;
	struct wait standby;
	bool exact;    /* there is a position to remember */
	bool dirty;    /* it is not saved as it stands */
	bool unsaved;  /* because that failed */
	int64_t saved; /* when it was saved last, in milliseconds */
};

/* Begins, with options and form; the source may be opened then. */
void loop_init(struct loop *loop);

/* Writes what is gathered.  Returns 0, or -1: then loop_run ends with that. */
int loop_flush(struct loop *loop);

/*
 * Ends when the log does, or in order at SIGTERM, SIGINT or SIGHUP if there is
 * a position to remember, which is saved then, also when there was trouble with
 * the output.  errno says why there was trouble.
 */
enum loop_trouble loop_run(struct loop *loop);

#endif
