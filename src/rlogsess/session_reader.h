/* Reads a log into a report, and saves the state that a later run needs. */
#ifndef SESSION_READER_H
#define SESSION_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "logread/reader_program.h"
#include "rlogsess/report.h"
#include "rlogsess/rlogsess_options.h"

struct session_reader {
	/* Set by the caller: */
	struct reader_program *program; /* with version, synopsis, selection */
	struct report *report;
	const struct rlogsess_options *options;
	/* Inside: */
	bool state_failed; /* why session_reader_run returned READER_OTHER */
	bool dirty;        /* lines were read after the state was saved */
	int64_t saved;     /* the time it was saved, by wait_clock */
};

/* Tells the program how to read; it may be opened then. */
void session_reader_init(struct session_reader *reader);

/*
 * Reads the opened program until the log ends or, where there is something to
 * save or a log is followed, until SIGTERM, SIGINT or SIGHUP arrives.  Then all
 * is shown and saved.
 */
enum reader_trouble session_reader_run(struct session_reader *reader);

#endif
