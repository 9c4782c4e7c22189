/*
 * The main of rlogsess --trace.  Like a main, and unlike other modules, it
 * prints messages and exits.
 */
#ifndef TRACE_PROGRAM_H
#define TRACE_PROGRAM_H

#include "logread/reader_program.h"
#include "rlogsess/rlogsess_options.h"

/* Traces mails as the options say.  Returns the exit code, or exits. */
int trace_program_run(struct reader_program *program,
		      const struct rlogsess_options *options);

#endif
