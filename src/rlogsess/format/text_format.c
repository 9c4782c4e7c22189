/*
 * The form text: the source of a group, if there are several, its lines as the
 * log has them, a remark for each defect of it, and an empty line.  Tested by
 * tests/sh/rlogsess-sessions.t.
 */
#include <stdio.h>
#include <string.h>

#include "rlogsess/format/format.h"

static int copy_lines(void *ctx, const char *lines, size_t len)
{
	struct format_run *run = ctx;

	line_writer_put_all(&run->lines, run->output,
			    (struct slice){lines, len});
	return 0;
}

static void write_remark(struct format_run *run, const struct group *group,
			 const char *text)
{
	struct output *output = run->output;

	output_string(output, "rlogsess: ");
	output_string(output, run->options.grouper->grouping->noun);
	output_string(output, " ");
	output_number(output, group->key);
	output_string(output, ": ");
	output_string(output, text);
	output_string(output, "\n");
}

static void write_remarks(struct format_run *run, const struct group *group)
{
	const char *const *remark = run->options.grouper->grouping->remark;
	char text[96];

	if (group->held.left_out) {
		snprintf(text, sizeof text, "%llu more line%s left out",
			 (unsigned long long)group->held.left_out,
			 group->held.left_out == 1 ? " is" : "s are");
		write_remark(run, group, text);
	}
	for (unsigned int bit = 0; group->marks >> bit; bit++)
		if (group->marks >> bit & 1)
			write_remark(run, group, remark[bit]);
}

static void write_source(struct format_run *run, const char *source)
{
	if (!source)
		return;
	output_string(run->output, "rlogsess: source: ");
	output_field(run->output, source, strlen(source));
	output_string(run->output, "\n");
}

static int write_group_text(struct format_run *run, const struct group *group)
{
	struct grouper *grouper = run->options.grouper;

	write_source(run, group->source);
	line_writer_begin(&run->lines, grouper, group->source);
	if (line_spool_each(&grouper->store, &group->held, copy_lines, run) < 0)
		return -1;
	write_remarks(run, group);
	output_string(run->output, "\n");
	return 0;
}

static int write_stray_text(struct format_run *run, struct slice line)
{
	const struct grouper *grouper = run->options.grouper;

	write_source(run, grouper_source(grouper));
	line_writer_begin(&run->lines, grouper, grouper_source(grouper));
	line_writer_put(&run->lines, run->output, line);
	output_string(run->output,
		      "rlogsess: its beginning is not in this log\n\n");
	return 0;
}

const struct format format_text = {
    .holds_lines = format_always,
    .group = write_group_text,
    .stray = write_stray_text,
};
