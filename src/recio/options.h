/* The command line of recio. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "recio/protocol.h"

#define RECIO_SYNOPSIS                                                  \
	"recio [-cdelmrstvx] [-f in|out] [-k size] [-n fd] [-p proto] " \
	"[-T seconds] [-w n] prog [arg ...]"

/* The most that the environment may hold in options. */
enum { OPTIONS_TEXT_MAX = 1024, OPTIONS_WORDS_MAX = 64 };

struct options {
	bool client;                    /* -c */
	bool by_environment;            /* -e */
	bool lines;                     /* -l */
	bool raw;                       /* -r */
	bool labels;                    /* -t */
	bool verbose;                   /* -v */
	bool drop;                      /* -d */
	bool secrets;                   /* -s */
	bool contents;                  /* -m */
	bool dump;                      /* -x */
	bool show[2];                   /* -f, by enum relay_dir */
	uint64_t limit;                 /* -k, UINT64_MAX: none */
	unsigned int width;             /* -w, 0: as much as fits */
	unsigned int log;               /* -n */
	unsigned int timeout;           /* -T, seconds */
	const struct machine *protocol; /* -p, or NULL */
	char const *const *program;
	const char *bad; /* the option whose argument is wrong, or NULL */
};

/*
 * Reads the options in argv.  Result: 0, or -1 for wrong use: o->bad then says
 * what is wrong, or is NULL when the usage line says it best.
 */
int options_parse(struct options *o, int argc, char const *const *argv);

/*
 * Reads more options, words separated by spaces or tabs, without any quoting,
 * as in the environment's RECIO.  They override what o has.  Result: 0, or -1
 * for options that are wrong or too long: o->bad then says it.
 */
int options_add(struct options *o, const char *text);

#endif
