/* The command line of rlogfetch. */
#ifndef RLOGFETCH_OPTIONS_H
#define RLOGFETCH_OPTIONS_H

#include <stddef.h>

#include "logwrite/script.h"
#include "rlogfetch/directive_file.h"
#include "stream/nats_feed.h"
#include "stream/stream_program.h"
#include "stream/stream_url.h"

struct rlogfetch_options {
	struct stream_options stream;
	struct nats_feed_from from;
	struct stream_url url;
	const char *directory;      /* NULL: standard output */
	const char *directive_file; /* or NULL */
	struct directive_file from_file;
	const char *const *directives;
	size_t directives_n;
	char why[SCRIPT_ERROR]; /* of a directive */
};

/*
 * Parses argv.  Returns 0, or -1 for wrong use, which is noted in
 * options->stream.  The struct must stay where it is.
 */
int rlogfetch_options_parse(struct rlogfetch_options *options, int argc,
			    char **argv);

#endif
