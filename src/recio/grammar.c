/*
 * Judges a client's line by a table of commands. A line is shown up to the
 * first argument that does not have its form. Of a line that is not a known
 * command only a first word of letters is shown.
 */
#include "recio/grammar.h"

#include <string.h>

#include "base/hash.h"
#include "recio/argument_form.h"

bool grammar_has_secret(const struct grammar_command *command)
{
	return command && strchr(command->form, 'x');
}

bool grammar_authenticates(const struct grammar_command *command)
{
	return command && strchr(command->form, 'M');
}

/* The kind of text in place of an argument that is missing or wrong. */
static enum grammar_rest choose_misfit(const struct grammar_state *state)
{
	return grammar_has_secret(state->command) ? GRAMMAR_SECRET
						  : GRAMMAR_HIDDEN;
}

static void hide_from(struct grammar_state *state, struct grammar_line *line,
		      size_t from, enum grammar_rest rest)
{
	line->to = from;
	line->rest = state->rest = rest;
}

/* It stands for words, strings and lists, to the end. */
static bool is_general(char letter)
{
	return letter && strchr("ghiC", letter);
}

/* An argument is taken; some letters stand for any number of them. */
static void advance_form(struct grammar_state *state)
{
	state->args++;
	if (!strchr("xPA", *state->form) && !is_general(*state->form))
		state->form += state->form[1] == '?' ? 2 : 1;
}

/* This argument is not there: true if it need not be. */
static bool skip_argument(struct grammar_state *state)
{
	bool optional = state->form[0] && state->form[1] == '?';

	if (!optional && *state->form != 'P' && *state->form != 'A')
		return false;
	state->form += optional ? 2 : 1;
	return true;
}

/* The rest of the line is a literal in the place of an argument. */
static bool take_literal(struct grammar_state *state, struct grammar_line *line,
			 const char *at, size_t from)
{
	struct line_literal l = line_literal_read(at + from, line->end - from);

	if (!l.there || !state->strings || !*state->form ||
	    !(strchr("mMcx", *state->form) || is_general(*state->form)))
		return false;
	l.kind = strchr("Cc", *state->form)   ? SPAN_CONTENT
		 : strchr("xM", *state->form) ? SPAN_SECRET
		 : *state->form == 'h'        ? SPAN_HIDDEN
					      : SPAN_SHOW;
	line->literal = l;
	if (l.kind != SPAN_SECRET)
		line->to = line->end;
	advance_form(state);
	return true;
}

/* Words, strings and lists; a literal may follow a bracket directly. */
static void take_general(struct grammar_state *state, struct grammar_line *line,
			 const char *at, size_t from)
{
	const char *open = memrchr(at + from, '{', line->end - from);
	size_t len = line->end - from, n, shown;

	if (open && open > at + from && open[-1] == '~')
		open--;
	n = open ? (size_t)(open - at) - from : len;
	if (!argument_form_show_general(*state->form, at + from, n, open,
					state->inside, &shown) ||
	    (open && !take_literal(state, line, at, from + n))) {
		n = argument_form_fit_general(at + from, len);
		hide_from(state, line, from + (shown < n ? shown : n),
			  choose_misfit(state));
		return;
	}
	state->args++;
	line->to = line->end;
	if (shown == n)
		return;
	/* The end is hidden, and known: the line goes on after a literal. */
	line->to = from + shown;
	line->rest = GRAMMAR_HIDDEN;
	if (line->literal.kind == SPAN_SHOW)
		line->literal.kind = SPAN_HIDDEN;
}

/* How long the next argument is, 0 if it has not its form. */
static size_t fit_argument(struct grammar_state *state,
			   struct grammar_line *line, const char *at,
			   size_t from)
{
	size_t len = line->end - from;
	size_t n = *state->form == 'c'
		       ? argument_form_fit_quoted(at + from, len)
		       : argument_form_fit(*state->form, at + from, len);

	/* It has to be the whole word. */
	if (!n || (n < len && !argument_form_blanks(at + from + n, 1)))
		return 0;
	/* A user without the secret after it may be the secret. */
	if (state->form[1] == 'x' && *state->form != 'M' &&
	    n + argument_form_blanks(at + from + n, len - n) == len)
		return 0;
	if (*state->form == 'n')
		state->number = line_literal_number(at + from, n);
	if (*state->form == 'c') {
		line->content_from = from + 1;
		line->content_to = from + n - 1;
	}
	return n;
}

