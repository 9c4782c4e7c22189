/*
 * How far before a window lines are read.  A session is looked for as far back
 * as it can be silent.  A message can be in the queue for a week and be silent
 * for most of it, so that its beginning is far away, but is near for most:
 * therefore the lines of the window are read in advance, after more and more of
 * the lines before it, until each message of the window has its beginning, or
 * as far as a message can be silent.  A log that is followed can always name
 * another old message, and what can be read only once is read from its start.
 *
 * Tested by tests/sh/rlogsess-windows.t.
 */
#include "rlogsess/look_back.h"

#include <string.h>

#include <sys/stat.h>

#include "logread/source.h"
#include "rlogsess/grouper.h"

enum { FIRST_LOOK = 3600, GROWTH = 8 }; /* seconds, and from look to look */

/* The lines of a window and those before it, read in advance. */
struct look {
	struct grouper grouper;
	const struct filter *filter;
	bool lacking; /* the beginning of a message is further back */
};

static int check_beginning(void *ctx, const struct group *group,
			   struct slice line)
{
	struct look *look = ctx;

	(void)line;
	look->lacking |= group->side == WINDOW_INSIDE &&
			 look->grouper.grouping->lacks_start(
			     look->grouper.log->state, group) &&
			 filter_message(look->filter, group->key);
	return 0;
}

static int note_stray(void *ctx, struct slice line)
{
	struct look *look = ctx;

	(void)line;
	look->lacking = true;
	return 0;
}

static int ignore_result(void *ctx, const struct mail_result *result)
{
	(void)ctx;
	(void)result;
	return 0;
}

static int ignore_group(void *ctx, struct group *group)
{
	(void)ctx;
	(void)group;
	return 0;
}

/* True for a directory, and for a file that can be read again. */
static bool is_readable_twice(const char *path)
{
	struct stat st;

	return strcmp(path, "-") != 0 && stat(path, &st) == 0 &&
	       (S_ISDIR(st.st_mode) || S_ISREG(st.st_mode));
}

/* Reads lines until one shows that a beginning is lacking. */
static void read_look(struct look *look, struct source *source)
{
	struct source_line line;

	while (!look->lacking && source_next(source, &line) > 0) {
		if (!line.begins)
			continue;
		grouper_choose_log(&look->grouper, line.origin);
		grouper_set_stamps(&look->grouper, line.kind, line.span);
		grouper_set_side(&look->grouper, line.side);
		if (grouper_line(&look->grouper, line.text, line.len) < 0)
			look->lacking = true;
	}
}

/*
 * True if a message of the window begins more than `back` seconds before it, in
 * these sources, or if these can't be read.
 */
static bool lacks_beginning(const struct rlogsess_options *options,
			    const struct source_options *sources)
{
	static const struct filter all;
	struct look look = {.filter = &options->filter};
	struct grouper_options grouper = {
	    .grouping = &grouping_qmail,
	    .filter = &all,
	    .events = {&look, check_beginning, note_stray, ignore_result,
		       ignore_group, NULL},
	    .logs = sources->count,
	};
	const char *bad;
	struct source *source = source_open(sources, &bad);

	if (!source)
		return true;
	if (grouper_init(&look.grouper, &grouper) == 0)
		read_look(&look, source);
	else
		look.lacking = true;
	grouper_free(&look.grouper);
	source_close(source);
	return look.lacking;
}

/* Looks back further and further, at most `most` seconds. */
static uint64_t find_beginnings(const struct rlogsess_options *options,
				uint64_t most)
{
	const struct source_options *all = &options->selection.source;
	const char *again[SOURCE_DIRECTORIES];
	struct source_options sources = {.directories = again,
					 .since = all->since,
					 .until = all->until,
					 .labels = all->labels,
					 .back = FIRST_LOOK};

	for (size_t i = 0; i < all->count; i++)
		if (is_readable_twice(all->directories[i]))
			again[sources.count++] = all->directories[i];
	if (!sources.count)
		return most;
	while (sources.back < most && lacks_beginning(options, &sources))
		sources.back *= GROWTH;
	return sources.back < most ? sources.back : most;
}

void look_back_set(struct rlogsess_options *options)
{
	struct source_options *source = &options->selection.source;
	const struct grouping *grouping =
	    options->by_message ? &grouping_qmail : &grouping_connections;
	uint64_t quiet =
	    options->quiet ? options->quiet : (uint64_t)grouping->limits.quiet;

	if (options->state || options->descriptors || source->cursor)
		return;
	source->on = source->until && !options->rest && !options->filter.stuck;
	if (!source->since)
		return;
	source->back = options->by_message && !source->follow
			   ? find_beginnings(options, quiet)
			   : quiet;
}
