/*
 * Records and notes; see dialogue.h.  Records are put together to lines, of
 * which the beginning is enough.
 */
#include "rlogsess/grouping/dialogue.h"

#include <string.h>

#include "rlogsess/grouping/remark.h"

/* How many bytes the escapes of a payload stand for. */
static uint64_t unescaped(struct slice s)
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

/* Adds a record to the line of its direction: true if that is whole now. */
static bool gather(struct dialogue_part *p, const struct connection_line *l,
		   uint64_t bytes)
{
	size_t room;

	if (!p->open) {
		p->len = 0;
		p->size = 0;
	}
	room = sizeof p->text - p->len;
	if (room > l->body.len)
		room = l->body.len;
	memcpy(p->text + p->len, l->body.at, room);
	p->len += (uint16_t)room;
	p->size += bytes;
	p->open = l->more;
	return !l->more;
}

static void record(struct dialogue *d, const struct connection_line *l, int dir)
{
	struct dialogue_part *p = &d->part[dir];
	uint64_t bytes = unescaped(l->body) + !l->more;
	struct smtp_summary_line line;

	d->any = true;
	if (l->eof) {
		d->eof[dir] = true;
		return;
	}
	if (!d->counted)
		d->bytes[dir] += bytes;
	if (dir == DIALOGUE_IN && smtp_summary_chunk(&d->talk, bytes)) {
		p->open = false;
		return;
	}
	if (!gather(p, l, bytes))
		return;
	line = (struct smtp_summary_line){p->text, p->len, p->size};
	if (dir == DIALOGUE_IN)
		smtp_summary_in(&d->talk, &line);
	else
		smtp_summary_out(&d->talk, &line);
}

static void note(struct dialogue *d, struct slice text)
{
	struct remark n;

	remark_parse(&n, text);
	switch (n.kind) {
	case REMARK_START: d->noted_start = true; break;
	case REMARK_END:
		d->noted_end = true;
		d->reset |= n.reset;
		if (n.counted) {
			d->counted = true;
			d->bytes[DIALOGUE_IN] = n.in;
			d->bytes[DIALOGUE_OUT] = n.out;
		}
		break;
	case REMARK_MESSAGE:
		smtp_summary_message(&d->talk, n.in, !n.unfinished);
		break;
	case REMARK_TLS: smtp_summary_secret(&d->talk); break;
	case REMARK_GAVE_UP: d->reset = true; break;
	case REMARK_LOST: d->lost += n.in; break;
	case REMARK_OTHER: break;
	}
}

void dialogue_take(struct dialogue *d, const struct connection_line *l)
{
	switch (l->kind) {
	case LINE_IN: record(d, l, DIALOGUE_IN); break;
	case LINE_OUT: record(d, l, DIALOGUE_OUT); break;
	case LINE_NOTE: note(d, l->body); break;
	default: break;
	}
}

void dialogue_take_said(struct dialogue *d, struct slice text)
{
	smtp_summary_said(&d->talk, text.at, text.len);
}

bool dialogue_is_another(const struct dialogue *d,
			 const struct connection_line *l)
{
	struct remark n;

	switch (l->kind) {
	case LINE_IN: return d->eof[DIALOGUE_IN] || d->noted_end;
	case LINE_OUT: return d->eof[DIALOGUE_OUT] || d->noted_end;
	case LINE_NOTE:
		remark_parse(&n, l->body);
		return (d->any || d->noted_start) && n.kind == REMARK_START;
	default: return false;
	}
}