/* Takes the argument at *from. Returns false if it was the line's rest. */
static bool take_argument(struct grammar_state *state,
			  struct grammar_line *line, const char *at,
			  size_t *from)
{
	size_t n;

	if (is_general(*state->form)) {
		take_general(state, line, at, *from);
		return false;
	}
	if (take_literal(state, line, at, *from)) {
		if (line->literal.kind == SPAN_SECRET)
			hide_from(state, line, *from, GRAMMAR_SECRET);
		return false;
	}
	n = *state->form ? fit_argument(state, line, at, *from) : 0;
	if (!n && skip_argument(state))
		return true;
	if (!n) {
		/* Some read it all the same. */
		if (*state->form == 'n')
			state->number =
			    line_literal_number(at + *from, line->end - *from);
		hide_from(state, line, *from, choose_misfit(state));
		return false;
	}
	*from += n;
	advance_form(state);
	return true;
}

static void take_arguments(struct grammar_state *state,
			   struct grammar_line *line, const char *at,
			   size_t from)
{
	size_t blanks = argument_form_blanks(at + from, line->end - from);

	line->to = from + blanks;
	/* A blank follows a name: PASSword has none. */
	if (!blanks && from < line->end && from) {
		hide_from(state, line, from, choose_misfit(state));
		return;
	}
	from += blanks;
	while (from < line->end && take_argument(state, line, at, &from)) {
		from += argument_form_blanks(at + from, line->end - from);
		line->to = from;
	}
}

static void begin_command(struct grammar_state *state,
			  const struct grammar_command *command)
{
	state->command = command;
	state->form = command ? command->form : "";
	state->rest = command ? GRAMMAR_ALL : GRAMMAR_HIDDEN;
}

/* UID FETCH: the form is that of the second command. */
static size_t begin_second(struct grammar_state *state,
			   const struct grammar_command *table, const char *at,
			   size_t len, size_t from)
{
	struct word w = command_name_word(at, len, from);
	const struct grammar_command *second;

	if (*state->form != 'U')
		return from;
	second = command_name_find(table, at + w.from, w.to - w.from);
	if (!second ||
	    argument_form_blanks(at + from, w.from - from) < w.from - from)
		return from;
	begin_command(state, second);
	return w.to;
}

/* A command whose name is the word: where its arguments begin, or 0. */
static size_t begin_named(struct grammar_state *state,
			  const struct grammar_command *table, const char *at,
			  size_t len, struct word w)
{
	const struct grammar_command *found =
	    command_name_find(table, at + w.from, w.to - w.from);

	if (found) {
		begin_command(state, found);
		return begin_second(state, table, at, len, w.to);
	}
	found = command_name_find_run_in(table, at + w.from, w.to - w.from);
	if (!found)
		return 0;
	begin_command(state, found);
	return w.from + strlen(found->verb);
}

/*
 * Finds the command of a line, after its tag if it has one. Returns the offset
 * of its arguments, or 0.
 */
static size_t find_command(const struct grammar *const *grammars,
			   struct grammar_state *state, const char *at,
			   size_t len, struct word *tag)
{
	struct word first = command_name_word(at, len, 0);
	struct word second = command_name_word(at, len, first.to);
	size_t between = second.from - first.to, n = 0;

	*tag = (struct word){.to = 0};
	begin_command(state, NULL);
	state->tag = hash_fnv(HASH_FNV, at + first.from, first.to - first.from);
	if (argument_form_blanks(at, first.from) < first.from)
		return 0;
	for (; !n && *grammars; grammars++) {
		state->strings = (*grammars)->strings;
		if (second.to > second.from &&
		    argument_form_blanks(at + first.to, between) == between &&
		    command_name_is_tag(at + first.from, first.to - first.from))
			n = begin_named(state, (*grammars)->tagged, at, len,
					second);
		if (n)
			*tag = first;
		else
			n = begin_named(state, (*grammars)->plain, at, len,
					first);
	}
	return n;
}

/*
 * Returns the length of the first words of an unknown command, if they are
 * words of letters. If commands have tags, a lone word is not shown.
 */
static size_t plain_words(const struct grammar *const *grammars, const char *at,
			  size_t len)
{
	struct word first = command_name_word(at, len, 0);
	struct word second = command_name_word(at, len, first.to);
	bool tagged = (*grammars)->tagged, lone = second.from == second.to;

	if (argument_form_blanks(at, first.from) < first.from)
		return 0;
	if (first.from == first.to)
		return first.to;
	if (tagged &&
	    command_name_is_plain_tag(at + first.from, first.to - first.from) &&
	    command_name_is_plain(at + second.from, second.to - second.from))
		return second.to;
	if ((tagged && lone) ||
	    !command_name_is_plain(at + first.from, first.to - first.from))
		return 0;
	return first.to;
}

/* A response; a client that does not wait says a command there. */
static void judge_response_words(struct grammar_state *state,
				 struct grammar_line *line, const char *at,
				 size_t from)
{
	bool known =
	    from && (from == line->end || argument_form_blanks(at + from, 1));

	from = known ? from + argument_form_blanks(at + from, line->end - from)
		     : 0;
	line->to = from;
	if (!known)
		line->from = 0;
	if (from < line->end)
		hide_from(state, line, from, GRAMMAR_SECRET);
	if (!known)
		begin_command(state, NULL);
}

