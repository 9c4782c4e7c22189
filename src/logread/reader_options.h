/*
 * The options that all reading programs have, -c -f -L -S -U -v, --dir and
 * --last, and their operands: which log to read, and which part of it.
 */
#ifndef READER_OPTIONS_H
#define READER_OPTIONS_H

#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "logread/source.h"
#include "logread/time_expression.h"

enum { READER_OPTIONS_TAIL = 10 }; /* lines with which -f begins */

/* The argument of -n. */
struct tail_limit {
	bool given;
	bool all;       /* no limit */
	uint64_t count; /* unless all */
};

struct reader_options {
	struct source_options source; /* its functions are not set */
	struct time_expression since, until;
	struct timespec now; /* the time that relative times start from */
	bool last;           /* since is that of --last */
	bool verbose;
	struct tail_limit tail;
	const char *problem; /* with the command line, or NULL */
	const char *value;   /* the argument that it is about, or NULL */
	const char *hint;    /* how to write the argument, or NULL */
	char letter[3];      /* an option that value may point to */
	const char *directories[SOURCE_DIRECTORIES];
};

/*
 * For getopt_long: journalctl's words, and those of GreenArrow's
 * logdir_select_time.  The colon tells a missing argument from an unknown
 * option.
 */
#define READER_OPTIONS_LETTERS ":c:fL:S:U:v"
enum { READER_OPTIONS_LAST = 256 }; /* --last, which has no letter */
/* clang-format off */
#define READER_OPTIONS_WORDS \
	{"cursor-file", required_argument, NULL, 'c'}, \
	{"dir", required_argument, NULL, 'd'}, \
	{"end", required_argument, NULL, 'U'}, \
	{"follow", no_argument, NULL, 'f'}, \
	{"labels", required_argument, NULL, 'L'}, \
	{"last", required_argument, NULL, READER_OPTIONS_LAST}, \
	{"since", required_argument, NULL, 'S'}, \
	{"start", required_argument, NULL, 'S'}, \
	{"until", required_argument, NULL, 'U'}, \
	{"verbose", no_argument, NULL, 'v'}
/* clang-format on */

/* The options that a program has besides. */
struct reader_options_own {
	const char *letters;        /* READER_OPTIONS_LETTERS and its own */
	const struct option *words; /* READER_OPTIONS_WORDS and its own */
	/* Sets an option of its own.  Returns 0, or -1 for wrong use. */
	int (*set)(void *ctx, int option, const char *arg);
	void *ctx;
};

/*
 * Parses argv: these options and the program's, then directories.  Returns 0,
 * or -1 for wrong use: then problem, value and hint name the fault, or problem
 * is NULL if the usage line tells it best.  The struct must stay where it is.
 */
int reader_options_parse(struct reader_options *selection,
			 const struct reader_options_own *own, int argc,
			 char **argv);

/*
 * Sets tail, for a program with -n: a number, or the word all.  Returns 0, or
 * -1 with this problem.
 */
int reader_options_set_tail(struct reader_options *selection, const char *arg,
			    const char *problem);

/*
 * Sets tail to what -f begins with unless -n was given: READER_OPTIONS_TAIL,
 * but all with -S, with -c, and of standard input, which has no last lines.
 * Without -f: all.
 */
void reader_options_choose_tail(struct reader_options *selection);

/* Sets problem, value and hint, and returns -1. */
int reader_options_refuse(struct reader_options *selection, const char *problem,
			  const char *value, const char *hint);

#endif
