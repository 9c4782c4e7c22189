/*
 * Patterns of multilog.  A star ends at the first byte that is the one after it
 * in the pattern, so that matching never goes back.
 */
#include "rlog/pattern.h"

#include <string.h>

void pattern_compile(struct pattern *pattern, const char *text)
{
	pattern->text = text;
	pattern->star = text[0] == '*' && text[1] && text[1] != '*';
	pattern->second = pattern->star && text[2] != '*' ? text[2] : 0;
}

bool pattern_match_at(const struct pattern *pattern, const char *at,
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
