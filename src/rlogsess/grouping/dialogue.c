/*
 * Dialogues.  Records are joined to lines, of which the first
 * SMTP_SUMMARY_LINE bytes are kept.  Bytes are counted from the records until a
 * note gives recio's own count, which includes bytes that were not recorded.
 */
#include "rlogsess/grouping/dialogue.h"

#include <string.h>

#include "base/escape.h"
#include "base/unescape.h"
#include "logread/dump_line.h"
#include "rlogsess/grouping/log_line.h"

/*
 * Returns the number of bytes that a payload stands for.  One that is not
 * escaped is of recio -r, and stands for itself.
 */
static uint64_t count_unescaped(struct slice payload)
{
	size_t n;

	return unescape_text(NULL, payload.at, payload.len, &n) ? n
								: payload.len;
}

/* A part of a line, or the rest of one, that one record holds. */
struct dialogue_piece {
	struct slice text;
	uint64_t bytes; /* that the text stands for, with the newline */
	bool ends;      /* a newline follows */
	bool raw;       /* the text has no escapes */
};

/* Adds a piece to the line of its direction. */
static void add_to_line(struct dialogue_part *part,
			const struct dialogue_piece *piece)
{
	size_t room;

	if (!part->open) {
		part->len = 0;
		part->size = 0;
	}
	room = sizeof part->text - part->len;
	if (room > piece->text.len)
		room = piece->text.len;
	memcpy(part->text + part->len, piece->text.at, room);
	part->len += (uint16_t)room;
	part->size += piece->bytes;
	part->raw = piece->raw;
	part->open = !piece->ends;
}

/* Lines of a dump are shown with the escapes that records have. */
static void escape_line(struct dialogue_part *part)
{
	char text[sizeof part->text];
	size_t used;

	part->len = (uint16_t)escape_text(text, sizeof text, part->text,
					  part->len, &used);
	memcpy(part->text, text, part->len);
}

static void take_piece(struct dialogue *dialogue, int dir,
		       const struct dialogue_piece *piece)
{
	struct dialogue_part *part = &dialogue->part[dir];
	struct smtp_summary_line whole;

	if (dir == DIALOGUE_IN &&
	    smtp_summary_chunk(&dialogue->talk, piece->bytes)) {
		part->open = false;
		return;
	}
	add_to_line(part, piece);
	if (part->open)
		return;
	if (part->raw)
		escape_line(part);
	whole = (struct smtp_summary_line){part->text, part->len, part->size};
	if (dir == DIALOGUE_IN)
		smtp_summary_in(&dialogue->talk, &whole);
	else
		smtp_summary_out(&dialogue->talk, &whole);
}

/* Takes the lines, and parts of lines, of a dump's bytes. */
static void take_dump(struct dialogue *dialogue, int dir, struct slice payload)
{
	struct dump_line dump;
	const char *at = dump.bytes, *end, *newline;
	struct dialogue_piece piece = {.raw = true};
	size_t len;

	if (!dump_line_parse(&dump, payload.at, payload.len))
		return;
	dialogue->dumped[dir] = true;
	end = at + dump.count;
	for (; at < end; at += piece.bytes) {
		newline = memchr(at, '\n', (size_t)(end - at));
		len = (size_t)((newline ? newline + 1 : end) - at);
		if (dir == DIALOGUE_IN && dialogue->talk.chunk_left &&
		    dialogue->talk.chunk_left < len)
			len = (size_t)dialogue->talk.chunk_left;
		piece.ends = newline && newline < at + len;
		piece.text = (struct slice){at, len - piece.ends};
		piece.bytes = len;
		take_piece(dialogue, dir, &piece);
	}
	/* The offset counts bytes that are not in the log, too. */
	if (!dialogue->counted &&
	    dialogue->bytes[dir] < dump.offset + dump.count)
		dialogue->bytes[dir] = dump.offset + dump.count;
}

