/* rlogsess' command line. */
#ifndef RLOGSESS_OPTIONS_H
#define RLOGSESS_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "filter.h"
#include "source.h"

#define RLOGSESS_SYNOPSIS                                                \
	"rlogsess [-fKMsv] [-c cursorfile] [-i address] [-k statefile] " \
	"[-L auto|djb|leap] [-m regex] [-o form] [-p pid] [-r reply] "   \
	"[-S since] [-t seconds] [-U until] [dir ...]"

enum form { FORM_TEXT, FORM_FLAT, FORM_TABLE, FORM_JSON, FORM_STATS };

struct options {
	struct source_options source; /* but for its functions */
	struct when since, until;
	bool by_message, verbose;
	bool descriptors;  /* carry over through descriptors 4 and 5 */
	const char *state; /* the file to carry over in */
	enum form form;
	unsigned int quiet; /* seconds, 0: the default */
	struct filter filter;
	const char *bad;   /* what is wrong, or NULL */
	const char *value; /* with this argument, or NULL */
	char why[160];     /* where bad may point to */
	const char *directories[SOURCE_DIRECTORIES];
};

/*
 * Reads the options in argv; now is the time.  Result: 0, or -1 for wrong use:
 * o->bad then says what is wrong, or is NULL when the usage line says it best.
 */
int options_parse(struct options *o, int argc, char **argv,
		  const struct timespec *now);

#endif
