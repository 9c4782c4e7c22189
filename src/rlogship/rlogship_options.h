/* The command line of rlogship. */
#ifndef RLOGSHIP_OPTIONS_H
#define RLOGSHIP_OPTIONS_H

#include <stddef.h>

#include "base/label.h"
#include "rlogship/ship_form.h"
#include "stream/stream_program.h"
#include "stream/stream_url.h"

#define RLOGSHIP_UNNAMED "unable to name the log by its directory: give -n NAME"

struct rlogship_options {
	struct stream_options stream;
	size_t bytes;
	enum label_kind labels;
	const struct ship_form *form;
	struct log_name origin; /* name is empty if directory is missing */
	struct stream_url url;
	const char *directory;
};

/*
 * Parses argv.  Returns 0, or -1 for wrong use, which is noted in
 * options->stream.  The struct must stay where it is.
 */
int rlogship_options_parse(struct rlogship_options *options, int argc,
			   char **argv);

#endif
