/*
 * A query in the first line, and a log of sessions and messages: the mails that
 * are found have steps that were looked for, links lead back to where they come
 * from, and what is written holds no control bytes or characters.
 */
#include "rlogsess/trace/trace_text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../unit/escapes.h"
#include "rlogsess/trace/trace_scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LINES_MAX = 512 };

struct reading {
	struct mail_query query;
	struct trace_scan scan;
	struct mail_links links;
	struct trace_parts parts;
	struct output output;
};

static void check(bool fine)
{
	if (!fine)
		abort();
}

static int scan_line(void *ctx, const char *text, size_t len)
{
	struct reading *reading = ctx;

	return trace_scan_line(&reading->scan, text, len, true);
}

static int part_line(void *ctx, const char *text, size_t len)
{
	struct reading *reading = ctx;

	return trace_groupers_line(&reading->parts.groupers, text, len);
}

/* Passes the lines, those that begin with a space as lines of a second log. */
static void read_lines(struct reading *reading, struct slice text,
		       struct trace_groupers *groupers,
		       int (*take)(void *ctx, const char *text, size_t len))
{
	trace_groupers_name(groupers, 0, "one");
	trace_groupers_name(groupers, 1, "two");
	for (int i = 0; text.len && i < LINES_MAX; i++) {
		struct slice line = slice_until(&text, '\n');
		struct source_line block = {.origin = slice_prefix(&line, " ")};

		trace_groupers_begin(groupers, &block);
		check(take(reading, line.at, line.len) == 0);
	}
	check(trace_groupers_finish(groupers) == 0);
}

/* The other side of a link has this side as its own. */
static void check_links(const struct mail_links *links)
{
	size_t other, back;

	for (size_t i = 0; i < links->count; i++) {
		if (mail_links_side(links, i, &other) != LINK_FOUND)
			continue;
		check(mail_links_side(links, other, &back) == LINK_FOUND);
		check(back == i);
	}
}

static void check_written(struct output *output)
{
	size_t len;
	const char *text = output_composed(output, &len);

	for (size_t i = 0; i < len; i++)
		check((unsigned char)text[i] >= ' ' || text[i] == '\n' ||
		      text[i] == '\t');
	check(escapes_safe(text, len));
	output_init(output, -1);
}

static void write_chain(struct reading *reading, size_t root, bool json)
{
	struct trace_text text = {
	    .output = &reading->output, .parts = &reading->parts, .json = json};
	struct trace_chain chain;

	trace_chain_find(&chain, &reading->links, root);
	check(chain.steps || chain.remarks);
	for (size_t n = 0; n < chain.steps; n++)
		check(trace_parts_find(
			  &reading->parts,
			  &reading->links.fact[chain.step[n].fact].group) !=
		      NULL);
	check(trace_text_write(&text, &chain) == 0);
	check_written(&reading->output);
}

static void ask_for_steps(struct reading *reading)
{
	struct trace_chain chain;

	for (size_t i = 0; i < reading->links.roots; i++) {
		trace_chain_find(&chain, &reading->links,
				 reading->links.root[i]);
		for (size_t n = 0; n < chain.steps; n++)
			check(trace_parts_add(
				  &reading->parts,
				  &reading->links.fact[chain.step[n].fact]
				       .group) == 0);
	}
}

static void show(struct reading *reading, struct slice log, const char *form)
{
	const struct rlogsess_options options = {.form = format_find(form)};

	memset(&reading->parts, 0, sizeof reading->parts);
	check(trace_parts_init(&reading->parts, &options, 2, true) == 0);
	ask_for_steps(reading);
	read_lines(reading, log, &reading->parts.groupers, part_line);
	output_init(&reading->output, -1);
	output_set_safe(&reading->output, true);
	for (size_t i = 0; i < reading->links.roots; i++)
		write_chain(reading, reading->links.root[i], *form == 'j');
	trace_parts_free(&reading->parts);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct reading reading;
	/* A copy, so that reading beyond the end of the last line is seen. */
	char *text = malloc(size ? size : 1), what[256];
	struct slice log = {text, size};

	check(text != NULL);
	if (size)
		memcpy(text, data, size);
	slice_copy(slice_until(&log, '\n'), what, sizeof what);
	if (mail_query_parse(&reading.query, what) == 0) {
		memset(&reading.scan, 0, sizeof reading.scan);
		check(trace_scan_init(&reading.scan, &reading.query, 2, 0) ==
		      0);
		read_lines(&reading, log, &reading.scan.groupers, scan_line);
		check(mail_links_find(&reading.links, &reading.scan.facts,
				      &reading.scan.span) == 0);
		check_links(&reading.links);
		if (reading.links.roots) {
			show(&reading, log, "text");
			show(&reading, log, "json");
		}
		mail_links_free(&reading.links);
		trace_scan_free(&reading.scan);
	}
	free(text);
	return 0;
}
