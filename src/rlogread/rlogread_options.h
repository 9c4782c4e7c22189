/* The command line of rlogread. */
#ifndef RLOGREAD_OPTIONS_H
#define RLOGREAD_OPTIONS_H

#include <stdbool.h>

#include "logread/reader_options.h"
#include "rlogread/line_form.h"

#define RLOGREAD_SYNOPSIS                                                \
	"rlogread [-fqv] [-c cursorfile] [-L auto|djb|leap] [-n lines] " \
	"[-o form] [-S since] [-U until] [dir ...]"

struct rlogread_options {
	struct reader_options selection;
	bool quiet;      /* -q: write nothing, the exit code answers */
	bool form_given; /* -o was given; otherwise the terminal decides */
	enum line_form_kind form;
};

/* Parses argv.  Returns 0, or -1 as reader_options_refuse does. */
int rlogread_options_parse(struct rlogread_options *options, int argc,
			   char **argv);

#endif
