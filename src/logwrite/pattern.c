/*
 * Patterns of multilog.  A star ends at the first byte that is the one after it
 * in the pattern, so that matching never goes back.  Only a pattern that could
 * change the selection is tried.  A script may try many patterns on each line,
 * and most begin alike: so the byte that one of them has found after its first
 * star is kept for the next.
 */
#include "logwrite/pattern.h"

#include <string.h>

struct pattern_line {
	const char *bytes;
	const char *end;
	char sought;       /* the first byte of this value, 0: no value, ... */
	const char *found; /* ...is here, or nowhere: NULL */
};

void pattern_compile(struct pattern *pattern, const char *text, bool selects)
{
	pattern->text = text;
	pattern->selects = selects;
	pattern->star = text[0] == '*' && text[1] && text[1] != '*';
	pattern->second = pattern->star && text[2] != '*' ? text[2] : 0;
}

/* Returns the first place of a byte, which is not 0, in the line, or NULL. */
static inline const char *search_line(struct pattern_line *line, char byte)
{
	if (line->sought != byte) {
		line->sought = byte;
		line->found = memchr(line->bytes, byte,
				     (size_t)(line->end - line->bytes));
	}
	return line->found;
}

/* True if at..end matches; if the pattern begins with a star, what follows it.
 */
static bool match_rest(const struct pattern *pattern, const char *at,
		       const char *end)
{
	const char *text = pattern->text + pattern->star;

	for (; *text; text++) {
		if (*text != '*') {
			if (at == end || *at++ != *text)
				return false;
			continue;
		}
		if (!text[1])
			return true;
		at = memchr(at, text[1], (size_t)(end - at));
		if (!at)
			return false;
	}
	return at == end;
}

/* Nearly all lines fail to match at once, by their first bytes. */
static inline bool match_line(const struct pattern *pattern,
			      struct pattern_line *line)
{
	const char *at = line->bytes;

	if (pattern->star) {
		at = search_line(line, pattern->text[1]);
		if (!at)
			return false;
		if (pattern->second &&
		    (at + 1 == line->end || at[1] != pattern->second))
			return false;
	}
	return match_rest(pattern, at, line->end);
}

bool pattern_select(const struct pattern *patterns, size_t n, const char *line,
		    size_t len, bool selected)
{
	struct pattern_line seen = {.bytes = line, .end = line + len};

	for (size_t i = 0; i < n; i++)
		if (patterns[i].selects != selected &&
		    match_line(&patterns[i], &seen))
			selected = !selected;
	return selected;
}
