/* Copies the lines of a log to standard output, in a form. */
#ifndef LINE_COPIER_H
#define LINE_COPIER_H

#include <stdbool.h>

#include "base/output.h"
#include "logread/reader_program.h"
#include "rlogread/line_form.h"
#include "rlogread/rlogread_options.h"

struct line_copier {
	struct rlogread_options options; /* set by the caller */
	struct reader_program program; /* version and synopsis by the caller */
	bool matched;                  /* there was a line */
	/* Inside: */
	struct line_form form;
	struct output output;
};

/* Prepares the output as the options say; terminal: it is one. */
void line_copier_init(struct line_copier *copier, bool terminal);

/*
 * Opens the log and copies its lines until it ends; with a cursor, until a
 * signal arrives.  -q: ends at the first line.
 */
enum reader_trouble line_copier_run(struct line_copier *copier);

#endif
