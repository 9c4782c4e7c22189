/*
 * Finding what a server repeats; see echo.h.  Invariant: a byte is given when
 * all runs that it can be a part of are known, so that it makes no difference
 * where a line is cut.
 */
#include "recio/echo.h"

#include <string.h>

#include "recio/argument_form.h"

enum { UNDECIDED = HIDDEN_RUN - 1 };

void echo_init(struct echo *echo, const struct redactor_out *out,
	       const struct held_bytes *held)
{
	echo->out = out;
	echo->held = held;
}

void echo_set_grammars(struct echo *echo, const struct grammar *const *grammars)
{
	echo->grammars = grammars;
}

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

/* Adds to hidden what would be hidden of these lines of the client. */
static void add_hidden_lines(const struct echo *echo,
			     struct hidden_text *hidden, const char *at,
			     size_t left)
{
	size_t n;
	struct grammar_state none;
	struct grammar_line g;

	for (; left; at += n, left -= n) {
		n = grammar_line_length(at, left);
		if (!n)
			n = left < GRAMMAR_LINE ? left : GRAMMAR_LINE;
		none = (struct grammar_state){0};
		g = grammar_judge(echo->grammars, &none, GRAMMAR_DOUBT, at, n);
		if (g.rest == GRAMMAR_ALL)
			continue;
		hidden_text_add(hidden, at, g.from, false);
		hidden_text_break(hidden, false);
		hidden_text_add(hidden, at + g.to, n - g.to, false);
		hidden_text_break(hidden, false);
	}
}

void echo_remember_octets(struct echo *e)
{
	size_t begin = e->octets_seen % ECHO_OCTETS, len;
	char lines[ECHO_OCTETS];

	if (e->octets_seen < ECHO_OCTETS)
		begin = 0;
	len =
	    e->octets_seen < ECHO_OCTETS ? begin + e->octets_seen : ECHO_OCTETS;
	memcpy(lines, e->octets + begin, len - begin);
	memcpy(lines + len - begin, e->octets, begin);
	hidden_text_break(&e->hidden, e->secret);
	add_hidden_lines(e, &e->hidden, lines, len);
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
static void mark_known(struct echo *e, const struct hidden_text *h, bool last)
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
static void mark_held(struct echo *e)
{
	struct hidden_text held = {0};

	add_hidden_lines(e, &held, e->held->bytes, e->held->len);
	mark_known(e, &held, false);
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
static size_t find_run_end(const struct echo *e, size_t from)
{
	size_t to = from;

	while (to < e->len && e->marked[to] == e->marked[from])
		to++;
	return to;
}

/* Shows text in place of what stands from here on. */
static void show_at(const struct echo *e, size_t from, const char *text,
		    size_t len)
{
	e->out->show(e->out->ctx, RELAY_OUT, text, len, e->offset + from);
}

static void give_run(struct echo *e, size_t from, size_t to)
{
	if (!e->marked[from])
		show_at(e, from, e->line + from, to - from);
	else if (!e->starred)
		show_at(e, from, "***", 3);
	e->starred = e->marked[from];
}

static void mark_line(struct echo *e, bool last)
{
	size_t to;

	mark_known(e, &e->hidden, last);
	if (e->held->len)
		mark_held(e);
	for (size_t from = 0; from < e->len; from = to) {
		to = find_run_end(e, from);
		if (e->marked[from])
			unmark_edges(e, from, to, last || to < e->len);
	}
}

/* Gives what is kept, or what is decided of it. */
static void release_line(struct echo *e, bool last)
{
	size_t end = last ? e->len : e->len - UNDECIDED, from = 0, to;

	mark_line(e, last);
	for (; from < end; from = to) {
		to = find_run_end(e, from);
		to = to < end ? to : end;
		give_run(e, from, to);
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
static size_t keep_bytes(struct echo *e, const char *at, size_t len,
			 uint64_t offset)
{
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
		release_line(e, newline != NULL);
	return n;
}

void echo_show(struct echo *e, const char *at, size_t len, uint64_t offset)
{
	size_t n;

	if (!e->hidden.any && !e->held->len && !e->len) {
		e->out->show(e->out->ctx, RELAY_OUT, at, len, offset);
		return;
	}
	for (; len; at += n, len -= n, offset += n)
		n = keep_bytes(e, at, len, offset);
}

void echo_give(struct echo *e)
{
	if (e->len)
		release_line(e, true);
}
