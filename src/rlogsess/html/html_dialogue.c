/*
 * Lines and strips.  Text is aligned by spaces, so that browsers without
 * scripts, and those in a terminal, show it in columns.  Lines that no side of
 * a session says are in elements i, each of which has all such lines up to the
 * next record.  Tested by tests/sh/rlogsess-html.t.
 */
#include "rlogsess/html/html_dialogue.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "rlogsess/html/group_lines.h"
#include "rlogsess/html/html_text.h"
#include "rlogsess/html/log_scale.h"
#include "rlogsess/line_time.h"

enum { MILLISECOND = 1000000 };

struct dialogue_writer {
	struct html_text text;
	const struct group *group;
	bool by_message;
	bool italic;   /* an element i is open */
	uint64_t left; /* lines left out in the middle */
};

static void write_seconds(struct output *output, int64_t nanoseconds)
{
	char text[LINE_TIME_TEXT];
	size_t len = line_time_format_seconds(text, nanoseconds);

	for (size_t i = len; i < 9; i++)
		output_bytes(output, " ", 1);
	output_bytes(output, text, len);
}

/* A bar of one to four cells, from 10 ms, 0.1 s, 1 s and 10 s on. */
static void write_bar(struct output *output, int64_t wait)
{
	int64_t least = 10 * MILLISECOND;

	for (int i = 0; i < 4; i++, least *= 10)
		output_string(output, wait >= least ? "━" : " ");
}

static void write_line_times(const struct dialogue_writer *writer,
			     const struct group_line *line)
{
	struct output *output = writer->text.output;

	if (line->time == LINE_TIME_NONE ||
	    writer->group->first == LINE_TIME_NONE)
		output_string(output, "         ");
	else
		write_seconds(output, line->time - writer->group->first);
	output_string(output, " ");
	if (line->wait >= MILLISECOND)
		write_seconds(output, line->wait);
	else
		output_string(output, "         ");
	output_string(output, " ");
	write_bar(output, line->wait);
	output_string(output,
		      line->speaker == SPEAKER_SERVER ? "         " : " ");
}

/* The length of the text that is shown, without a part of a character. */
static size_t find_shown_length(struct slice text)
{
	size_t n = HTML_DIALOGUE_LINE;

	if (text.len <= n)
		return text.len;
	while (n > HTML_DIALOGUE_LINE - 4 && (text.at[n] & 0xc0) == 0x80)
		n--;
	return n;
}

static void write_line_text(struct dialogue_writer *writer, struct slice text)
{
	size_t n = find_shown_length(text);
	char more[64];

	html_text_put(&writer->text, text.at, n);
	if (n < text.len) {
		snprintf(more, sizeof more, " <b>%zu more byte%s</b>",
			 text.len - n, text.len - n == 1 ? "" : "s");
		output_string(writer->text.output, more);
	}
	output_string(writer->text.output, "\n");
}

static void set_italic(struct dialogue_writer *writer, bool italic)
{
	if (writer->italic != italic)
		output_string(writer->text.output, italic ? "<i>" : "</i>");
	writer->italic = italic;
}

static void write_left(struct dialogue_writer *writer)
{
	char text[96];

	if (!writer->left)
		return;
	set_italic(writer, false);
	snprintf(text, sizeof text, "<b>%" PRIu64 " line%s left out</b>\n",
		 writer->left, writer->left == 1 ? " is" : "s are");
	output_string(writer->text.output, text);
	writer->left = 0;
}

static bool is_in_middle(const struct group *group,
			 const struct group_line *line)
{
	return line->at >= HTML_DIALOGUE_HEAD &&
	       line->at + HTML_DIALOGUE_TAIL < group->held.bytes;
}

static void write_dialogue_line(void *ctx, const struct group_line *line)
{
	struct dialogue_writer *writer = ctx;

	if (is_in_middle(writer->group, line)) {
		writer->left++;
		return;
	}
	write_left(writer);
	set_italic(writer,
		   line->speaker == SPEAKER_NONE && !writer->by_message);
	write_line_times(writer, line);
	write_line_text(writer, line->text);
}

int html_dialogue_write(struct output *output, struct line_spool_store *store,
			const struct group *group, bool by_message)
{
	struct dialogue_writer writer = {.group = group,
					 .by_message = by_message};

	html_text_init(&writer.text, output);
	if (group_lines_each(store, group, by_message, write_dialogue_line,
			     &writer) < 0)
		return -1;
	set_italic(&writer, false);
	writer.left += group->held.left_out;
	write_left(&writer);
	return 0;
}

enum { STRIP_LEAST = 8 };

/* The times waited for the client [0] and the server [1] in each unit. */
struct strip {
	int64_t first, last; /* of the group */
	int64_t units;
	int64_t waited[2][HTML_DIALOGUE_STRIP];
};

static void paint_wait(void *ctx, const struct group_line *line)
{
	struct strip *strip = ctx;
	int64_t unit = (strip->last - strip->first) / strip->units + 1;
	int64_t from = line->time - line->wait, until;

	if (!line->wait || from < strip->first || line->time > strip->last)
		return;
	for (; from < line->time; from = until) {
		int64_t n = (from - strip->first) / unit;

		until = strip->first + (n + 1) * unit;
		if (until > line->time)
			until = line->time;
		strip->waited[line->for_server][n] += until - from;
	}
}

static bool is_unit_of(const struct strip *strip, int64_t n, bool server)
{
	int64_t own = strip->waited[server][n],
		other = strip->waited[!server][n];

	return own > 0 && (server ? own >= other : own > other);
}

/* Writes the units in which most was waited for one side, as a path. */
static void write_strip_path(struct output *output, const struct strip *strip,
			     bool server)
{
	const char *begin = server ? "<path class=v d=\"" : "<path d=\"";
	char text[48];
	int64_t from = -1;

	for (int64_t n = 0; n <= strip->units; n++) {
		bool on = n < strip->units && is_unit_of(strip, n, server);

		if (on && from < 0) {
			from = n;
		} else if (!on && from >= 0) {
			snprintf(text, sizeof text, "M%" PRId64 " 4H%" PRId64,
				 from, n);
			output_string(output, begin);
			output_string(output, text);
			begin = "";
			from = -1;
		}
	}
	if (!*begin)
		output_string(output, "\"/>");
}

unsigned int html_dialogue_strip_units(const struct group *group)
{
	unsigned int more = HTML_DIALOGUE_STRIP - STRIP_LEAST;

	if (group->first == LINE_TIME_NONE || group->last <= group->first)
		return 0;
	return STRIP_LEAST + log_scale_place(group->last - group->first) *
				 more / LOG_SCALE_MAX;
}

void html_dialogue_open_strip(struct output *output, unsigned int units)
{
	char text[64];

	snprintf(text, sizeof text, "<svg aria-hidden=true width=%u height=8>",
		 units);
	output_string(output, text);
}

int html_dialogue_strip(struct output *output, struct line_spool_store *store,
			const struct group *group)
{
	struct strip strip = {.first = group->first,
			      .last = group->last,
			      .units = html_dialogue_strip_units(group)};

	if (!strip.units)
		return 0;
	if (group_lines_each(store, group, false, paint_wait, &strip) < 0)
		return -1;
	html_dialogue_open_strip(output, (unsigned int)strip.units);
	write_strip_path(output, &strip, false);
	write_strip_path(output, &strip, true);
	output_string(output, "</svg>");
	return 0;
}
