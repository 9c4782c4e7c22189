/*
 * Runs a dialogue through a protocol and writes down what may be shown: lines
 * that begin with < or >, without CRs, "+" after one that is not ended, and
 * notes as lines that begin with a colon.
 */
#ifndef DIALOGUE_H
#define DIALOGUE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recio/protocol_session.h"
#include "recio/session_notes.h"

struct dialogue {
	struct protocol_session protocol;
	char text[65536];
	size_t len;
	int last; /* the direction whose line is open, or -1 */
};

static void dialogue_add(struct dialogue *d, char byte)
{
	if (d->len < sizeof d->text - 1)
		d->text[d->len++] = byte;
	d->text[d->len] = 0;
}

static void dialogue_close(struct dialogue *d, int dir)
{
	if (d->last >= 0 && d->last != dir) {
		dialogue_add(d, '+');
		dialogue_add(d, '\n');
		d->last = -1;
	}
}

static void dialogue_show(void *ctx, enum relay_dir dir, const char *at,
			  size_t len, uint64_t offset)
{
	struct dialogue *d = ctx;

	(void)offset;

	for (; len; at++, len--) {
		if (*at == '\r')
			continue;
		dialogue_close(d, (int)dir);
		if (d->last < 0)
			dialogue_add(d, "<>"[dir]);
		d->last = (int)dir;
		dialogue_add(d, *at);
		if (*at == '\n')
			d->last = -1;
	}
}

static void dialogue_note(void *ctx, const char *text)
{
	struct dialogue *d = ctx;

	dialogue_close(d, -1);
	for (dialogue_add(d, ':'); *text; text++)
		dialogue_add(d, *text);
	dialogue_add(d, '\n');
}

static void dialogue_message(void *ctx, enum relay_dir dir,
			     const struct message_counter *counted, bool whole)
{
	char text[NOTE_MAX];

	session_notes_content(text, "<>"[dir], counted, whole);
	dialogue_note(ctx, text);
}

static void dialogue_end(void *ctx, enum relay_dir dir)
{
	dialogue_close(ctx, -1);
	dialogue_show(ctx, dir, "[EOF]\n", 6, 0);
}

static void dialogue_begin(struct dialogue *d, const char *name)
{
	struct redactor_config config = {.out = {.ctx = d,
						 .show = dialogue_show,
						 .end = dialogue_end,
						 .message = dialogue_message,
						 .note = dialogue_note}};

	memset(d, 0, sizeof *d);
	d->last = -1;
	session_begin(&d->protocol, dialect_named(name), &config);
}

static bool dialogue_tls(void *ctx, const char *hello, size_t len)
{
	(void)hello;
	(void)len;
	dialogue_note(ctx, "TLS");
	return true;
}

/*
 * For a dialogue that has begun: after the first byte of TLS that the server
 * says, the bytes are those that TLS protects.
 */
static inline void dialogue_look_inside(struct dialogue *d)
{
	d->protocol.redactor.config.out.tls = dialogue_tls;
}

/* A copy of its own size, so that reading beyond it is seen. */
static void dialogue_data(struct dialogue *d, enum relay_dir dir,
			  const char *at, size_t len)
{
	char *copy, one;

	if (len == 1) {
		one = *at;
		session_data(&d->protocol, dir, &one, 1);
		return;
	}
	copy = malloc(len ? len : 1);
	if (!copy)
		abort();
	memcpy(copy, at, len);
	session_data(&d->protocol, dir, copy, len);
	free(copy);
}

/* "<" and text of the client, or ">" and text of the server. */
static inline void dialogue_say(struct dialogue *d, const char *piece)
{
	dialogue_data(d, *piece == '<' ? RELAY_IN : RELAY_OUT, piece + 1,
		      strlen(piece + 1));
}

#endif
