/*
 * multilog's patterns.  A pattern matches a whole line: `*` takes the bytes up
 * to, not including, the first one that equals the byte after the star, without
 * ever coming back; a `*` at the end takes all the rest; every other byte
 * stands for itself.  Format: https://cr.yp.to/daemontools/multilog.html
 *
 * A script may try many patterns on each line, and most begin alike: so what
 * one of them has found in the line is kept for the next.
 */
#ifndef PATTERN_H
#define PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct pattern {
	const char *text;
	bool star;   /* it begins with a star and then a literal byte */
	char second; /* the literal byte after that one, 0: none */
};

struct pattern_line {
	const char *bytes;
	size_t len;
	bool looked;       /* for the first... */
	char sought;       /* ...of these, which is... */
	const char *found; /* ...here, or nowhere: NULL */
};

/* The text must outlive the pattern. */
void pattern_compile(struct pattern *pattern, const char *text);

/* A new line to be matched. */
static inline void pattern_line_set(struct pattern_line *line,
				    const char *bytes, size_t len)
{
	line->bytes = bytes;
	line->len = len;
	line->looked = false;
	line->sought = 0;
	line->found = NULL;
}

/* The first of these bytes in the line, or NULL. */
static inline const char *pattern_line_seek(struct pattern_line *line,
					    char byte)
{
	if (!line->looked || line->sought != byte) {
		line->looked = true;
		line->sought = byte;
		line->found = memchr(line->bytes, byte, line->len);
	}
	return line->found;
}

/* The same for what is left after the star at the beginning, at..end. */
bool pattern_match_at(const struct pattern *pattern, const char *at,
		      const char *end);

/*
 * NULs are ordinary bytes in the line; the pattern ends at its NUL.  Most lines
 * fail to match at once: that much is inline.
 */
static inline bool pattern_match(const struct pattern *pattern,
				 struct pattern_line *line)
{
	const char *at = line->bytes, *end = at + line->len;

	if (pattern->star) {
		at = pattern_line_seek(line, pattern->text[1]);
		if (!at)
			return false;
		if (pattern->second &&
		    (at + 1 == end || at[1] != pattern->second))
			return false;
	}
	return pattern_match_at(pattern, at, end);
}

#endif