static void take_record(struct dialogue *dialogue,
			const struct connection_line *line, int dir)
{
	struct dialogue_piece piece = {.text = line->body, .ends = !line->more};

	dialogue->any = true;
	dialogue->heard[dir] = true;
	dialogue->records[dir]++;
	if (line->eof) {
		dialogue->eof[dir] = true;
		return;
	}
	if (line->dump) {
		take_dump(dialogue, dir, line->body);
		return;
	}
	piece.bytes = count_unescaped(line->body) + !line->more;
	if (!dialogue->counted)
		dialogue->bytes[dir] += piece.bytes;
	take_piece(dialogue, dir, &piece);
}

/* What TLS protects is recorded, in the dialogue that goes on. */
static void go_inside(struct dialogue *dialogue, const struct remark *remark)
{
	dialogue->tls = true;
	slice_copy(remark->version, dialogue->tls_version, DIALOGUE_WORD);
	slice_copy(remark->cipher, dialogue->tls_cipher, DIALOGUE_WORD);
	smtp_summary_inside(&dialogue->talk);
}

static void take_note(struct dialogue *dialogue, struct slice text)
{
	struct remark n;

	dialogue->noted = true;
	log_line_parse_note(&n, text);
	switch (n.kind) {
	case REMARK_START: dialogue->noted_start = true; break;
	case REMARK_END:
		dialogue->noted_end = true;
		dialogue->reset |= n.reset;
		if (n.counted) {
			dialogue->counted = true;
			dialogue->bytes[DIALOGUE_IN] = n.in;
			dialogue->bytes[DIALOGUE_OUT] = n.out;
		}
		break;
	case REMARK_MESSAGE:
		smtp_summary_message(&dialogue->talk, n.in, !n.unfinished);
		break;
	case REMARK_TLS:
		dialogue->tls = true;
		smtp_summary_secret(&dialogue->talk);
		break;
	case REMARK_INSIDE: go_inside(dialogue, &n); break;
	case REMARK_GAVE_UP: dialogue->reset = true; break;
	case REMARK_LOST:
		dialogue->lost += n.in;
		smtp_summary_gap(&dialogue->talk);
		break;
	case REMARK_FULL:
		dialogue->full = true;
		dialogue->lost++;
		smtp_summary_secret(&dialogue->talk);
		break;
	case REMARK_OTHER: break;
	}
}

void dialogue_take(struct dialogue *dialogue,
		   const struct connection_line *line)
{
	switch (line->kind) {
	case LINE_IN: take_record(dialogue, line, DIALOGUE_IN); break;
	case LINE_OUT: take_record(dialogue, line, DIALOGUE_OUT); break;
	case LINE_NOTE: take_note(dialogue, line->body); break;
	default: break;
	}
}

void dialogue_take_said(struct dialogue *dialogue, struct slice text)
{
	smtp_summary_said(&dialogue->talk, text.at, text.len);
}

/* The first byte of a direction is in one dump of a session. */
static bool is_another_dump(const struct dialogue *dialogue,
			    const struct connection_line *line, int dir)
{
	struct dump_line dump;

	return dialogue->dumped[dir] && line->dump &&
	       dump_line_parse(&dump, line->body.at, line->body.len) &&
	       dump.offset == 0;
}

static bool is_another_record(const struct dialogue *dialogue,
			      const struct connection_line *line, int dir)
{
	return dialogue->eof[dir] || dialogue->noted_end ||
	       is_another_dump(dialogue, line, dir);
}

static bool is_another_note(const struct dialogue *dialogue, struct slice text)
{
	struct remark n;

	if (dialogue->noted_end)
		return true;
	log_line_parse_note(&n, text);
	return (dialogue->any || dialogue->noted) && n.kind == REMARK_START;
}

bool dialogue_is_another(const struct dialogue *dialogue,
			 const struct connection_line *line)
{
	switch (line->kind) {
	case LINE_IN: return is_another_record(dialogue, line, DIALOGUE_IN);
	case LINE_OUT: return is_another_record(dialogue, line, DIALOGUE_OUT);
	case LINE_NOTE: return is_another_note(dialogue, line->body);
	default: return false;
	}
}
