/*
 * What a program that reads logs is asked to read: the options that all such
 * programs have, -c -f -L -S -U -v and --dir, and the operands.
 */
#ifndef READER_OPTIONS_H
#define READER_OPTIONS_H

#include <getopt.h>
#include <stdbool.h>
#include <time.h>

#include "logread/source.h"
#include "logread/time_expression.h"

struct reader_options {
	struct source_options source; /* but for its functions */
	struct time_expression since, until;
	bool verbose;
	const char *bad;   /* what is wrong, or NULL */
	const char *value; /* with this argument, or NULL */
	const char *directories[SOURCE_DIRECTORIES];
};

/*
 * For getopt_long: journalctl's words, and those of GreenArrow's
 * logdir_select_time.
 */
#define READER_OPTIONS_LETTERS "c:fL:S:U:v"
/* clang-format off */
#define READER_OPTIONS_WORDS \
	{"cursor-file", required_argument, NULL, 'c'}, \
	{"dir", required_argument, NULL, 'd'}, \
	{"end", required_argument, NULL, 'U'}, \
	{"follow", no_argument, NULL, 'f'}, \
	{"labels", required_argument, NULL, 'L'}, \
	{"since", required_argument, NULL, 'S'}, \
	{"start", required_argument, NULL, 'S'}, \
	{"until", required_argument, NULL, 'U'}, \
	{"verbose", no_argument, NULL, 'v'}
/* clang-format on */

/* Empties it; it must stay where it is. */
void reader_options_init(struct reader_options *selection);

/*
 * Takes an option that getopt_long has found; now is the time.  Result: 1; 0 if
 * it is none of these; -1 if its argument is wrong, which bad and value say.
 */
int reader_options_option(struct reader_options *selection, int option,
			  const char *arg, const struct timespec *now);

/* Takes words as directories to read.  Result: 0, or -1 as above. */
int reader_options_operands(struct reader_options *selection,
			    char *const *words);

/* Says what is wrong, for bad and value.  Result: -1. */
int reader_options_refuse(struct reader_options *selection, const char *bad,
			  const char *value);

#endif
