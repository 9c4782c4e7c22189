/*
 * The form of --rest: the lines that belong to no group, in the order of the
 * log.  Groups are not shown.  Tested by tests/sh/rlogsess-records.t.
 */
#include "rlogsess/format/format.h"

static int write_rest_line(struct format_run *run, struct slice line)
{
	const struct grouper *grouper = run->options.grouper;

	line_writer_continue(&run->lines, grouper, grouper_source(grouper));
	line_writer_put(&run->lines, run->output, line);
	return 0;
}

const struct format format_rest = {.rest = write_rest_line};
