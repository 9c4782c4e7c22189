/*
 * How far before a window lines are read: as long as a group can be silent, so
 * that each group that has a line or a silence in the window is seen.  Tested
 * by tests/sh/rlogsess-windows.t.
 */
#include "rlogsess/look_back.h"

#include "rlogsess/grouping/grouping.h"

void look_back_set(struct rlogsess_options *options)
{
	struct source_options *source = &options->selection.source;
	const struct grouping *grouping =
	    options->by_message ? &grouping_qmail : &grouping_connections;

	if (options->state || options->descriptors || source->cursor)
		return;
	if (source->since)
		source->back = options->quiet
				   ? options->quiet
				   : (uint64_t)grouping->limits.quiet;
	source->on = source->until && !options->rest && !options->filter.stuck;
}
