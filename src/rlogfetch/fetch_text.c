/*
 * Text of messages.  Pieces of a long line follow one another: a text that
 * begins a line where another one is not ended gets a newline before it.
 */
#include "rlogfetch/fetch_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/label.h"
#include "base/line_restore.h"

enum { NOTE_MAX = 256 };

/* A piece of a line: it begins or ends one, or not. */
struct text_piece {
	const char *bytes;
	size_t len;
	bool begins, ends;
};

static int reserve_bytes(struct fetch_text *text, size_t n)
{
	size_t size = text->size ? text->size : 65536;
	char *bytes;

	if (text->size - text->len >= n && text->bytes)
		return 0;
	while (size - text->len < n)
		size *= 2;
	bytes = realloc(text->bytes, size);
	if (!bytes)
		return -1;
	text->bytes = bytes;
	text->size = size;
	return 0;
}

static int add_text_bytes(struct fetch_text *text, const char *bytes, size_t n)
{
	if (reserve_bytes(text, n) < 0)
		return -1;
	memcpy(text->bytes + text->len, bytes, n);
	text->len += n;
	return 0;
}

/* Ends the line in progress, if there is one. */
static int break_line(struct fetch_text *text, struct fetch_join *join)
{
	if (!join->midline)
		return 0;
	join->midline = false;
	return add_text_bytes(text, "\n", 1);
}

/* Adds a line with the last label, so that the order of labels stays. */
static int add_text_note(struct fetch_text *text, struct fetch_join *join,
			 const char *sentence)
{
	char note[NOTE_MAX] = "";
	size_t n = 0;

	if (join->labelled) {
		label_format(note, &join->last);
		note[LABEL_LEN] = ' ';
		n = LABEL_LEN + 1;
	}
	snprintf(note + n, sizeof note - n, "rlogfetch: %s\n", sentence);
	return break_line(text, join) < 0
		   ? -1
		   : add_text_bytes(text, note, strlen(note));
}

/*
 * Notes the label of a line, and whether the line is one that is not there.
 * Labels need not rise: the clock of the origin may have been set back.
 */
static void meet_label(struct fetch_join *join, const struct text_piece *piece)
{
	struct tain_s label;

	if (join->met)
		join->behind = join->met = false;
	if (!label_parse(&label, piece->bytes, piece->len))
		return;
	if (join->behind && !tain_less(&join->last, &label)) {
		join->met = !tain_less(&label, &join->last);
		return;
	}
	join->behind = false;
	join->labelled = true;
	join->last = label;
}

static int add_piece_of_text(struct fetch_text *text, struct fetch_join *join,
			     const struct text_piece *piece)
{
	if (piece->begins)
		meet_label(join, piece);
	if (join->behind)
		return 0;
	if (piece->begins && break_line(text, join) < 0)
		return -1;
	join->midline = !piece->ends;
	if (add_text_bytes(text, piece->bytes, piece->len) < 0)
		return -1;
	return piece->ends ? add_text_bytes(text, "\n", 1) : 0;
}

/* Cuts the next line off the rest of a message. */
static struct text_piece cut_text_line(const char **at, const char *end)
{
	const char *newline = memchr(*at, '\n', (size_t)(end - *at));
	struct text_piece piece = {
	    .bytes = *at,
	    .len = (size_t)((newline ? newline : end) - *at),
	    .begins = true,
	    .ends = newline != NULL};

	*at = newline ? newline + 1 : end;
	return piece;
}

static int make_raw(struct fetch_text *text, const struct nats_message *message,
		    struct fetch_join *join)
{
	const char *at = message->bytes, *end = at + message->len;
	struct text_piece piece;
	bool within = join->midline;

	for (; at < end; within = false) {
		piece = cut_text_line(&at, end);
		piece.begins = !within;
		if (add_piece_of_text(text, join, &piece) < 0)
			return -1;
	}
	return 1;
}

static int refuse_text(struct fetch_text *text, const char *why)
{
	text->len = 0;
	snprintf(text->why, sizeof text->why, "%s", why);
	return 0;
}

/* Lines were lost before they were sent: a note, unless it is there already. */
static int add_missing(struct fetch_text *text, struct fetch_join *join,
		       const struct restored_line *line)
{
	char sentence[NOTE_MAX];
	struct tain_s before;

	if (join->behind && !join->met &&
	    !(label_parse(&before, line->before, line->before_len) &&
	      tain_less(&join->last, &before)))
		return 0;
	snprintf(sentence, sizeof sentence,
		 "lines after %.*s and before %.*s are missing",
		 line->after_len ? (int)line->after_len : 1,
		 line->after_len ? line->after : "-",
		 line->before_len ? (int)line->before_len : 1,
		 line->before_len ? line->before : "-");
	return add_text_note(text, join, sentence);
}

/* Adds the line of one object.  Returns as fetch_text_make. */
static int add_object(struct fetch_text *text, struct fetch_join *join,
		      const struct text_piece *object, char *room)
{
	struct restored_line line;
	struct text_piece piece;

	if (!line_restore(&line, room, object->bytes, object->len))
		return refuse_text(text, "it has a malformed object");
	if (line.kind == LINE_RESTORE_MISSING)
		return add_missing(text, join, &line) < 0 ? -1 : 1;
	piece = (struct text_piece){.bytes = line.text,
				    .len = line.len,
				    .begins = !line.rest,
				    .ends = !line.cut};
	return add_piece_of_text(text, join, &piece) < 0 ? -1 : 1;
}

static int make_json(struct fetch_text *text,
		     const struct nats_message *message,
		     struct fetch_join *join)
{
	const char *at = message->bytes, *end = at + message->len;
	char *room = malloc(message->len + 1);
	struct text_piece object;
	int r = 1;

	if (!room)
		return -1;
	while (at < end && r > 0) {
		object = cut_text_line(&at, end);
		r = add_object(text, join, &object, room);
	}
	free(room);
	return r;
}

/* What is between the bytes before and the message. */
static int bridge_gap(struct fetch_text *text,
		      const struct nats_message *message,
		      struct fetch_join *join)
{
	char sentence[NOTE_MAX];
	const uint64_t from = join->missed;

	join->missed = 0;
	if (join->ended && break_line(text, join) < 0)
		return -1;
	join->ended = false;
	if (!from)
		return 0;
	snprintf(sentence, sizeof sentence,
		 "lines may be missing: messages %" PRIu64 " to %" PRIu64
		 " were not stored",
		 from, message->follows);
	return add_text_note(text, join, sentence);
}

static bool is_form(const struct nats_message *message, const char *form)
{
	return message->form && strcmp(message->form, form) == 0;
}

bool fetch_text_knows(struct fetch_text *text,
		      const struct nats_message *message, bool for_log)
{
	const bool session = is_form(message, "sessions");

	if (is_form(message, "raw") || is_form(message, "json") ||
	    (session && !for_log))
		return true;
	if (!message->form)
		refuse_text(text, "it has no header Rlog-Form");
	else if (session)
		refuse_text(text, "it is a session, which is no line of a log");
	else
		refuse_text(text, "its form is not raw or json");
	return false;
}

int fetch_text_make(struct fetch_text *text, const struct nats_message *message,
		    struct fetch_join *join)
{
	const struct fetch_join before = *join;
	int r;

	text->len = 0;
	if (bridge_gap(text, message, join) < 0)
		return -1;
	r = is_form(message, "json") ? make_json(text, message, join)
				     : make_raw(text, message, join);
	if (r <= 0)
		*join = before;
	return r;
}

void fetch_text_free(struct fetch_text *text)
{
	free(text->bytes);
	memset(text, 0, sizeof *text);
}
