/*
 * From the lines of a log to the output: puts lines together to groups with a
 * grouper, and shows them in a format.
 */
#ifndef REPORT_H
#define REPORT_H

#include "base/output.h"
#include "rlogsess/format/format.h"
#include "rlogsess/grouper.h"
#include "rlogsess/last_groups.h"
#include "rlogsess/rlogsess_options.h"

struct report {
	struct output output;
	struct last_groups last; /* while the log is read, if -n limits it */
	struct grouper grouper;
	struct format_run run;
	bool by_message;
	bool other_seen; /* a line of the kind that is not asked for */
	struct line_time_reader stamps; /* of lines that are looked at for it */
};

/* What a report has found in the lines that it took. */
enum report_finding {
	REPORT_SOMETHING, /* lines of sessions or messages, or few lines */
	REPORT_NOTHING,   /* none in at least REPORT_MANY lines */
	REPORT_OTHER,     /* none, but lines of the kind not asked for */
};

enum { REPORT_MANY = 100 };

/*
 * Returns NULL with errno set if there is no memory or temporary file.
 * terminal: the output is for people, and has to be safe for a terminal.
 */
struct report *report_new(const struct rlogsess_options *options, bool terminal,
			  const struct format_warning *warning);

/* Releases the report; groups that are still open are not shown. */
void report_free(struct report *report);

/* Names the nth source, from 0, before its first line; the name must stay. */
void report_name_source(struct report *report, size_t n, const char *name);

/* Says that the lines to be taken next are those of this line or block. */
void report_begin_block(struct report *report, const struct source_line *block);

/* True if later lines of the source of that block would add nothing. */
bool report_is_done(const struct report *report);

/*
 * Takes a line without its newline.  Returns 0, or -1 with errno set; the
 * output has failed if output_error says so.
 */
int report_line(struct report *report, const char *text, size_t len);

/*
 * Tells the time now, in nanoseconds, while no lines arrive: all that the log
 * held was read.  If the first groups to be shown are limited, the last of them
 * are shown then, and later ones as they end.  Returns 0, or -1 with errno set.
 */
int report_pass(struct report *report, int64_t now);

/*
 * Ends the report with the log.  carry: open groups stay open, and are not
 * shown.  Returns 0, or -1 with errno set.
 */
int report_finish(struct report *report, bool carry);

/* Says what was found, whether it is shown or not, and in how many lines. */
enum report_finding report_find(const struct report *report, uint64_t *lines);

/* Returns the number of lines that belong to no group. */
uint64_t report_rest(const struct report *report);

/* Returns the errno for which lines were left out, or 0. */
int report_trouble(const struct report *report);

/* Returns the number of groups that ended since too many were open. */
uint64_t report_crowded(const struct report *report);

/*
 * Returns the number of groups that began before the lines that were read and
 * whose peer or sender is not known for that.
 */
uint64_t report_nameless(const struct report *report);

/* Returns the number of lines that were too long and were cut. */
uint64_t report_cut_lines(const struct report *report);

#endif
