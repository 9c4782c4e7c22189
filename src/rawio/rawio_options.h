/* The command line of rawio. */
#ifndef RAWIO_OPTIONS_H
#define RAWIO_OPTIONS_H

#include <stdbool.h>

#include "base/std_options.h"

#define RAWIO_SYNOPSIS "rawio [-btvI] [-f in|out] [-d dir] prog [arg ...]"

struct rawio_options {
	bool bounds;     /* -b */
	bool stamps;     /* -t */
	bool address;    /* -I */
	bool keep[2];    /* -f, by enum relay_dir */
	bool explains;   /* -v */
	const char *dir; /* -d, NULL: the default */
	char const *const *program;
	const char *bad; /* what is wrong with an option, or NULL */
	char fault[STD_OPTIONS_FAULT]; /* bad may point to it */
};

/*
 * Reads the options in argv.  Returns 0, or -1 for wrong use: options->bad is
 * then the message, or NULL if the usage line is message enough.
 */
int rawio_options_parse(struct rawio_options *options, int argc,
			char const *const *argv);

#endif
