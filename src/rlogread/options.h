/* The command line of rlogread. */
#ifndef RLOGREAD_OPTIONS_H
#define RLOGREAD_OPTIONS_H

#include <stdbool.h>

#include "rlogread/form.h"
#include "source.h"

#define RLOGREAD_SYNOPSIS                                                \
	"rlogread [-fqv] [-c cursorfile] [-L auto|djb|leap] [-n lines] " \
	"[-o form] [-S since] [-U until] [dir ...]"

struct options {
	struct source_options source; /* but for its functions */
	struct when since, until;
	bool quiet, verbose;
	bool form_given;
	enum form_kind form;
	const char *bad;   /* what is wrong, or NULL */
	const char *value; /* with this argument, or NULL */
	const char *directories[SOURCE_DIRECTORIES];
};

/*
 * Reads the options in argv; now is the time.  Result: 0, or -1 for wrong use:
 * o->bad then says what is wrong, or is NULL when the usage line says it best.
 */
int options_parse(struct options *o, int argc, char **argv,
		  const struct timespec *now);

#endif
