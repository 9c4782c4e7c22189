/* The command line of recio. */
#ifndef RECIO_OPTIONS_H
#define RECIO_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/std_options.h"
#include "recio/protocol_session.h"

#define RECIO_SYNOPSIS                                                   \
	"recio [-cdeLlmrstvx] [-f in|out] [-k size] [-n fd] [-p proto] " \
	"[-T seconds] [-w n] prog [arg ...]"

/* The most that the environment may hold in options. */
enum { RECIO_OPTIONS_TEXT_MAX = 1024, RECIO_OPTIONS_WORDS_MAX = 64 };

struct recio_options {
	bool client;                    /* -c */
	bool by_environment;            /* -e */
	bool looks_inside;              /* -L */
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
	const struct dialect *protocol; /* -p, or NULL */
	char const *const *program;
	const char *bad; /* what is wrong with an option, or NULL */
	char fault[STD_OPTIONS_FAULT]; /* bad may point to it */
};

/*
 * Reads the options in argv.  Result: 0, or -1 for wrong use: o->bad then says
 * what is wrong, or is NULL when the usage line says it best.
 */
int recio_options_parse(struct recio_options *options, int argc,
			char const *const *argv);

/*
 * Reads more options, words separated by spaces or tabs, without any quoting,
 * as in the environment's RECIO.  They override what o has.  Result: 0, or -1
 * for options that are wrong or too long: o->bad then says it.
 */
int recio_options_add(struct recio_options *options, const char *text);

#endif
