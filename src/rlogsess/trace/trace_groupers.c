/*
 * The groupers of --trace.  They see all lines in the order in which the logs
 * are read; a line that one of them does not know is of no interest to it.
 * Tested by tests/sh/rlogsess-trace.t.
 */
#include "rlogsess/trace/trace_groupers.h"

#include <string.h>

static int discard_line(void *ctx, const struct group *group, struct slice line)
{
	(void)ctx;
	(void)group;
	(void)line;
	return 0;
}

static int discard_stray(void *ctx, struct slice line)
{
	(void)ctx;
	(void)line;
	return 0;
}

static int discard_result(void *ctx, const struct mail_result *result)
{
	(void)ctx;
	(void)result;
	return 0;
}

int trace_groupers_init(struct trace_groupers *groupers,
			const struct trace_events *events, size_t logs,
			int64_t quiet)
{
	struct grouper_options options = {
	    .grouping = &grouping_connections,
	    .filter = &groupers->everything,
	    .events = {events->ctx, discard_line, discard_stray, discard_result,
		       events->session, NULL},
	    .quiet = quiet,
	    .logs = logs,
	    .hold_lines = true,
	};
	int r;

	memset(&groupers->everything, 0, sizeof groupers->everything);
	groupers->logs = logs;
	r = grouper_init(&groupers->sessions, &options);
	options.grouping = &grouping_qmail;
	options.events.over = events->message;
	if (events->result)
		options.events.result = events->result;
	return grouper_init(&groupers->messages, &options) < 0 ? -1 : r;
}

void trace_groupers_free(struct trace_groupers *groupers)
{
	grouper_free(&groupers->sessions);
	grouper_free(&groupers->messages);
}

void trace_groupers_name(struct trace_groupers *groupers, size_t n,
			 const char *name)
{
	grouper_name_log(&groupers->sessions, n, name);
	grouper_name_log(&groupers->messages, n, name);
}

void trace_groupers_begin(struct trace_groupers *groupers,
			  const struct source_line *block)
{
	grouper_choose_log(&groupers->sessions, block->origin);
	grouper_choose_log(&groupers->messages, block->origin);
	grouper_set_stamps(&groupers->sessions, block->kind, block->span);
	grouper_set_stamps(&groupers->messages, block->kind, block->span);
}

int trace_groupers_line(struct trace_groupers *groupers, const char *text,
			size_t len)
{
	if (grouper_line(&groupers->sessions, text, len) < 0)
		return -1;
	return grouper_line(&groupers->messages, text, len);
}

int trace_groupers_finish(struct trace_groupers *groupers)
{
	if (grouper_finish(&groupers->sessions) < 0)
		return -1;
	return grouper_finish(&groupers->messages);
}

size_t trace_groupers_log(const struct trace_groupers *groupers,
			  const struct group *group)
{
	size_t n = 0;

	while (n + 1 < groupers->logs &&
	       groupers->sessions.logs[n].table.source != group->source)
		n++;
	return n;
}
