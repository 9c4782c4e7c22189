/*
 * What was said; see dialogue.h.  Records are put together to lines, of which
 * the beginning is enough.  Where a peer's words decide, nothing worse than a
 * wrong summary of its own session can come of them.
 */
#include "dialogue.h"

#include <string.h>

#include <strings.h>

#include "note.h"

/* How many bytes the escapes of a payload stand for. */
static uint64_t unescaped(struct span s)
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

static bool begins(const char *text, size_t len, const char *word)
{
	size_t n = strlen(word);

	return len >= n && strncasecmp(text, word, n) == 0;
}

/* Without the CR, and spaces, at its end. */
static size_t trimmed(const char *text, size_t len)
{
	while (len && (text[len - 1] == '\r' || text[len - 1] == ' '))
		len--;
	return len;
}

/* "<ADDRESS> PARAMETERS" or "ADDRESS PARAMETERS" */
static void address(struct words *words, const char *text, size_t len)
{
	const char *end;

	while (len && *text == ' ') {
		text++;
		len--;
	}
	if (len && *text == '<' && (end = memchr(text, '>', len))) {
		text++;
		len = (size_t)(end - text);
	} else if ((end = memchr(text, ' ', len))) {
		len = (size_t)(end - text);
	}
	if (len)
		words_add(words, text, len);
	else
		words_add(words, "<>", 2);
}

static void helo(struct dialogue *d, const char *text, size_t len)
{
	const char *space = memchr(text, ' ', len);

	d->helo = (struct words){0};
	words_add(&d->helo, text, space ? (size_t)(space - text) : len);
}

static void chunk(struct dialogue *d, const char *text, size_t len)
{
	uint64_t n = 0;

	for (; len && *text >= '0' && *text <= '9'; text++, len--) {
		if (n > UINT32_MAX)
			return;
		n = n * 10 + (uint64_t)(*text - '0');
	}
	d->chunk_left = n;
	d->this_bytes += n;
	d->in_data = true;
	if (begins(text, len, " LAST"))
		d->messages++;
}

static void command(struct dialogue *d, const char *text, size_t len)
{
	len = trimmed(text, len);
	if (begins(text, len, "QUIT") || begins(text, len, "LOGOUT"))
		d->polite = true;
	else if (begins(text, len, "EHLO ") || begins(text, len, "HELO ") ||
		 begins(text, len, "LHLO "))
		helo(d, text + 5, len - 5);
	else if (begins(text, len, "MAIL FROM:"))
		address(&d->from, text + 10, len - 10);
	else if (begins(text, len, "RCPT TO:"))
		address(&d->rcpt, text + 8, len - 8);
	else if (begins(text, len, "STARTTLS") || begins(text, len, "STLS"))
		d->asked_for_tls = true;
	else if (begins(text, len, "BDAT "))
		chunk(d, text + 5, len - 5);
	else if (len > 7 && begins(text + len - 7, 7, " LOGOUT"))
		d->polite = true; /* IMAP, behind a tag */
}

static void message_ended(struct dialogue *d)
{
	d->in_data = false;
	d->message_bytes += d->this_bytes;
	d->this_bytes = 0;
	d->chunk_left = 0;
}

/* A line to the program, of which the first bytes are at hand. */
static void line_in(struct dialogue *d, const struct dialogue_part *p)
{
	if (!d->in_data) {
		command(d, p->text, p->len);
		return;
	}
	if (d->chunk_left) {
		d->chunk_left -=
		    p->size < d->chunk_left ? p->size : d->chunk_left;
		if (!d->chunk_left)
			message_ended(d);
	} else if (trimmed(p->text, p->len) == 1 && p->text[0] == '.') {
		d->messages++;
		message_ended(d);
	} else {
		d->this_bytes += p->size;
	}
}

static bool reply_code(struct dialogue *d, const char *text, size_t len)
{
	unsigned int code = 0;

	if (len < 3 || (len > 3 && text[3] != ' ' && text[3] != '-'))
		return false;
	for (int i = 0; i < 3; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		code = code * 10 + (unsigned int)(text[i] - '0');
	}
	if (code >= DIALOGUE_CODES)
		return false;
	d->codes[code / 64] |= (uint64_t)1 << code % 64;
	return true;
}

