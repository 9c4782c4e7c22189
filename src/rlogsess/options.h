/* rlogsess' command line. */
#ifndef RLOGSESS_OPTIONS_H
#define RLOGSESS_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "filter.h"

#define RLOGSESS_SYNOPSIS                                                  \
	"rlogsess [-fKMsv] [-c cursorfile] [-i address] [-k statefile] "   \
	"[-L labels] [-m regex] [-o form] [-p pid] [-r reply] [-S since] " \
	"[-t seconds] [-U until] [dir ...]"

enum form { FORM_TEXT, FORM_FLAT, FORM_TABLE, FORM_JSON, FORM_STATS };

struct options {
	bool follow, by_message, verbose;
	bool descriptors;  /* carry over through descriptors 4 and 5 */
	const char *state; /* the file to carry over in */
	const char *cursor, *labels, *since, *until;
	enum form form;
	unsigned int quiet; /* seconds, 0: the default */
	struct filter filter;
	const char *const *input; /* ends with NULL */
	char bad[256]; /* what is wrong, "" if only usage can say it */
};

/* Returns 0, or -1 when used wrongly. */
int options_parse(struct options *options, int argc, char **argv);

#endif
