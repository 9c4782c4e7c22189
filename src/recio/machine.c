/* What machines are given; see machine.h. */
#include "recio/machine.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "recio/protocol.h"

/* Shows what stands for bytes that are not shown, not glued to a word. */
static void show_instead(struct protocol *p, enum relay_dir dir,
			 const char *text)
{
	if (p->in_word[dir])
		p->out.show(p->out.ctx, dir, " ", 1);
	p->in_word[dir] = true;
	p->out.show(p->out.ctx, dir, text, strlen(text));
}

void machine_count_hidden(struct protocol *p, enum relay_dir dir)
{
	char text[40];
	uint64_t n = p->hidden[dir], end = p->position[dir];

	if (!n)
		return;
	snprintf(text, sizeof text, "*** %" PRIu64 " bytes", n);
	p->hidden[dir] = 0;
	if (p->opaque || p->muted)
		return;
	/* It stands where it began. */
	p->position[dir] -= n < end ? n : end;
	show_instead(p, dir, text);
	p->position[dir] = end;
}

/* What the client says, and the server may repeat. */
static void watch_client(struct protocol *p, bool hidden, bool secret,
			 const char *at, size_t len)
{
	if (hidden || secret)
		echo_remember(&p->echo, at, len, secret);
	else
		echo_break(&p->echo);
}

static void show_bytes(struct protocol *p, enum relay_dir dir, const char *at,
		       size_t len)
{
	if (dir == RELAY_OUT)
		echo_show(p, at, len);
	else
		p->out.show(p->out.ctx, dir, at, len);
}

void machine_is(struct protocol *p, enum relay_dir dir, enum span_kind kind,
		const char *at, size_t len)
{
	bool secret = kind == SPAN_SECRET && !p->secrets;
	bool hidden = kind == SPAN_HIDDEN && !p->secrets;
	bool shown =
	    !secret && !hidden && (kind != SPAN_CONTENT || p->contents);

	if (!len || p->opaque || p->muted)
		return;
	if (dir == RELAY_IN)
		watch_client(p, hidden, secret, at, len);
	else if (!shown)
		echo_give(p);
	if (!hidden)
		machine_count_hidden(p, dir);
	if (secret && !p->hiding[dir])
		show_instead(p, dir, "***");
	p->hiding[dir] = secret;
	if (shown) {
		show_bytes(p, dir, at, len);
		p->in_word[dir] = !command_blank(at[len - 1]);
	}
	if (hidden)
		p->hidden[dir] += len;
	p->position[dir] += len;
}

static enum span_kind judge_line(struct protocol *p, char byte)
{
	command_byte(&p->command, byte);
	return SPAN_SHOW;
}

size_t machine_line(struct protocol *p, const char *at, size_t len)
{
	return machine_line_by(p, at, len, judge_line);
}

size_t machine_line_by(struct protocol *p, const char *at, size_t len,
		       machine_judge *judge)
{
	const struct command *c = &p->command;
	enum span_kind kind = SPAN_SHOW, next;
	size_t from = 0, i;

	for (i = 0; i < len && !c->ended; i++) {
		next = judge(p, at[i]);
		if (next == kind)
			continue;
		machine_is(p, RELAY_OUT, kind, at + from, i - from);
		from = i;
		kind = next;
	}
	machine_is(p, RELAY_OUT, kind, at + from, i - from);
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
	if (dir == RELAY_OUT)
		command_continue(&p->command);
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

void machine_content_over(struct protocol *p, enum relay_dir dir, bool whole)
{
	struct content *c = &p->content[dir];

	machine_count_hidden(p, dir);
	if (dir == RELAY_OUT)
		echo_give(p);
	if (c->running && (whole || c->bytes) && !p->contents && !p->opaque &&
	    !p->muted)
		p->out.content(p->out.ctx, dir, c, whole);
	*c = (struct content){0};
}

bool machine_content_byte(struct protocol *p, char byte, bool is_content)
{
	struct content *c = &p->content[RELAY_OUT];

	if (is_content) {
		if (!c->running)
			content_begin(c, true);
		content_octets(c, &byte, 1);
	} else if (c->running) {
		machine_content_over(p, RELAY_OUT, true);
	}
	return is_content;
}

void machine_tls(struct protocol *p)
{
	p->tls = PROTOCOL_TLS_MAY;
}

void machine_opaque(struct protocol *p, const char *note)
{
	machine_count_hidden(p, RELAY_IN);
	echo_give(p);
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
bool machine_hello(struct protocol *p, const char *at, size_t len)
{
	if (p->tls != PROTOCOL_TLS_FIRST && p->tls != PROTOCOL_TLS_MAY)
		return false;
	if (at[0] != 0x16 || (len > 1 && at[1] != 0x03))
		return false;
	if (len > 1)
		p->tls = PROTOCOL_TLS_HELLO;
	return true;
}
