/*
 * The form ladder: a session as a picture of two columns, the client's lines on
 * the left and the server's on the right, each below the time that was waited
 * for it.  Other lines, such as notes, stand between.  Text of a log is escaped
 * for any screen and wrapped at the edge of its column, and after LADDER_ROWS
 * rows it is cut.  Tested by tests/sh/rlogsess-ladder.t.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "base/hex.h"
#include "rlogsess/format/format.h"
#include "rlogsess/grouping/log_line.h"
#include "rlogsess/grouping/session_outcome.h"

enum {
	LADDER_ROWS = 4,         /* of one line */
	LADDER_LEFT = 12,        /* columns of the time, and of the sign */
	LADDER_TEXT = 4096,      /* bytes of a line that are escaped */
	LADDER_LEAST = 10000000, /* nanoseconds of the shortest wait drawn */
};

/* A session that is drawn. */
struct ladder {
	struct output *output;
	const struct screen *screen;
	bool colour;
	const struct group *group;
	struct line_time_reader stamps;
	struct line_prefix prefix;
	struct session_waits waits;
};

static void begin_colour(const struct ladder *ladder, const char *sequence)
{
	if (ladder->colour)
		output_string(ladder->output, sequence);
}

static void end_colour(const struct ladder *ladder)
{
	begin_colour(ladder, "\033[0m");
}

static void write_spaces(struct output *output, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		output_bytes(output, " ", 1);
}

/* Returns the column at which the server's side begins. */
static unsigned int find_right_side(const struct ladder *ladder)
{
	return LADDER_LEFT + (screen_width(ladder->screen) - LADDER_LEFT) / 2;
}

/* Returns the length of the character at text, of which there are len bytes. */
static size_t character_length(const char *text, size_t len)
{
	size_t n = escape_utf8(text, len);

	return n ? n : 1;
}

/* Escapes a line for the screen; returns the length, and whether all fits. */
static size_t escape_for_screen(const struct screen *screen,
				char shown[4 * LADDER_TEXT], struct slice text,
				bool *whole)
{
	char safe[LADDER_TEXT];
	size_t used, len, n = 0;

	len = escape_shown(safe, sizeof safe, text.at, text.len, &used);
	*whole = used == text.len;
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)safe[i];

		if (screen->utf8 || c < 0x80) {
			shown[n++] = c == '\t' ? ' ' : (char)c;
			continue;
		}
		memcpy(shown + n, "\\x", 2);
		shown[n + 2] = HEX_DIGITS[c >> 4];
		shown[n + 3] = HEX_DIGITS[c & 15];
		n += 4;
	}
	return n;
}

/* Writes text in rows that begin at a column; the first one has begun. */
static void write_wrapped(const struct ladder *ladder, struct slice text,
			  unsigned int column)
{
	unsigned int room = screen_width(ladder->screen) - column, used = 0;
	unsigned int rows = 1;
	char shown[4 * LADDER_TEXT], more[64];
	bool whole;
	size_t len = escape_for_screen(ladder->screen, shown, text, &whole);
	size_t n, i = 0;

	for (; i < len; i += n, used++) {
		if (used == room && rows == LADDER_ROWS)
			break;
		if (used == room) {
			output_string(ladder->output, "\n");
			write_spaces(ladder->output, column);
			used = 0;
			rows++;
		}
		n = character_length(shown + i, len - i);
		output_bytes(ladder->output, shown + i, n);
	}
	output_string(ladder->output, "\n");
	if (i == len && whole)
		return;
	write_spaces(ladder->output, column);
	snprintf(more, sizeof more, "... (%zu bytes)\n", text.len);
	output_string(ladder->output, more);
}

/* How a wait is drawn, by its length. */
static const struct wait_class {
	int64_t from; /* nanoseconds */
	unsigned int length;
	const char *ascii, *utf8, *colour;
} wait_classes[] = {
    {10 * GROUPING_SECOND, 4, "#", "\xe2\x96\x93", "\033[31m"},
    {GROUPING_SECOND, 3, "=", "\xe2\x96\x92", "\033[33m"},
    {GROUPING_SECOND / 10, 2, "-", "\xe2\x96\x91", ""},
    {LADDER_LEAST, 1, ".", "\xe2\x96\x91", ""},
};

/* Draws a wait on the side of the one that was waited for. */
static void draw_wait(const struct ladder *ladder, int64_t wait, bool server)
{
	const struct wait_class *class = wait_classes;
	char text[LINE_TIME_TEXT];

	if (wait < LADDER_LEAST)
		return;
	while (wait < class->from)
		class ++;
	write_spaces(ladder->output,
		     server ? find_right_side(ladder) : LADDER_LEFT);
	begin_colour(ladder, class->colour);
	output_string(ladder->output, "|");
	for (unsigned int i = 0; i < class->length; i++)
		output_string(ladder->output, ladder->screen->utf8
						  ? class->utf8
						  : class->ascii);
	line_time_format_seconds(text, wait);
	output_string(ladder->output, " ");
	output_string(ladder->output, text);
	output_string(ladder->output, " s");
	end_colour(ladder);
	output_string(ladder->output, "\n");
}

/* Writes the seconds since the start of the session, and the sign. */
static void begin_ladder_row(const struct ladder *ladder, int64_t time,
			     char sign)
{
	char seconds[LINE_TIME_TEXT] = "", text[LINE_TIME_TEXT + 16];

	if (time != LINE_TIME_NONE && ladder->group->first != LINE_TIME_NONE)
		line_time_format_seconds(seconds, time - ladder->group->first);
	snprintf(text, sizeof text, "%9s %c ", seconds, sign);
	output_string(ladder->output, text);
}

