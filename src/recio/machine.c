/* What machines are given; see machine.h. */
#include "machine.h"

#include <string.h>

#include "protocol.h"

void machine_is(struct protocol *p, enum relay_dir dir, enum span_kind kind,
		const char *at, size_t len)
{
	static const char stars[] = {'*', '*', '*'};
	bool hidden = kind == SPAN_SECRET && !p->secrets;

	if (!len || p->opaque || p->muted)
		return;
	if (hidden && !p->hiding[dir])
		p->out.show(p->out.ctx, dir, stars, sizeof stars);
	p->hiding[dir] = hidden;
	if (!hidden && (kind != SPAN_CONTENT || p->contents))
		p->out.show(p->out.ctx, dir, at, len);
	p->position[dir] += len;
}

static enum span_kind judge_line(struct protocol *p, enum relay_dir dir,
				 char byte)
{
	return command_byte(&p->command[dir], byte);
}

size_t machine_line(struct protocol *p, enum relay_dir dir, const char *at,
		    size_t len)
{
	return machine_line_by(p, dir, at, len, judge_line);
}

size_t machine_line_by(struct protocol *p, enum relay_dir dir, const char *at,
		       size_t len, machine_judge *judge)
{
	const struct command *c = &p->command[dir];
	enum span_kind kind = SPAN_SHOW, next;
	size_t from = 0, i;

	for (i = 0; i < len && !c->ended; i++) {
		next = judge(p, dir, at[i]);
		if (next == kind)
			continue;
		machine_is(p, dir, kind, at + from, i - from);
		from = i;
		kind = next;
	}
	machine_is(p, dir, kind, at + from, i - from);
	return i;
}

size_t machine_status(struct protocol *p, struct status *line, const char *at,
		      size_t len)
{
	const char *newline = memchr(at, '\n', len);
	size_t n = newline ? (size_t)(newline - at) : len;

	if (line->ended)
		*line = (struct status){0};
	for (size_t i = 0; i < n && line->len + i < sizeof line->start; i++)
		line->start[line->len + i] = at[i];
	line->len += n;
	if (n)
		line->cr = at[n - 1] == '\r';
	line->ended = newline != NULL;
	machine_is(p, RELAY_OUT, SPAN_SHOW, at, n + line->ended);
	return n + line->ended;
}

void machine_octets(struct protocol *p, enum relay_dir dir, uint64_t size,
		    enum span_kind kind)
{
	command_continue(&p->command[dir]);
	p->octets[dir].left = size;
	p->octets[dir].kind = kind;
	if (kind == SPAN_CONTENT && size)
		content_begin(&p->content[dir], true);
}

size_t machine_take_octets(struct protocol *p, enum relay_dir dir,
			   const char *at, size_t len)
{
	enum span_kind kind = p->octets[dir].kind;

	if (len > p->octets[dir].left)
		len = (size_t)p->octets[dir].left;
	machine_is(p, dir, kind, at, len);
	p->octets[dir].left -= len;
	if (kind != SPAN_CONTENT)
		return len;
	content_octets(&p->content[dir], at, len);
	if (!p->octets[dir].left)
		machine_content_over(p, dir, true);
	return len;
}

void machine_no_octets(struct protocol *p, enum relay_dir dir)
{
	enum span_kind kind = p->octets[dir].kind;

	p->octets[dir].left = 0;
	command_next(&p->command[dir]);
	p->command[dir].secret =
	    kind == SPAN_SECRET ||
	    (kind == SPAN_CONTENT && !content_at_start(&p->content[dir]));
	p->command[dir].doubt = true;
	machine_content_over(p, dir, false);
}

void machine_hide_held(struct protocol *p)
{
	size_t len = p->held;

	if (!len)
		return;
	p->command[RELAY_IN].secret = p->hold[len - 1] != '\n';
	if (!p->command[RELAY_IN].secret)
		len--;
	machine_is(p, RELAY_IN, SPAN_SECRET, p->hold, len);
	machine_is(p, RELAY_IN, SPAN_SHOW, p->hold + len, p->held - len);
	p->held = 0;
}

void machine_content_over(struct protocol *p, enum relay_dir dir, bool whole)
{
	struct content *c = &p->content[dir];

	if (c->running && (whole || c->bytes) && !p->contents && !p->opaque &&
	    !p->muted)
		p->out.content(p->out.ctx, dir, c, whole);
	*c = (struct content){0};
}

bool machine_content_byte(struct protocol *p, enum relay_dir dir, char byte,
			  bool is_content)
{
	struct content *c = &p->content[dir];

	if (is_content) {
		if (!c->running)
			content_begin(c, true);
		content_octets(c, &byte, 1);
	} else if (c->running) {
		machine_content_over(p, dir, true);
	}
	return is_content;
}

void machine_tls(struct protocol *p)
{
	p->tls = PROTOCOL_TLS_MAY;
}

void machine_opaque(struct protocol *p, const char *note)
{
	if (!p->opaque)
		p->out.note(p->out.ctx, note);
	p->opaque = true;
	p->held = 0;
}

/*
 * A handshake begins with a record of type 22, version 3
 * (https://www.rfc-editor.org/rfc/rfc8446#section-5.1).  True: it begins here,
 * or it can't be told yet.
 */
static bool hello(struct protocol *p, const char *at, size_t len)
{
	if ((p->tls != PROTOCOL_TLS_FIRST && p->tls != PROTOCOL_TLS_MAY) ||
	    !command_at_start(&p->command[RELAY_IN]))
		return false;
	if (at[0] != 0x16 || (len > 1 && at[1] != 0x03))
		return false;
	if (len > 1)
		p->tls = PROTOCOL_TLS_HELLO;
	return true;
}

bool machine_waits(struct protocol *p, const char *at, size_t len)
{
	return hello(p, at, len) ||
	       command_waits(&p->command[RELAY_IN], at, len);
}
