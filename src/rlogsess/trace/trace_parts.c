/*
 * Parts of mails.  A group is formatted when it is over, by the formats of
 * rlogsess, into the temporary file; two mails of one session share the bytes.
 * Tested by tests/sh/rlogsess-trace.t.
 */
#include "rlogsess/trace/trace_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static int compare_parts(const void *a, const void *b)
{
	const struct trace_part *p = a, *q = b;

	return mail_facts_compare(&p->name, &q->name);
}

static struct trace_part *search_part(const struct trace_parts *parts,
				      const struct group_name *name)
{
	const struct trace_part key = {.name = *name};

	if (!parts->count)
		return NULL;
	return bsearch(&key, parts->part, parts->count, sizeof key,
		       compare_parts);
}

int trace_parts_add(struct trace_parts *parts, const struct group_name *name)
{
	size_t room = parts->room ? parts->room * 2 : 64;
	struct trace_part *grown;

	if (search_part(parts, name))
		return 0;
	if (parts->count == parts->room) {
		grown = reallocarray(parts->part, room, sizeof *grown);
		if (!grown)
			return -1;
		parts->part = grown;
		parts->room = room;
	}
	parts->part[parts->count++] = (struct trace_part){.name = *name};
	qsort(parts->part, parts->count, sizeof *parts->part, compare_parts);
	return 0;
}

static off_t file_end(const struct trace_parts *parts)
{
	return lseek(fileno(parts->file), 0, SEEK_CUR);
}

static int keep_part(struct trace_parts *parts, struct format_run *run,
		     const struct group *group, bool messages)
{
	size_t log = trace_groupers_log(&parts->groupers, group);
	struct group_name name = mail_facts_name(group, log, messages);
	struct trace_part *part = search_part(parts, &name);

	if (!part)
		return 0;
	part->at = file_end(parts);
	if (run->options.format->group(run, group) < 0 ||
	    output_flush(&parts->output) < 0)
		return -1;
	part->len = file_end(parts) - part->at;
	part->found = true;
	return 0;
}

static int keep_session(void *ctx, struct group *group)
{
	struct trace_parts *parts = ctx;

	return keep_part(parts, &parts->session_run, group, false);
}

static int keep_message(void *ctx, struct group *group)
{
	struct trace_parts *parts = ctx;

	return keep_part(parts, &parts->message_run, group, true);
}

/* JSON holds the deliveries of a message until it is over. */
static int keep_result(void *ctx, const struct mail_result *result)
{
	struct trace_parts *parts = ctx;
	struct format_run *run = &parts->message_run;

	if (!run->options.format->result)
		return 0;
	return run->options.format->result(run, result);
}

static int init_runs(struct trace_parts *parts,
		     const struct rlogsess_options *options, bool terminal)
{
	struct format_options format = {
	    .format = options->form->sessions,
	    .output = &parts->output,
	    .grouper = &parts->groupers.sessions,
	    .terminal = terminal,
	    .several = true,
	    .time = rlogsess_options_time(options, terminal),
	};
	int r = format_begin(&parts->session_run, &format);

	format.format = options->form->messages;
	format.grouper = &parts->groupers.messages;
	return format_begin(&parts->message_run, &format) < 0 ? -1 : r;
}

int trace_parts_init(struct trace_parts *parts,
		     const struct rlogsess_options *options, size_t logs,
		     bool terminal)
{
	const struct trace_events events = {parts, keep_session, keep_message,
					    keep_result};

	if (trace_groupers_init(&parts->groupers, &events, logs,
				options->quiet) < 0)
		return -1;
	parts->file = tmpfile();
	if (!parts->file)
		return -1;
	output_init(&parts->output, fileno(parts->file));
	output_set_safe(&parts->output, terminal);
	return init_runs(parts, options, terminal);
}

void trace_parts_free(struct trace_parts *parts)
{
	trace_groupers_free(&parts->groupers);
	if (parts->session_run.options.format)
		format_free(&parts->session_run);
	if (parts->message_run.options.format)
		format_free(&parts->message_run);
	if (parts->file)
		fclose(parts->file);
	parts->file = NULL;
	free(parts->part);
	parts->part = NULL;
}

const struct trace_part *trace_parts_find(const struct trace_parts *parts,
					  const struct group_name *name)
{
	const struct trace_part *part = search_part(parts, name);

	return part && part->found ? part : NULL;
}

int trace_parts_copy(const struct trace_parts *parts,
		     const struct trace_part *part, struct output *to)
{
	off_t at = part->at, end = part->at + part->len - 1;
	char block[16384];
	ssize_t n;

	for (; at < end; at += n) {
		size_t most = sizeof block;

		if (end - at < (off_t)most)
			most = (size_t)(end - at);
		n = pread(fileno(parts->file), block, most, at);
		if (n <= 0) {
			errno = n < 0 ? errno : EIO;
			return -1;
		}
		output_bytes(to, block, (size_t)n);
	}
	return 0;
}