static bool only_verbs(enum grammar_look look)
{
	return look == GRAMMAR_VERBS || look == GRAMMAR_GLUED;
}

static void judge_unknown(const struct grammar *const *grammars,
			  struct grammar_state *state,
			  struct grammar_line *line, enum grammar_look look,
			  const char *at)
{
	const struct grammar_command *found =
	    command_name_spot(grammars, at, line->end, &line->from, &line->to);

	if (found) {
		begin_command(state, found);
		line->to +=
		    argument_form_blanks(at + line->to, line->end - line->to);
		hide_from(state, line, line->to, choose_misfit(state));
		return;
	}
	line->from = line->to = 0;
	if (!only_verbs(look) && look != GRAMMAR_DOUBT)
		line->to = plain_words(grammars, at, line->end);
	if (line->to)
		line->to +=
		    argument_form_blanks(at + line->to, line->end - line->to);
	if (line->to < line->end)
		hide_from(state, line, line->to,
			  look == GRAMMAR_DOUBT ? GRAMMAR_SECRET
						: GRAMMAR_HIDDEN);
}

static void hide_arguments(struct grammar_state *state,
			   struct grammar_line *line, const char *at,
			   size_t from)
{
	from += argument_form_blanks(at + from, line->end - from);
	line->to = from;
	if (from < line->end)
		hide_from(state, line, from, choose_misfit(state));
}

/* Where a command may be the end of something else, its tag may be, too. */
static bool hides_tag(enum grammar_look look, const char *at, size_t len)
{
	switch (look) {
	case GRAMMAR_WHOLE:
	case GRAMMAR_CUT: return false;
	case GRAMMAR_VERBS:
	case GRAMMAR_DOUBT: return !command_name_is_plain_tag(at, len);
	default: return true;
	}
}

static void judge_beginning(const struct grammar *const *grammars,
			    struct grammar_state *state,
			    struct grammar_line *line, enum grammar_look look,
			    const char *at)
{
	struct word tag;
	size_t from = find_command(grammars, state, at, line->end, &tag);

	if (tag.to && hides_tag(look, at + tag.from, tag.to - tag.from))
		line->from = command_name_word(at, line->end, tag.to).from;
	if (look == GRAMMAR_RESPONSE)
		judge_response_words(state, line, at, from);
	else if (!from)
		judge_unknown(grammars, state, line, look, at);
	else if (only_verbs(look))
		hide_arguments(state, line, at, from);
	else
		take_arguments(state, line, at, from);
}

/* Judges the part of a line after a literal. */
static void judge_after_literal(struct grammar_state *state,
				struct grammar_line *line, const char *at)
{
	if (state->rest == GRAMMAR_ALL)
		take_arguments(state, line, at, 0);
	else if (line->end)
		hide_from(state, line, 0, state->rest);
	if (state->rest == GRAMMAR_SECRET && *state->form == 'x')
		take_literal(state, line, at,
			     argument_form_blanks(at, line->end));
}

static bool knows_strings(const struct grammar *const *grammars)
{
	while (*grammars && !(*grammars)->strings)
		grammars++;
	return *grammars;
}

/* The last word may go on. */
static void cut_line(struct grammar_state *state, struct grammar_line *line,
		     const char *at)
{
	size_t to = line->end;

	while (to > line->from && !argument_form_blanks(at + to - 1, 1))
		to--;
	if (line->rest == GRAMMAR_ALL)
		hide_from(state, line, to, choose_misfit(state));
	line->literal.there = false;
}

size_t grammar_line_length(const char *at, size_t len)
{
	const char *newline =
	    memchr(at, '\n', len < GRAMMAR_LINE ? len : GRAMMAR_LINE);

	return newline ? (size_t)(newline - at) + 1 : 0;
}

struct grammar_line grammar_judge(const struct grammar *const *grammars,
				  struct grammar_state *state,
				  enum grammar_look look, const char *at,
				  size_t len)
{
	struct grammar_line line = {.end = len};

	if (line.end && at[line.end - 1] == '\n')
		line.end--;
	if (line.end && line.end < len && at[line.end - 1] == '\r')
		line.end--;
	if (state->inside)
		judge_after_literal(state, &line, at);
	else
		judge_beginning(grammars, state, &line, look, at);
	if (look == GRAMMAR_CUT)
		cut_line(state, &line, at);
	else if (line.rest != GRAMMAR_ALL && !line.literal.there &&
		 look != GRAMMAR_RESPONSE && knows_strings(grammars))
		line.literal = line_literal_loose(at, line.end);
	if (line.rest == GRAMMAR_SECRET)
		line.literal.kind = SPAN_SECRET;
	state->inside = line.literal.there;
	/* Bytes before the shown part are counted with those after it. */
	if (line.from && line.rest == GRAMMAR_ALL)
		line.rest = GRAMMAR_HIDDEN;
	return line;
}
