/*
 * Shows, hides and counts classified bytes. Invariants: position grows with
 * each byte that was classified, shown or not, so that it is the offset of the
 * next one; bytes that are hidden are counted in one place, where the first of
 * them stands, before anything else is shown.
 * Tested by tests/unit/recio/redactor.c and tests/sh/recio-protocol.t.
 */
#include "recio/redactor.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void redactor_init(struct redactor *redactor,
		   const struct redactor_config *config,
		   const struct held_bytes *held)
{
	redactor->config = *config;
	echo_init(&redactor->echo, &redactor->config.out, held);
}

void redactor_set_grammars(struct redactor *redactor,
			   const struct grammar *const *grammars)
{
	echo_set_grammars(&redactor->echo, grammars);
}

static void show_plain(struct redactor *redactor, enum relay_dir dir,
		       const char *at, size_t len)
{
	const struct redactor_out *out = &redactor->config.out;

	out->show(out->ctx, dir, at, len, redactor->position[dir]);
}

/* Shows text in place of bytes; a space sets it apart from a word. */
static void show_instead(struct redactor *redactor, enum relay_dir dir,
			 const char *text)
{
	if (redactor->in_word[dir])
		show_plain(redactor, dir, " ", 1);
	redactor->in_word[dir] = true;
	show_plain(redactor, dir, text, strlen(text));
}

bool redactor_is_silent(const struct redactor *redactor)
{
	return redactor->opaque || redactor->muted;
}

void redactor_show_hidden(struct redactor *redactor, enum relay_dir dir)
{
	char text[40];
	uint64_t n = redactor->hidden[dir], end = redactor->position[dir];

	if (!n)
		return;
	snprintf(text, sizeof text, "*** %" PRIu64 " bytes", n);
	redactor->hidden[dir] = 0;
	if (redactor_is_silent(redactor))
		return;
	redactor->position[dir] -= n;
	show_instead(redactor, dir, text);
	redactor->position[dir] = end;
}

/* Keeps in mind text of the client that its server may repeat. */
static void watch_client(struct redactor *redactor, bool hidden, bool secret,
			 const char *at, size_t len)
{
	if (hidden || secret)
		echo_remember(&redactor->echo, at, len, secret);
	else
		echo_break(&redactor->echo);
}

static void show_bytes(struct redactor *redactor, enum relay_dir dir,
		       const char *at, size_t len)
{
	if (dir == RELAY_OUT && !redactor->config.secrets)
		echo_show(&redactor->echo, at, len, redactor->position[dir]);
	else
		show_plain(redactor, dir, at, len);
}

void redactor_emit(struct redactor *redactor, enum relay_dir dir,
		   enum span_kind kind, const char *at, size_t len)
{
	const struct redactor_config *config = &redactor->config;
	bool secret = kind == SPAN_SECRET && !config->secrets;
	bool hidden = kind == SPAN_HIDDEN && !config->secrets;
	bool shown =
	    !secret && !hidden && (kind != SPAN_CONTENT || config->contents);

	if (!len || redactor_is_silent(redactor))
		return;
	if (dir == RELAY_IN)
		watch_client(redactor, hidden, secret, at, len);
	else if (!shown)
		echo_give(&redactor->echo);
	if (!hidden)
		redactor_show_hidden(redactor, dir);
	if (secret && !redactor->in_secret[dir])
		show_instead(redactor, dir, "***");
	redactor->in_secret[dir] = secret;
	if (shown) {
		show_bytes(redactor, dir, at, len);
		redactor->in_word[dir] = !line_lexer_blank(at[len - 1]);
	}
	if (hidden)
		redactor->hidden[dir] += len;
	redactor->position[dir] += len;
}

void redactor_leave_out(struct redactor *redactor, const char *at, size_t n)
{
	if (n)
		echo_remember(&redactor->echo, at, n, false);
	redactor->position[RELAY_IN] += n;
}

void redactor_count_left_out(struct redactor *redactor, size_t n)
{
	redactor->hidden[RELAY_IN] += n;
}

void redactor_count_message(struct redactor *redactor, enum relay_dir dir,
			    const char *at, size_t len)
{
	struct message_counter *message = &redactor->message[dir];

	if (!message->running)
		message_counter_begin(message, true);
	message_counter_octets(message, at, len);
}

void redactor_skip_content(struct redactor *redactor, enum relay_dir dir,
			   uint64_t n)
{
	redactor_show_hidden(redactor, dir);
	redactor->position[dir] += n;
}

void redactor_end_message(struct redactor *redactor, enum relay_dir dir,
			  bool whole)
{
	struct message_counter *message = &redactor->message[dir];
	const struct redactor_out *out = &redactor->config.out;

	redactor_show_hidden(redactor, dir);
	if (dir == RELAY_OUT)
		echo_give(&redactor->echo);
	if (message->running && (whole || message->bytes) &&
	    !redactor->config.contents && !redactor_is_silent(redactor))
		out->message(out->ctx, dir, message, whole);
	message_counter_clear(message);
}

void redactor_mute(struct redactor *redactor, bool muted)
{
	redactor->muted = muted;
}

void redactor_note(struct redactor *redactor, const char *text)
{
	const struct redactor_out *out = &redactor->config.out;

	if (!redactor_is_silent(redactor))
		out->note(out->ctx, text);
}

/* Gives all that is kept back, so that a note may follow. */
static void give_kept(struct redactor *redactor)
{
	redactor_show_hidden(redactor, RELAY_IN);
	echo_give(&redactor->echo);
}

bool redactor_begin_tls(struct redactor *redactor, const char *hello,
			size_t len)
{
	const struct redactor_out *out = &redactor->config.out;

	if (!out->tls) {
		redactor_make_opaque(redactor, "TLS");
		return false;
	}
	give_kept(redactor);
	redactor->opaque = !out->tls(out->ctx, hello, len);
	return !redactor->opaque;
}

void redactor_make_opaque(struct redactor *redactor, const char *note)
{
	const struct redactor_out *out = &redactor->config.out;

	give_kept(redactor);
	if (!redactor->opaque)
		out->note(out->ctx, note);
	redactor->opaque = true;
}