static void draw_record(const struct ladder *ladder,
			const struct connection_line *line)
{
	bool server = line->kind == LINE_OUT;
	unsigned int column = server ? find_right_side(ladder) : LADDER_LEFT;
	struct slice body = line->body;

	if (line->eof)
		body = (struct slice){"[EOF]", 5};
	body.len = escape_without_cr(body.at, body.len);
	begin_ladder_row(ladder, line->time, server ? '>' : '<');
	write_spaces(ladder->output, column - LADDER_LEFT);
	begin_colour(ladder, server ? "\033[32m" : "\033[36m");
	write_wrapped(ladder, body, column);
	end_colour(ladder);
}

/* A note of recio, or a line of another program. */
static void draw_other(const struct ladder *ladder,
		       const struct connection_line *line)
{
	struct slice text = line->body;

	if (line->kind != LINE_NOTE) {
		text = line->text;
		slice_skip(&text, line->form_at);
	}
	text.len = escape_without_cr(text.at, text.len);
	begin_ladder_row(ladder, line->time,
			 line->kind == LINE_NOTE ? ':' : ' ');
	begin_colour(ladder, "\033[3;33m");
	write_wrapped(ladder, text, LADDER_LEFT);
	end_colour(ladder);
}

static void draw_line(void *ctx, const char *text, size_t len)
{
	struct ladder *ladder = ctx;
	struct line_reader reader = {&ladder->stamps, &ladder->prefix};
	struct connection_line line;
	bool server;
	int64_t wait;

	log_line_parse_connection(&line, &reader, text, len);
	server = session_waits_for_server(&ladder->waits, &line);
	wait = session_waits_take(&ladder->waits, &line);
	draw_wait(ladder, wait, server);
	if (line.kind == LINE_IN || line.kind == LINE_OUT)
		draw_record(ladder, &line);
	else
		draw_other(ladder, &line);
}

/* Writes a part of the title, on the next row if this one has no room. */
static void write_title_part(const struct ladder *ladder, unsigned int *used,
			     const char *name, const char *value)
{
	size_t len = strlen(name) + strlen(value);

	if (*used &&
	    *used + len + strlen(", ,") > screen_width(ladder->screen)) {
		output_string(ladder->output, ",\n  ");
		*used = 2;
	} else if (*used) {
		output_string(ladder->output, ", ");
		*used += 2;
	}
	output_string(ladder->output, name);
	output_string(ladder->output, value);
	*used += (unsigned int)len;
}

static void write_title_parts(const struct ladder *ladder,
			      const struct session *session)
{
	const struct group *group = ladder->group;
	char text[LINE_TIME_TEXT + 32], shown[4 * LADDER_TEXT];
	struct slice peer = {session->peer, 0};
	unsigned int used = 0;
	size_t n = 1;
	bool whole;

	snprintf(text, sizeof text, "%" PRIu64, group->number);
	write_title_part(ladder, &used, "session ", text);
	snprintf(text, sizeof text, "%" PRIu64, group->key);
	write_title_part(ladder, &used, "pid ", text);
	line_time_format_local(text, group->first);
	write_title_part(ladder, &used, "", text);
	strcpy(text, "-");
	if (group->first != LINE_TIME_NONE)
		n = line_time_format_seconds(text, group->last - group->first);
	strcpy(text + n, " s");
	write_title_part(ladder, &used, "", text);
	write_title_part(ladder, &used, "",
			 session_outcome_name(session_outcome(session)));
	if (*session->peer) {
		peer.len = strlen(session->peer);
		shown[escape_for_screen(ladder->screen, shown, peer, &whole)] =
		    0;
		write_title_part(ladder, &used, "peer ", shown);
	}
}

static void write_ladder_title(const struct ladder *ladder,
			       const struct session *session)
{
	const struct group *group = ladder->group;
	struct output *output = ladder->output;

	begin_colour(ladder, "\033[1m");
	write_title_parts(ladder, session);
	end_colour(ladder);
	output_string(output, "\n");
	if (group->source) {
		output_string(output, "source ");
		write_wrapped(
		    ladder,
		    (struct slice){group->source, strlen(group->source)},
		    strlen("source "));
	}
	write_spaces(output, LADDER_LEFT);
	output_string(output, "client");
	write_spaces(output,
		     find_right_side(ladder) - LADDER_LEFT - strlen("client"));
	output_string(output, "server\n");
}

/* What the picture lacks. */
static void write_ladder_gaps(const struct ladder *ladder)
{
	const struct group *group = ladder->group;
	const struct session *session = connections_session(group);
	char marks[FIELDS_MARKS], text[64];
	size_t len = fields_mark_words(
	    marks, group->marks, session->said.lost || group->held.left_out);

	if (len) {
		output_string(ladder->output, "incomplete: ");
		output_bytes(ladder->output, marks, len);
		output_string(ladder->output, "\n");
	}
	if (group->held.left_out) {
		snprintf(text, sizeof text, "%" PRIu64 " line%s left out\n",
			 group->held.left_out,
			 group->held.left_out == 1 ? " is" : "s are");
		output_string(ladder->output, text);
	}
}

static int draw_session(struct format_run *run, const struct group *group)
{
	const struct session *session = connections_session(group);
	struct ladder ladder = {
	    .output = run->output,
	    .screen = &run->options.screen,
	    .colour = run->options.colour,
	    .group = group,
	    .stamps = *session->reader->stamps,
	    .prefix = *session->reader->prefix,
	};

	write_ladder_title(&ladder, session);
	if (line_spool_each_line(&run->options.grouper->store, &group->held,
				 draw_line, &ladder) < 0)
		return -1;
	write_ladder_gaps(&ladder);
	output_string(run->output, "\n");
	return 0;
}

const struct format format_ladder = {
    .holds_lines = format_always,
    .group = draw_session,
};
