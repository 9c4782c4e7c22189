/* The command line of rlogsess. */
#ifndef RLOGSESS_OPTIONS_H
#define RLOGSESS_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "logread/reader_options.h"
#include "rlogsess/filter.h"
#include "rlogsess/format/column_choice.h"
#include "rlogsess/format/format.h"

#define RLOGSESS_SYNOPSIS                                                     \
	"rlogsess [-fKMsv] [-c cursorfile] [-i address] [-k statefile] "      \
	"[-L auto|djb|leap] [-m regex] [-n sessions|all] [-o form] [-p pid] " \
	"[-r reply] [-S since] [-t seconds] [-U until] "                      \
	"[--columns list] [--direction in|out] [--from regex] "               \
	"[--heading] [--into directory] [--last duration] [--msg number] "    \
	"[--rest] [--stuck] [--time form] [--trace what] [dir ...]"

struct rlogsess_options {
	struct reader_options selection;
	bool by_message;   /* -M: messages instead of sessions */
	const char *trace; /* --trace: the mail that is asked for, or NULL */
	bool rest;         /* --rest: the lines of no group */
	bool descriptors;  /* -K: open groups from descriptor 4, to 5 */
	const char *state; /* -k: a file for open groups, or NULL */
	const struct format_choice *form;
	const char *columns; /* --columns, or NULL */
	bool heading;        /* --heading */
	bool time_given;     /* --time; otherwise the terminal decides */
	enum line_form_kind time;
	const char *into;     /* --into: the directory of files, or NULL */
	const int *direction; /* --direction: DIALOGUE_IN or OUT, or NULL */
	unsigned int quiet;   /* -t: seconds, or 0 for the default */
	struct filter filter;
	char word[64];                 /* selection.value may point to it */
	char why[COLUMN_CHOICE_NAMES]; /* selection.hint may point to it */
};

/* Parses argv.  Returns 0, or -1 as reader_options_refuse does. */
int rlogsess_options_parse(struct rlogsess_options *options, int argc,
			   char **argv);

/* Returns the form of the stamps of lines; terminal: the output is for people.
 */
enum line_form_kind
rlogsess_options_time(const struct rlogsess_options *options, bool terminal);

/* Returns the format that the options choose, but for --rest. */
const struct format *
rlogsess_options_format(const struct rlogsess_options *options);

#endif
