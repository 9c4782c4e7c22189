/*
 * A format shows groups: struct format is a table of functions, of which a run
 * calls begin first, line, stray, group and result as they occur, and finish at
 * the end of the log.  To add a format, write a file that defines one, and add
 * it to the table in format.c: options, messages and --help take the name from
 * it.
 */
#ifndef FORMAT_H
#define FORMAT_H

#include "base/output.h"
#include "base/screen.h"
#include "rlogsess/format/line_writer.h"
#include "rlogsess/grouper.h"
#include "rlogsess/grouping/qmail.h"

/* The receiver of sentences about what a format is unable to show. */
struct format_warning {
	/* missing: the output lacks bytes, or has others in their place. */
	void (*tell)(void *ctx, const char *text, bool missing);
	void *ctx;
};

struct format_options {
	const struct format *format;
	struct output *output;
	struct grouper *grouper;
	bool terminal;        /* the output is for people */
	bool several;         /* there are several logs, and each is named */
	const char *log;      /* the name of the only one, or NULL */
	bool filtered;        /* some groups may not be shown */
	bool unbounded;       /* groups cannot wait for the end of the log */
	const int *direction; /* DIALOGUE_IN or OUT alone, NULL: both */
	const char *into;     /* the directory of files, NULL: the output */
	struct format_warning warning;
	bool live;    /* lines are shown once their group is sure to be */
	bool limited; /* only the last `most` groups at first */
	uint64_t most;
	const char *columns;      /* names that list_columns has, or NULL */
	bool heading;             /* names over a table, in a pipe, too */
	enum line_form_kind time; /* the form of the stamps of lines */
	struct screen screen;     /* that the output is drawn for */
	bool colour;              /* the screen has colours */
};

struct format_run {
	struct format_options options;
	struct output *output;
	struct line_writer lines;
	void *state; /* the format's, zeroed at the beginning */
};

/* Each function may be NULL and returns 0, or -1 with errno set. */
struct format {
	size_t state_size;
	/* True if group reads the lines of a group. */
	bool (*holds_lines)(const struct format_options *options);
	/* A group of any length is held whole. */
	bool holds_all;
	/*
	 * result is called again for the deliveries of an earlier run, and for
	 * those outside of the window.
	 */
	bool collects_results;
	bool shows_results; /* and no groups */

	/*
	 * Lists fields with the names and types of the columns that a user may
	 * choose; NULL if the format has none.  Returns 0, or -1 with errno.
	 */
	int (*list_columns)(const struct grouping *grouping,
			    struct fields *fields);
	int (*begin)(struct format_run *run);
	/* A group is sure to be shown; its lines are held; see grouper.h. */
	int (*known)(struct format_run *run, const struct group *group);
	/* A line of an open group. */
	int (*line)(struct format_run *run, const struct group *group,
		    struct slice line);
	/* A line whose group is unknown. */
	int (*stray)(struct format_run *run, struct slice line);
	/* A line of no group. */
	int (*rest)(struct format_run *run, struct slice line);
	/* A group is over. */
	int (*group)(struct format_run *run, const struct group *group);
	/* A delivery of a message is over. */
	int (*result)(struct format_run *run, const struct mail_result *result);
	int (*finish)(struct format_run *run);
	/*
	 * Adds lines that begin with "+ " to a state that is carried over, and
	 * takes one of them, without "+ ", from a state; false: it is none.
	 */
	void (*save)(const struct format_run *run, struct output *output);
	bool (*load)(struct format_run *run, struct slice line);
	/* Frees the memory that the state refers to. */
	void (*free)(void *state);
};

/*
 * A form as users choose it: a name, and a format for each grouping, NULL if
 * there is none.
 */
struct format_choice {
	const char *name;
	const struct format *sessions, *messages;
	bool carries; /* groups may be carried over to another run */
	bool exact;   /* bytes of peers as they are: not for a terminal */
	bool tells;   /* sentences tell what each session lacks: no -n */
};

/* The form of --rest: the lines of no group, as they are in the log. */
extern const struct format format_rest;

/* The form table of --stuck: a row for each message. */
extern const struct format format_stuck_table;

/* Returns the format of a choice for messages, or for sessions. */
const struct format *format_choose(const struct format_choice *choice,
				   bool by_message, bool stuck);

/* Returns the choice of this name, or NULL. */
const struct format_choice *format_find(const char *name);

/*
 * Writes the names of all choices to text, "text, flat, ... LAST" with the word
 * last before the last one; ends with a NUL.
 */
void format_names(char *text, size_t size, const char *last);

/*
 * Starts a run of a format and writes its beginning, such as a line of names.
 * Returns 0, or -1 with errno set; format_free releases the run in both cases.
 */
int format_begin(struct format_run *run, const struct format_options *options);

/* Releases the state of the format. */
void format_free(struct format_run *run);

/* True: the value of holds_lines in a format that always reads lines. */
bool format_always(const struct format_options *options);

#endif
