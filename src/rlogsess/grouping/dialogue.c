/*
 * Dialogues.  Records are joined to lines, of which the first
 * SMTP_SUMMARY_LINE bytes are kept.  Bytes are counted from the records until a
 * note gives recio's own count, which includes bytes that were not recorded.
 */
#include "rlogsess/grouping/dialogue.h"

#include <string.h>

#include "rlogsess/grouping/log_line.h"

/* Returns the number of bytes that an escaped payload stands for. */
static uint64_t count_unescaped(struct slice s)
{
	const char *at = s.at, *end = s.at + s.len, *escape;
	uint64_t n = s.len;

	while ((escape = memchr(at, '\\', (size_t)(end - at)))) {
		at = escape + 1;
		if (at == end)
			break;
		if (*at == '\\') {
			n--;
			at++;
		} else if (*at == 'x' && end - at >= 3) {
			n -= 3;
			at += 3;
		}
	}
	return n;
}

/* Adds a record to the line of its direction.  True if the line is whole. */
static bool add_to_line(struct dialogue_part *part,
			const struct connection_line *line, uint64_t bytes)
{
	size_t room;

	if (!part->open) {
		part->len = 0;
		part->size = 0;
	}
	room = sizeof part->text - part->len;
	if (room > line->body.len)
		room = line->body.len;
	memcpy(part->text + part->len, line->body.at, room);
	part->len += (uint16_t)room;
	part->size += bytes;
	part->open = line->more;
	return !line->more;
}

static void take_record(struct dialogue *dialogue,
			const struct connection_line *line, int dir)
{
	struct dialogue_part *part = &dialogue->part[dir];
	uint64_t bytes = count_unescaped(line->body) + !line->more;
	struct smtp_summary_line whole;

	dialogue->any = true;
	if (line->eof) {
		dialogue->eof[dir] = true;
		return;
	}
	if (!dialogue->counted)
		dialogue->bytes[dir] += bytes;
	if (dir == DIALOGUE_IN && smtp_summary_chunk(&dialogue->talk, bytes)) {
		part->open = false;
		return;
	}
	if (!add_to_line(part, line, bytes))
		return;
	whole = (struct smtp_summary_line){part->text, part->len, part->size};
	if (dir == DIALOGUE_IN)
		smtp_summary_in(&dialogue->talk, &whole);
	else
		smtp_summary_out(&dialogue->talk, &whole);
}

static void take_note(struct dialogue *dialogue, struct slice text)
{
	struct remark n;

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
	case REMARK_TLS: smtp_summary_secret(&dialogue->talk); break;
	case REMARK_GAVE_UP: dialogue->reset = true; break;
	case REMARK_LOST: dialogue->lost += n.in; break;
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

bool dialogue_is_another(const struct dialogue *dialogue,
			 const struct connection_line *line)
{
	struct remark n;

	switch (line->kind) {
	case LINE_IN: return dialogue->eof[DIALOGUE_IN] || dialogue->noted_end;
	case LINE_OUT:
		return dialogue->eof[DIALOGUE_OUT] || dialogue->noted_end;
	case LINE_NOTE:
		log_line_parse_note(&n, line->body);
		return (dialogue->any || dialogue->noted_start) &&
		       n.kind == REMARK_START;
	default: return false;
	}
}
