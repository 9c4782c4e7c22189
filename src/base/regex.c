/*
 * Regular expressions.  At compilation a walk over the expression finds the
 * longest literal text that every match contains; where it is not sure it keeps
 * none.  Matching searches that text first and calls regexec only for lines
 * with it.  The tests compare both ways over many expressions and lines.
 *
 * A line does not end with a NUL.  REG_STARTEND, of glibc and the BSDs, gives
 * regexec the end of the line; the portable form matches a copy.
 */
#include "base/regex.h"

#include <stdlib.h>
#include <string.h>

enum { TRIES = 8 };

/* A walk over an expression that collects literal texts, or runs. */
struct walk {
	const char *at;
	size_t items;   /* all but anchors */
	size_t runs;    /* that have ended */
	bool anchored;  /* the expression begins with ^ */
	bool run_first; /* the run begins with the first item */
	char run[REGEX_LITERAL];
	size_t len;
};

static void end_run(struct walk *walk, struct regex *regex)
{
	if (walk->len > regex->literal_len) {
		memcpy(regex->literal, walk->run, walk->len);
		regex->literal_len = walk->len;
		regex->at_start = walk->anchored && walk->run_first;
	}
	if (walk->len)
		walk->runs++;
	walk->len = 0;
}

static void append_byte(struct walk *walk, struct regex *regex, char c)
{
	if (walk->len == sizeof walk->run)
		end_run(walk, regex);
	if (!walk->len)
		walk->run_first = !walk->items;
	walk->run[walk->len++] = c;
	walk->items++;
}

/* Returns the end of the bracket expression at text, NULL if it has none. */
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

/* Returns the end of the group at text, NULL if it has none. */
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
 * A quantifier ends the run, without the byte before it if that is optional.
 * False if another quantifier follows.
 */
static bool quantify_run(struct walk *walk, struct regex *regex)
{
	if (*walk->at != '+' && walk->len)
		walk->len--;
	walk->items++;
	end_run(walk, regex);
	if (*walk->at == '{')
		while (*walk->at && *walk->at != '}')
			walk->at++;
	if (*walk->at)
		walk->at++;
	return !*walk->at || !strchr("*+?{", *walk->at);
}

/* Skips an item that is not a literal byte. */
static void pass_item(struct walk *walk, struct regex *regex, const char *past)
{
	walk->items++;
	end_run(walk, regex);
	walk->at = past;
}

/* Walks over one item.  False if the expression may have no literal text. */
static bool walk_item(struct walk *walk, struct regex *regex)
{
	switch (*walk->at) {
	case '|':
	case '$': /* an anchor for certain only at the end */
		if (*walk->at == '|' || walk->at[1])
			return false;
		pass_item(walk, regex, walk->at + 1);
		return true;
	case '^': return false;
	case '[':
		pass_item(walk, regex, skip_bracket(walk->at));
		return walk->at;
	case '(': pass_item(walk, regex, skip_group(walk->at)); return walk->at;
	case '.': pass_item(walk, regex, walk->at + 1); return true;
	case '*':
	case '+':
	case '?':
	case '{': return quantify_run(walk, regex);
	case '\\':
		if (!walk->at[1] || !strchr(".[]\\()*+?{}|^$/-:", walk->at[1]))
			return false;
		walk->at++;
		break;
	default: break;
	}
	append_byte(walk, regex, *walk->at++);
	return true;
}

/* Finds the longest literal text; none where the expression is not simple. */
static void find_literal(struct regex *regex, const char *text)
{
	struct walk walk = {.at = text};

	if (*text == '^') {
		walk.anchored = true;
		walk.at++;
	}
	while (*walk.at) {
		if (!walk_item(&walk, regex)) {
			regex->literal_len = 0;
			return;
		}
	}
	end_run(&walk, regex);
	regex->literal_only =
	    walk.runs == 1 && walk.items == regex->literal_len;
}

int regex_compile(struct regex *regex, const char *text, char *error)
{
	int r;

	memset(regex, 0, sizeof *regex);
	r = regcomp(&regex->compiled, text, REG_EXTENDED | REG_NOSUB);
	if (r) {
		regerror(r, &regex->compiled, error, REGEX_ERROR);
		return 0;
	}
	find_literal(regex, text);
	return 1;
}

void regex_free(struct regex *regex)
{
	regfree(&regex->compiled);
}

#if REGEX_NULS
/* AddressSanitizer requires a NUL after the line, however long it is. */
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

static bool execute_regex(const regex_t *compiled, const char *line, size_t len)
{
	regmatch_t whole = {.rm_so = 0, .rm_eo = (regoff_t)len};
	char *copy = COPIED ? calloc(1, len + 1) : NULL;
	bool found;

	if (copy)
		line = memcpy(copy, line, len);
	found = regexec(compiled, line, 1, &whole, REG_STARTEND) == 0;
	free(copy);
	return found;
}
#else
/* A copy ends with the NUL that regexec requires. */
static bool execute_regex(const regex_t *compiled, const char *line, size_t len)
{
	char *copy = strndup(line, len);
	bool found = copy && regexec(compiled, copy, 0, NULL, 0) == 0;

	free(copy);
	return found;
}
#endif

/*
 * True if the line contains the text.  memchr and memcmp find it sooner than
 * memmem, which prepares its search for longer than most lines take; after some
 * tries the first byte is a frequent one, and memmem goes on.
 */
static bool contains_text(const char *line, size_t len, const char *text,
			  size_t n)
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

bool regex_match(const struct regex *regex, const char *line, size_t len)
{
	if (!regex->literal_len)
		return execute_regex(&regex->compiled, line, len);
	if (len < regex->literal_len)
		return false;
	if (regex->at_start) {
		if (memcmp(line, regex->literal, regex->literal_len) != 0)
			return false;
	} else if (!contains_text(line, len, regex->literal,
				  regex->literal_len)) {
		return false;
	}
	return regex->literal_only ||
	       execute_regex(&regex->compiled, line, len);
}
