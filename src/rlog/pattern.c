/* Star patterns without backtracking; see pattern.h. */
#include "rlog/pattern.h"

#include <string.h>

void pattern_compile(struct pattern *pattern, const char *text)
{
	pattern->text = text;
	pattern->star = text[0] == '*' && text[1] && text[1] != '*';
	pattern->literal = strcspn(text + pattern->star, "*");
}

static bool match_rest(const char *pattern, const char *line, const char *end)
{
	for (; *pattern; pattern++) {
		if (*pattern != '*') {
			if (line == end || *line++ != *pattern)
				return false;
			continue;
		}
		if (!pattern[1])
			return true;
		line = memchr(line, pattern[1], (size_t)(end - line));
		if (!line)
			return false;
	}
	return line == end;
}

bool pattern_match_at(const struct pattern *pattern, const char *at,
		      const char *end)
{
	const char *literal = pattern->text + pattern->star;

	if ((size_t)(end - at) < pattern->literal ||
	    memcmp(at, literal, pattern->literal) != 0)
		return false;
	return match_rest(literal + pattern->literal, at + pattern->literal,
			  end);
}
