/* What dialects are given; see dialect.h. */
#include "recio/dialect.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "recio/protocol_session.h"

/* Shows what stands for bytes that are not shown, not glued to a word. */
static void show_instead(struct protocol_session *p, enum relay_dir dir,
			 const char *text)
{
	if (p->in_word[dir])
		p->out.show(p->out.ctx, dir, " ", 1);
	p->in_word[dir] = true;
	p->out.show(p->out.ctx, dir, text, strlen(text));
}

void session_show_hidden(struct protocol_session *p, enum relay_dir dir)
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
static void watch_client(struct protocol_session *p, bool hidden, bool secret,
			 const char *at, size_t len)
{
	if (hidden || secret)
		echo_remember(&p->echo, at, len, secret);
	else
		echo_break(&p->echo);
}

static void show_bytes(struct protocol_session *p, enum relay_dir dir,
		       const char *at, size_t len)
{
	if (dir == RELAY_OUT)
		echo_show(p, at, len);
	else
		p->out.show(p->out.ctx, dir, at, len);
}

void session_emit(struct protocol_session *p, enum relay_dir dir,
		  enum span_kind kind, const char *at, size_t len)
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
		session_show_hidden(p, dir);
	if (secret && !p->hiding[dir])
		show_instead(p, dir, "***");
	p->hiding[dir] = secret;
	if (shown) {
		show_bytes(p, dir, at, len);
		p->in_word[dir] = !line_lexer_blank(at[len - 1]);
	}
	if (hidden)
		p->hidden[dir] += len;
	p->position[dir] += len;
}

static enum span_kind judge_line(struct protocol_session *p, char byte)
{
	line_lexer_byte(&p->command, byte);
	return SPAN_SHOW;
}

size_t session_line(struct protocol_session *p, const char *at, size_t len)
{
	return session_line_by(p, at, len, judge_line);
}

size_t session_line_by(struct protocol_session *p, const char *at, size_t len,
		       session_classify *judge)
{
	const struct line_lexer *c = &p->command;
	enum span_kind kind = SPAN_SHOW, next;
	size_t from = 0, i;

	for (i = 0; i < len && !c->ended; i++) {
		next = judge(p, at[i]);
		if (next == kind)
			continue;
		session_emit(p, RELAY_OUT, kind, at + from, i - from);
		from = i;
		kind = next;
	}
	session_emit(p, RELAY_OUT, kind, at + from, i - from);
	return i;
}

size_t session_status(struct protocol_session *p, struct status_line *line,
		      const char *at, size_t len)
{
	const char *newline = memchr(at, '\n', len);
	size_t n = newline ? (size_t)(newline - at) : len;

	if (line->ended)
		*line = (struct status_line){0};
	for (size_t i = 0; i < n && line->len + i < sizeof line->start; i++)
		line->start[line->len + i] = at[i];
	line->len += n;
	if (n)
		line->cr = at[n - 1] == '\r';
	line->ended = newline != NULL;
	session_emit(p, RELAY_OUT, SPAN_SHOW, at, n + line->ended);
	return n + line->ended;
}

void session_expect_octets(struct protocol_session *p, enum relay_dir dir,
			   uint64_t size, enum span_kind kind)
{
	if (dir == RELAY_OUT)
		line_lexer_continue(&p->command);
	p->octets[dir].left = size;
	p->octets[dir].kind = kind;
	if (kind == SPAN_CONTENT && size)
		message_counter_begin(&p->content[dir], true);
}

size_t session_take_octets(struct protocol_session *p, enum relay_dir dir,
			   const char *at, size_t len)
{
	enum span_kind kind = p->octets[dir].kind;

	if (len > p->octets[dir].left)
		len = (size_t)p->octets[dir].left;
	session_emit(p, dir, kind, at, len);
	p->octets[dir].left -= len;
	if (kind != SPAN_CONTENT)
		return len;
	message_counter_octets(&p->content[dir], at, len);
	if (!p->octets[dir].left)
		session_end_message(p, dir, true);
	return len;
}

void session_end_message(struct protocol_session *p, enum relay_dir dir,
			 bool whole)
{
	struct message_counter *c = &p->content[dir];

	session_show_hidden(p, dir);
	if (dir == RELAY_OUT)
		echo_give(p);
	if (c->running && (whole || c->bytes) && !p->contents && !p->opaque &&
	    !p->muted)
		p->out.content(p->out.ctx, dir, c, whole);
	*c = (struct message_counter){0};
}

bool session_emit_quoted(struct protocol_session *p, char byte, bool is_content)
{
	struct message_counter *c = &p->content[RELAY_OUT];

	if (is_content) {
		if (!c->running)
			message_counter_begin(c, true);
		message_counter_octets(c, &byte, 1);
	} else if (c->running) {
		session_end_message(p, RELAY_OUT, true);
	}
	return is_content;
}

void session_allow_tls(struct protocol_session *p)
{
	p->tls = SESSION_TLS_MAY;
}

void session_make_opaque(struct protocol_session *p, const char *note)
{
	session_show_hidden(p, RELAY_IN);
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
bool session_may_be_hello(struct protocol_session *p, const char *at,
			  size_t len)
{
	if (p->tls != SESSION_TLS_FIRST && p->tls != SESSION_TLS_MAY)
		return false;
	if (at[0] != 0x16 || (len > 1 && at[1] != 0x03))
		return false;
	if (len > 1)
		p->tls = SESSION_TLS_HELLO;
	return true;
}
