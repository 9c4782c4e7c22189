/*
 * Finding what a server repeats; see echo.h.  Invariant: a byte is given when
 * all runs that it can be a part of are known, so that it makes no difference
 * where a line is cut.
 */
#include "recio/echo.h"

#include <string.h>

#include "recio/argument_form.h"
#include "recio/protocol_session.h"

enum { UNDECIDED = HIDDEN_RUN - 1 };

void echo_remember(struct echo *e, const char *at, size_t len, bool secret)
{
	if (secret != e->secret)
		echo_break(e);
	e->secret = secret;
	hidden_text_add(&e->hidden, at, len, secret);
}

void echo_break(struct echo *e)
{
	hidden_text_break(&e->hidden, e->secret);
}

void echo_keep_octets(struct echo *e, const char *at, size_t len)
{
	size_t skipped = len > ECHO_OCTETS ? len - ECHO_OCTETS : 0;

	e->octets_seen += skipped;
	for (size_t i = skipped; i < len; i++)
		e->octets[e->octets_seen++ % ECHO_OCTETS] = at[i];
}

void echo_drop_octets(struct echo *e)
{
	e->octets_seen = 0;
}

void echo_remember_octets(struct protocol_session *p)
{
	struct echo *e = &p->echo;
	size_t begin = e->octets_seen % ECHO_OCTETS, len;
	char lines[ECHO_OCTETS];

	if (e->octets_seen < ECHO_OCTETS)
		begin = 0;
	len =
	    e->octets_seen < ECHO_OCTETS ? begin + e->octets_seen : ECHO_OCTETS;
	memcpy(lines, e->octets + begin, len - begin);
	memcpy(lines + len - begin, e->octets, begin);
	hidden_text_break(&e->hidden, e->secret);
	client_remember_lines(&p->client, &e->hidden, lines, len);
	explicit_bzero(lines, sizeof lines);
}

static bool is_inside_word(char one, char other)
{
	return (argument_form_letter(one) || argument_form_digit(one)) &&
	       (argument_form_letter(other) || argument_form_digit(other));
}

/* True if the n bytes that end before to stand as a word. */
static bool is_word(const struct echo *e, size_t to, size_t n, bool last)
{
	char before = to == n ? e->before : e->line[to - n - 1];

	if (is_inside_word(before, e->line[to - n]))
		return false;
	if (to == e->len)
		return last;
	return !is_inside_word(e->line[to - 1], e->line[to]);
}

/* Marks what is in a set; last: the line ends with what is kept of it. */
static void mark(struct echo *e, const struct hidden_text *h, bool last)
{
	uint64_t window = 0;

	for (size_t to = 1; h->any && to <= e->len; to++) {
		window = hidden_text_move(window, e->line[to - 1]);
		if (to >= HIDDEN_RUN && hidden_text_has(h, window, HIDDEN_RUN))
			memset(e->marked + to - HIDDEN_RUN, true, HIDDEN_RUN);
		for (unsigned int n = HIDDEN_WORD; h->words && n < HIDDEN_RUN;
		     n++)
			if (to >= n && is_word(e, to, n, last) &&
			    hidden_text_has(h, window, n))
				memset(e->marked + to - n, true, n);
	}
}

/* What the client said too early may be a secret, too. */
static void mark_held(struct protocol_session *p)
{
	struct hidden_text held = {0};

	client_remember_lines(&p->client, &held, p->hold, p->held);
	mark(&p->echo, &held, false);
	explicit_bzero(&held, sizeof held);
}

static bool is_edge(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '"';
}

/* Blanks and quotes around what was hidden are shown. */
static void unmark_edges(struct echo *e, size_t from, size_t to, bool whole)
{
	while (from < to && (from || !e->starred) && is_edge(e->line[from]))
		e->marked[from++] = false;
	while (whole && from < to && is_edge(e->line[to - 1]))
		e->marked[--to] = false;
}

/* The end of the run of bytes that are all marked, or all not. */
static size_t run_end(const struct echo *e, size_t from)
{
	size_t to = from;

	while (to < e->len && e->marked[to] == e->marked[from])
		to++;
	return to;
}

/* Shows text that stands from here on. */
static void show_at(struct protocol_session *p, size_t from, const char *text,
		    size_t len)
{
	uint64_t position = p->position[RELAY_OUT];

	p->position[RELAY_OUT] = p->echo.offset + from;
	p->out.show(p->out.ctx, RELAY_OUT, text, len);
	p->position[RELAY_OUT] = position;
}

static void give(struct protocol_session *p, size_t from, size_t to)
{
	struct echo *e = &p->echo;

	if (!e->marked[from])
		show_at(p, from, e->line + from, to - from);
	else if (!e->starred)
		show_at(p, from, "***", 3);
	e->starred = e->marked[from];
}

static void mark_all(struct protocol_session *p, bool last)
{
	struct echo *e = &p->echo;
	size_t to;

	mark(e, &e->hidden, last);
	if (p->held)
		mark_held(p);
	for (size_t from = 0; from < e->len; from = to) {
		to = run_end(e, from);
		if (e->marked[from])
			unmark_edges(e, from, to, last || to < e->len);
	}
}

/* Gives what is kept, or what is decided of it. */
static void release(struct protocol_session *p, bool last)
{
	struct echo *e = &p->echo;
	size_t end = last ? e->len : e->len - UNDECIDED, from = 0, to;

	mark_all(p, last);
	for (; from < end; from = to) {
		to = run_end(e, from);
		to = to < end ? to : end;
		give(p, from, to);
	}
	if (end)
		e->before = e->line[end - 1];
	e->len -= end;
	e->offset += end;
	memmove(e->line, e->line + end, e->len);
	memmove(e->marked, e->marked + end, e->len * sizeof *e->marked);
	e->starred = e->starred && !last;
}

/* Keeps bytes up to the line's end, or until there is no more room. */
static size_t keep(struct protocol_session *p, const char *at, size_t len,
		   uint64_t offset)
{
	struct echo *e = &p->echo;
	size_t room = sizeof e->line - e->len, n = len < room ? len : room;
	const char *newline = memchr(at, '\n', n);

	if (newline)
		n = (size_t)(newline - at) + 1;
	if (!e->len)
		e->offset = offset;
	memcpy(e->line + e->len, at, n);
	memset(e->marked + e->len, false, n * sizeof *e->marked);
	e->len += n;
	if (newline || e->len == sizeof e->line)
		release(p, newline != NULL);
	return n;
}

void echo_show(struct protocol_session *p, const char *at, size_t len)
{
	uint64_t offset = p->position[RELAY_OUT];
	size_t n;

	if (p->secrets || (!p->echo.hidden.any && !p->held && !p->echo.len)) {
		p->out.show(p->out.ctx, RELAY_OUT, at, len);
		return;
	}
	for (; len; at += n, len -= n, offset += n)
		n = keep(p, at, len, offset);
}

void echo_give(struct protocol_session *p)
{
	if (p->echo.len)
		release(p, true);
}
