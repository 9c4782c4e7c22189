/*
 * Commands at the beginnings of lines; see spotted.h.  Only a line's beginning
 * is kept until it can be looked at.
 */
#include "spotted.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void look(struct spotted *v, const struct grammar *const *grammars)
{
	const struct grammar_command *found;
	size_t from, to;

	found = verb_spot(grammars, v->start, v->len, &from, &to);
	v->past = true;
	v->len = 0;
	if (!found)
		return;
	if (v->count < SPOTTED_MAX)
		v->name[v->count] = found->verb;
	v->count++;
}

void spotted_end(struct spotted *v, const struct grammar *const *grammars)
{
	if (v->len)
		look(v, grammars);
	v->past = false;
}

void spotted_scan(struct spotted *v, const struct grammar *const *grammars,
		  const char *at, size_t len)
{
	const char *end = at + len, *newline;
	size_t n;

	for (; at < end; at = newline + 1) {
		newline = memchr(at, '\n', (size_t)(end - at));
		n = (size_t)((newline ? newline : end) - at);
		if (!v->past) {
			n = n < SPOTTED_LOOK - v->len ? n
						      : SPOTTED_LOOK - v->len;
			memcpy(v->start + v->len, at, n);
			v->len += n;
			if (v->len == SPOTTED_LOOK)
				look(v, grammars);
		}
		if (!newline)
			return;
		spotted_end(v, grammars);
	}
}

bool spotted_at_start(const struct spotted *v)
{
	return !v->len && !v->past;
}

void spotted_text(const struct spotted *v, char text[SPOTTED_TEXT])
{
	size_t len = 0;

	*text = 0;
	/* No name has more than 16 letters, so that all fit. */
	for (size_t i = 0; i < v->count && i < SPOTTED_MAX; i++)
		len += (size_t)snprintf(text + len, SPOTTED_TEXT - len,
					"%s%.16s", i ? ", " : "", v->name[i]);
	if (v->count > SPOTTED_MAX)
		snprintf(text + len, SPOTTED_TEXT - len, ", %" PRIu64 " more",
			 v->count - SPOTTED_MAX);
}
