/*
 * Finds repeated text in the server's lines. Invariant: a byte is given when
 * all runs that it can be a part of are known, so that it makes no difference
 * where a line is cut. Tested by tests/unit/recio/echo.c and echoes.c.
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

void echo_remember(struct echo *echo, const char *at, size_t len, bool secret)
{
	if (secret != echo->secret)
		echo_break(echo);
	echo->secret = secret;
	hidden_text_add(&echo->hidden, at, len, secret);
}

void echo_break(struct echo *echo)
{
	hidden_text_break(&echo->hidden, echo->secret);
}

void echo_keep_octets(struct echo *echo, const char *at, size_t len)
{
	size_t skipped = len > ECHO_OCTETS ? len - ECHO_OCTETS : 0;

	for (size_t i = skipped; i < len; i++)
		echo->octets[echo->octets_seen++ % ECHO_OCTETS] = at[i];
}

void echo_drop_octets(struct echo *echo)
{
	echo->octets_seen = 0;
}

/* Adds to hidden the parts of these client lines that are hidden. */
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
		hidden_text_add(hidden, at, g.from, false);
		hidden_text_break(hidden, false);
		hidden_text_add(hidden, at + g.to, n - g.to, false);
		hidden_text_break(hidden, false);
	}
}

void echo_remember_octets(struct echo *echo)
{
	size_t begin = echo->octets_seen % ECHO_OCTETS, len;
	char lines[ECHO_OCTETS];

	if (echo->octets_seen < ECHO_OCTETS)
		begin = 0;
	len = echo->octets_seen < ECHO_OCTETS ? begin + echo->octets_seen
					      : ECHO_OCTETS;
	memcpy(lines, echo->octets + begin, len - begin);
	memcpy(lines + len - begin, echo->octets, begin);
	hidden_text_break(&echo->hidden, echo->secret);
	add_hidden_lines(echo, &echo->hidden, lines, len);
	explicit_bzero(lines, sizeof lines);
}

static bool is_inside_word(char one, char other)
{
	return (argument_form_letter(one) || argument_form_digit(one)) &&
	       (argument_form_letter(other) || argument_form_digit(other));
}

/* True if the n bytes that end before to stand as a word. */
static bool is_word(const struct echo *echo, size_t to, size_t n, bool last)
{
	char before = to == n ? echo->before : echo->line[to - n - 1];

	if (is_inside_word(before, echo->line[to - n]))
		return false;
	if (to == echo->len)
		return last;
	return !is_inside_word(echo->line[to - 1], echo->line[to]);
}

/* Marks text of the set; last: the line ends with the kept bytes. */
static void mark_known(struct echo *echo, const struct hidden_text *hidden,
		       bool last)
{
	uint64_t window = 0;

	for (size_t to = 1; hidden->any && to <= echo->len; to++) {
		window = hidden_text_move(window, echo->line[to - 1]);
		if (to >= HIDDEN_RUN &&
		    hidden_text_has(hidden, window, HIDDEN_RUN))
			memset(echo->marked + to - HIDDEN_RUN, true,
			       HIDDEN_RUN);
		for (unsigned int n = HIDDEN_WORD;
		     hidden->words && n < HIDDEN_RUN; n++)
			if (to >= n && is_word(echo, to, n, last) &&
			    hidden_text_has(hidden, window, n))
				memset(echo->marked + to - n, true, n);
	}
}

/* Bytes that the client sent too early may be a secret, too. */
static void mark_held(struct echo *echo)
{
	struct hidden_text held = {0};

	add_hidden_lines(echo, &held, echo->held->bytes, echo->held->len);
	mark_known(echo, &held, false);
	explicit_bzero(&held, sizeof held);
}

static bool is_edge(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '"';
}

/* Blanks and quotes around hidden text are shown. */
static void unmark_edges(struct echo *echo, size_t from, size_t to, bool whole)
{
	while (from < to && (from || !echo->starred) &&
	       is_edge(echo->line[from]))
		echo->marked[from++] = false;
	while (whole && from < to && is_edge(echo->line[to - 1]))
		echo->marked[--to] = false;
}

/* The end of the run of bytes that are all marked, or all not. */
static size_t find_run_end(const struct echo *echo, size_t from)
{
	size_t to = from;

	while (to < echo->len && echo->marked[to] == echo->marked[from])
		to++;
	return to;
}

/* Shows text in place of the bytes from here on. */
static void show_at(const struct echo *echo, size_t from, const char *text,
		    size_t len)
{
	echo->out->show(echo->out->ctx, RELAY_OUT, text, len,
			echo->offset + from);
}

static void give_run(struct echo *echo, size_t from, size_t to)
{
	if (!echo->marked[from])
		show_at(echo, from, echo->line + from, to - from);
	else if (!echo->starred)
		show_at(echo, from, "***", 3);
	echo->starred = echo->marked[from];
}

static void mark_line(struct echo *echo, bool last)
{
	size_t to;

	mark_known(echo, &echo->hidden, last);
	if (echo->held->len)
		mark_held(echo);
	for (size_t from = 0; from < echo->len; from = to) {
		to = find_run_end(echo, from);
		if (echo->marked[from])
			unmark_edges(echo, from, to, last || to < echo->len);
	}
}

/* Gives the kept bytes, or those that are decided. */
static void release_line(struct echo *echo, bool last)
{
	size_t end = last ? echo->len : echo->len - UNDECIDED, from = 0, to;

	mark_line(echo, last);
	for (; from < end; from = to) {
		to = find_run_end(echo, from);
		to = to < end ? to : end;
		give_run(echo, from, to);
	}
	if (end)
		echo->before = echo->line[end - 1];
	echo->len -= end;
	echo->offset += end;
	memmove(echo->line, echo->line + end, echo->len);
	memmove(echo->marked, echo->marked + end,
		echo->len * sizeof *echo->marked);
	echo->starred = echo->starred && !last;
}

/* Keeps bytes up to the line's end, or until there is no more room. */
static size_t keep_bytes(struct echo *echo, const char *at, size_t len,
			 uint64_t offset)
{
	size_t room = sizeof echo->line - echo->len,
	       n = len < room ? len : room;
	const char *newline = memchr(at, '\n', n);

	if (newline)
		n = (size_t)(newline - at) + 1;
	if (!echo->len)
		echo->offset = offset;
	memcpy(echo->line + echo->len, at, n);
	memset(echo->marked + echo->len, false, n * sizeof *echo->marked);
	echo->len += n;
	if (newline || echo->len == sizeof echo->line)
		release_line(echo, newline != NULL);
	return n;
}

void echo_show(struct echo *echo, const char *at, size_t len, uint64_t offset)
{
	size_t n;

	if (!echo->hidden.any && !echo->held->len && !echo->len) {
		echo->out->show(echo->out->ctx, RELAY_OUT, at, len, offset);
		return;
	}
	for (; len; at += n, len -= n, offset += n)
		n = keep_bytes(echo, at, len, offset);
}

void echo_give(struct echo *echo)
{
	if (echo->len)
		release_line(echo, true);
}
