/* Regular expressions; see expression.h. */
#include "rlog/expression.h"

#include <stdlib.h>
#include <string.h>

enum { TRIES = 8 };

/* How an expression is walked to find its literal texts. */
struct walk {
	const char *at;
	size_t items;   /* besides anchors: for literal_only */
	size_t runs;    /* literal texts, also those that are not kept */
	bool anchored;  /* it begins with ^ */
	bool run_first; /* the run is the first item */
	char run[EXPRESSION_LITERAL];
	size_t len;
};

static void end_run(struct walk *w, struct expression *e)
{
	if (w->len > e->literal_len) {
		memcpy(e->literal, w->run, w->len);
		e->literal_len = w->len;
		e->at_start = w->anchored && w->run_first;
	}
	if (w->len)
		w->runs++;
	w->len = 0;
}

static void add(struct walk *w, struct expression *e, char c)
{
	if (w->len == sizeof w->run)
		end_run(w, e);
	if (!w->len)
		w->run_first = !w->items;
	w->run[w->len++] = c;
	w->items++;
}

/* Past a bracket expression, whose `[` is at text; NULL if it has no end. */
static const char *skip_bracket(const char *text)
{
	const char *at = text + 1;
	char kind;

	at += *at == '^';
	at += *at == ']';
	for (; *at && *at != ']'; at++) {
		if (*at != '[' || !at[1] || !strchr(".:=", at[1]))
			continue;
		kind = at[1];
		for (at += 2; *at && !(*at == kind && at[1] == ']'); at++)
			;
		if (!*at)
			return NULL;
		at++;
	}
	return *at ? at + 1 : NULL;
}

/* Past a group, whose `(` is at text; NULL if it has no end. */
static const char *skip_group(const char *text)
{
	const char *at = text;
	size_t depth = 0;

	while (*at) {
		if (*at == '[') {
			at = skip_bracket(at);
			if (!at)
				return NULL;
			continue;
		}
		if (*at == '\\' && at[1]) {
			at += 2;
			continue;
		}
		depth += *at == '(';
		depth -= *at == ')';
		at++;
		if (!depth)
			return at;
	}
	return NULL;
}

/*
 * What may be there any number of times, or not at all, ends a run.  False if
 * that is said of the quantifier in turn.
 */
static bool quantify(struct walk *w, struct expression *e)
{
	if (*w->at != '+' && w->len)
		w->len--;
	w->items++;
	end_run(w, e);
	if (*w->at == '{')
		while (*w->at && *w->at != '}')
			w->at++;
	if (*w->at)
		w->at++;
	return !*w->at || !strchr("*+?{", *w->at);
}

/* Something that is no literal byte. */
static void pass(struct walk *w, struct expression *e, const char *past)
{
	w->items++;
	end_run(w, e);
	w->at = past;
}

/* One item: false if nothing can be said of the whole expression. */
static bool step(struct walk *w, struct expression *e)
{
	switch (*w->at) {
	case '|':
	case '$': /* only at the end is it certain what it means */
		if (*w->at == '|' || w->at[1])
			return false;
		pass(w, e, w->at + 1);
		return true;
	case '^': return false;
	case '[': pass(w, e, skip_bracket(w->at)); return w->at;
	case '(': pass(w, e, skip_group(w->at)); return w->at;
	case '.': pass(w, e, w->at + 1); return true;
	case '*':
	case '+':
	case '?':
	case '{': return quantify(w, e);
	case '\\':
		if (!w->at[1] || !strchr(".[]\\()*+?{}|^$/-:", w->at[1]))
			return false;
		w->at++;
		break;
	default: break;
	}
	add(w, e, *w->at++);
	return true;
}

/* Finds the longest literal text; none where the expression is not simple. */
static void find_literal(struct expression *e, const char *text)
{
	struct walk w = {.at = text};

	if (*text == '^') {
		w.anchored = true;
		w.at++;
	}
	while (*w.at) {
		if (!step(&w, e)) {
			e->literal_len = 0;
			return;
		}
	}
	end_run(&w, e);
	e->literal_only = w.runs == 1 && w.items == e->literal_len;
}

int expression_compile(struct expression *expression, const char *text,
		       char *error)
{
	int r;

	memset(expression, 0, sizeof *expression);
	r = regcomp(&expression->compiled, text, REG_EXTENDED | REG_NOSUB);
	if (r) {
		regerror(r, &expression->compiled, error, EXPRESSION_ERROR);
		return 0;
	}
	find_literal(expression, text);
	return 1;
}

void expression_free(struct expression *expression)
{
	regfree(&expression->compiled);
}

/* AddressSanitizer looks for a NUL behind the line, however long it is. */
#if defined __has_feature
#if __has_feature(address_sanitizer)
#define COPIED true
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define COPIED true
#endif
#ifndef COPIED
#define COPIED false
#endif

/* regexec where the line's end is given, or must be made. */
static bool execute(const struct expression *e, const char *line, size_t len)
{
#ifdef REG_STARTEND
	regmatch_t whole = {.rm_so = 0, .rm_eo = (regoff_t)len};
	char *copy = COPIED ? calloc(1, len + 1) : NULL;
	bool found;

	if (copy)
		line = memcpy(copy, line, len);
	found = regexec(&e->compiled, line, 1, &whole, REG_STARTEND) == 0;
	free(copy);
	return found;
#else
	char *copy = strndup(line, len);
	bool found = copy && regexec(&e->compiled, copy, 0, NULL, 0) == 0;

	free(copy);
	return found;
#endif
}

/*
 * memmem looks at what it seeks before it begins to, which takes longer than
 * most lines are long.  Where the first byte is frequent it wins.
 */
static bool contains(const char *line, size_t len, const char *text, size_t n)
{
	const char *end = line + len;
	int tries = TRIES;

	for (; (size_t)(end - line) >= n && tries--; line++) {
		line = memchr(line, *text, (size_t)(end - line) - n + 1);
		if (!line)
			return false;
		if (memcmp(line, text, n) == 0)
			return true;
	}
	return (size_t)(end - line) >= n &&
	       memmem(line, (size_t)(end - line), text, n);
}

bool expression_match(const struct expression *e, const char *line, size_t len)
{
	if (!e->literal_len)
		return execute(e, line, len);
	if (len < e->literal_len)
		return false;
	if (e->at_start) {
		if (memcmp(line, e->literal, e->literal_len) != 0)
			return false;
	} else if (!contains(line, len, e->literal, e->literal_len)) {
		return false;
	}
	return e->literal_only || execute(e, line, len);
}
