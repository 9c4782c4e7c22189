/* The command line of rawio. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>

#define RAWIO_SYNOPSIS "rawio [-btI] [-f in|out] [-d dir] prog [arg ...]"

struct options {
	bool bounds;     /* -b */
	bool stamps;     /* -t */
	bool address;    /* -I */
	bool keep[2];    /* -f, by enum relay_dir */
	const char *dir; /* -d, NULL: the default */
	char const *const *program;
	const char *bad; /* the option whose argument is wrong, or NULL */
};

/*
 * Reads the options in argv.  Result: 0, or -1 for wrong use: o->bad then says
 * what is wrong, or is NULL when the usage line says it best.
 */
int options_parse(struct options *o, int argc, char const *const *argv);

#endif