static void keep_reply(struct dialogue *d, const char *text, size_t len)
{
	if (len > sizeof d->reply)
		len = sizeof d->reply;
	memcpy(d->reply, text, len);
	d->reply_len = (uint16_t)len;
}

void dialogue_said(struct dialogue *d, const char *text, size_t len)
{
	if (reply_code(d, text, len))
		keep_reply(d, text, len);
}

bool dialogue_replied(const struct dialogue *d, unsigned int code)
{
	return code < DIALOGUE_CODES && d->codes[code / 64] >> code % 64 & 1;
}

/* A server that is asked for nothing more expects to be told so. */
static void greeting(struct dialogue *d, const char *text, size_t len)
{
	d->greeted = true;
	d->expects_quit = begins(text, len, "220") ||
			  begins(text, len, "+OK") || begins(text, len, "* OK");
}

static void line_out(struct dialogue *d, const struct dialogue_part *p)
{
	size_t len = trimmed(p->text, p->len);

	if (!d->greeted)
		greeting(d, p->text, len);
	reply_code(d, p->text, len);
	/* QUIT, if it comes, can't be read. */
	if (d->asked_for_tls &&
	    (begins(p->text, len, "220") || begins(p->text, len, "+OK")))
		d->expects_quit = false;
	d->asked_for_tls = false;
	/* The server speaks: what was sent until now is over. */
	if (d->in_data)
		message_ended(d);
	if (begins(p->text, len, "354"))
		d->in_data = true;
	keep_reply(d, p->text, len);
}

/* Bytes of a BDAT chunk: they need not be lines. */
static void in_chunk(struct dialogue *d, uint64_t bytes)
{
	d->part[DIALOGUE_IN].open = false;
	d->chunk_left -= bytes < d->chunk_left ? bytes : d->chunk_left;
	if (!d->chunk_left)
		message_ended(d);
}

static void record(struct dialogue *d, const struct line *l, int dir)
{
	struct dialogue_part *p = &d->part[dir];
	uint64_t bytes = unescaped(l->body) + !l->more;
	size_t room = sizeof p->text - p->len;

	d->any = true;
	if (l->eof) {
		d->eof[dir] = true;
		return;
	}
	if (!d->counted)
		d->bytes[dir] += bytes;
	if (d->chunk_left && dir == DIALOGUE_IN) {
		in_chunk(d, bytes);
		return;
	}
	if (!p->open) {
		p->len = 0;
		p->size = 0;
		p->open = true;
		room = sizeof p->text;
	}
	if (room > l->body.len)
		room = l->body.len;
	memcpy(p->text + p->len, l->body.at, room);
	p->len += (uint16_t)room;
	p->size += bytes;
	if (l->more)
		return;
	p->open = false;
	if (dir == DIALOGUE_IN)
		line_in(d, p);
	else
		line_out(d, p);
}

static void note(struct dialogue *d, struct span text)
{
	struct note n;

	note_parse(&n, text);
	switch (n.kind) {
	case NOTE_START: d->noted_start = true; break;
	case NOTE_END:
		d->noted_end = true;
		d->reset |= n.reset;
		if (n.counted) {
			d->counted = true;
			d->bytes[DIALOGUE_IN] = n.in;
			d->bytes[DIALOGUE_OUT] = n.out;
		}
		break;
	case NOTE_MESSAGE:
		d->messages += !n.unfinished;
		d->this_bytes = n.in;
		message_ended(d);
		break;
	case NOTE_TLS: d->expects_quit = false; break;
	case NOTE_GAVE_UP: d->reset = true; break;
	case NOTE_LOST: d->lost += n.in; break;
	case NOTE_OTHER: break;
	}
}

void dialogue_take(struct dialogue *d, const struct line *l)
{
	switch (l->kind) {
	case LINE_IN: record(d, l, DIALOGUE_IN); break;
	case LINE_OUT: record(d, l, DIALOGUE_OUT); break;
	case LINE_NOTE: note(d, l->body); break;
	default: break;
	}
}

bool dialogue_is_another(const struct dialogue *d, const struct line *l)
{
	struct note n;

	switch (l->kind) {
	case LINE_IN: return d->eof[DIALOGUE_IN] || d->noted_end;
	case LINE_OUT: return d->eof[DIALOGUE_OUT] || d->noted_end;
	case LINE_NOTE:
		note_parse(&n, l->body);
		return (d->any || d->noted_start) && n.kind == NOTE_START;
	default: return false;
	}
}
