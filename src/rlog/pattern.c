/* Star patterns without backtracking; see pattern.h. */
#include "rlog/pattern.h"

#include <string.h>

bool pattern_match(const char *pattern, const char *line, size_t len)
{
	const char *end = line + len;

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
