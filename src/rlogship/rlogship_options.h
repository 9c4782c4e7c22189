/* The command line of rlogship. */
#ifndef RLOGSHIP_OPTIONS_H
#define RLOGSHIP_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/label.h"
#include "rlogship/ship_form.h"
#include "stream/stream_url.h"

#define RLOGSHIP_UNNAMED "unable to name the log by its directory: give -n NAME"

struct rlogship_options {
	bool once;
	bool verbose;
	size_t bytes;
	const char *cursor, *status; /* or NULL */
	int ready;                   /* descriptor of -d, or -1 */
	enum label_kind labels;
	const struct ship_form *form;
	struct ship_origin origin; /* name is empty if directory is missing */
	struct stream_url url;
	const char *directory;
	/* With the command line, or NULL: the usage line tells it best. */
	const char *problem, *value, *hint;
	char letter[3]; /* an option that value may point to */
};

/*
 * Parses argv.  Returns 0, or -1 for wrong use.  The struct must stay where it
 * is.
 */
int rlogship_options_parse(struct rlogship_options *options, int argc,
			   char **argv);

#endif
