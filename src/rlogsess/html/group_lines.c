/*
 * Lines are parsed again, as they were parsed for their group.  Tested by
 * tests/sh/rlogsess-html.t.
 */
#include "rlogsess/html/group_lines.h"

#include "base/escape.h"
#include "rlogsess/grouping/connections.h"
#include "rlogsess/grouping/qmail.h"

struct line_walk {
	struct line_time_reader stamps;
	struct line_prefix prefix;
	struct session_waits waits;
	int64_t last; /* time of the line before */
	uint64_t at;
	void (*visit)(void *ctx, const struct group_line *line);
	void *ctx;
};

static struct slice cut_cr(struct slice text)
{
	text.len = escape_without_cr(text.at, text.len);
	return text;
}

static struct slice cut_form(const struct connection_line *line)
{
	struct slice text = line->text;

	slice_skip(&text, line->form_at);
	if (line->kind == LINE_IN || line->kind == LINE_OUT ||
	    line->kind == LINE_NOTE)
		slice_until(&text, ' ');
	return cut_cr(text);
}

static void pass_walked_line(struct line_walk *walk, struct group_line *line,
			     size_t len)
{
	line->at = walk->at;
	walk->at += len + 1;
	walk->visit(walk->ctx, line);
}

static void walk_session_line(void *ctx, const char *text, size_t len)
{
	struct line_walk *walk = ctx;
	struct line_reader reader = {&walk->stamps, &walk->prefix};
	struct connection_line line;
	struct group_line shown = {.speaker = SPEAKER_NONE};

	log_line_parse_connection(&line, &reader, text, len);
	if (line.kind == LINE_IN)
		shown.speaker = SPEAKER_CLIENT;
	else if (line.kind == LINE_OUT)
		shown.speaker = SPEAKER_SERVER;
	shown.for_server = session_waits_for_server(&walk->waits, &line);
	shown.wait = session_waits_take(&walk->waits, &line);
	shown.time = line.time;
	shown.text = cut_form(&line);
	pass_walked_line(walk, &shown, len);
}

static void walk_message_line(void *ctx, const char *text, size_t len)
{
	struct line_walk *walk = ctx;
	struct group_line shown = {.speaker = SPEAKER_NONE};
	struct slice rest = {text, len};

	slice_skip(&rest,
		   line_time_parse(&walk->stamps, text, len, &shown.time));
	slice_skip(&rest, line_prefix_take(&walk->prefix, rest));
	if (shown.time != LINE_TIME_NONE && walk->last != LINE_TIME_NONE &&
	    shown.time > walk->last)
		shown.wait = shown.time - walk->last;
	if (shown.time != LINE_TIME_NONE)
		walk->last = shown.time;
	shown.text = cut_cr(rest);
	pass_walked_line(walk, &shown, len);
}

int group_lines_each(struct line_spool_store *store, const struct group *group,
		     bool by_message,
		     void (*visit)(void *ctx, const struct group_line *line),
		     void *ctx)
{
	const struct line_reader *reader =
	    by_message ? qmail_mail(group)->reader
		       : connections_session(group)->reader;
	struct line_walk walk = {.stamps = *reader->stamps,
				 .prefix = *reader->prefix,
				 .last = LINE_TIME_NONE,
				 .visit = visit,
				 .ctx = ctx};

	return line_spool_each_line(
	    store, &group->held,
	    by_message ? walk_message_line : walk_session_line, &walk);
}
