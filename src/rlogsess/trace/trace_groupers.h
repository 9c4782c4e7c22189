/*
 * Two groupers that take the same lines: each log may have lines of sessions
 * and of messages.  All groups hold their lines.
 */
#ifndef TRACE_GROUPERS_H
#define TRACE_GROUPERS_H

#include "logread/source_line.h"
#include "rlogsess/grouper.h"

struct trace_groupers {
	struct filter everything;
	struct grouper sessions, messages;
	size_t logs;
};

/* The receiver of groups that are over, and of results (group_events). */
struct trace_events {
	void *ctx;
	int (*session)(void *ctx, struct group *group);
	int (*message)(void *ctx, struct group *group);
	int (*result)(void *ctx,
		      const struct mail_result *result); /* or NULL */
};

/*
 * Makes groupers of this number of logs.  quiet: seconds, or 0 for the default.
 * Returns 0, or -1 with errno set; trace_groupers_free releases them in both
 * cases.
 */
int trace_groupers_init(struct trace_groupers *groupers,
			const struct trace_events *events, size_t logs,
			int64_t quiet);

void trace_groupers_free(struct trace_groupers *groupers);

/* Names the nth log, from 0, before its first line; the name must stay. */
void trace_groupers_name(struct trace_groupers *groupers, size_t n,
			 const char *name);

/* Says of which log the lines of the following block are, and their stamps. */
void trace_groupers_begin(struct trace_groupers *groupers,
			  const struct source_line *block);

/* Takes a line without its newline.  Returns 0, or -1 with errno set. */
int trace_groupers_line(struct trace_groupers *groupers, const char *text,
			size_t len);

/* Ends the logs.  Returns 0, or -1 with errno set. */
int trace_groupers_finish(struct trace_groupers *groupers);

/* Returns the number of a group's log, which has a name. */
size_t trace_groupers_log(const struct trace_groupers *groupers,
			  const struct group *group);

#endif
