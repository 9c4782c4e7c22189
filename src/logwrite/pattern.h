/*
 * multilog's patterns.  A pattern matches a whole line: `*` takes the bytes up
 * to, not including, the first one that equals the byte after the star, without
 * ever coming back; a `*` at the end takes all the rest; every other byte
 * stands for itself.  Format: https://cr.yp.to/daemontools/multilog.html
 */
#ifndef PATTERN_H
#define PATTERN_H

#include <stdbool.h>
#include <stddef.h>

struct pattern {
	const char *text;
	bool selects; /* a line that matches is selected, or deselected */
	bool star;    /* it begins with a star and then a literal byte */
	char second;  /* the literal byte after that one, 0: none */
};

/* Sets the pattern.  The text must outlive it. */
void pattern_compile(struct pattern *pattern, const char *text, bool selects);

/*
 * Passes a line, selected or not, through n patterns in their order.  Returns
 * true if it is selected after them.  NULs are ordinary bytes in the line.
 */
bool pattern_select(const struct pattern *patterns, size_t n, const char *line,
		    size_t len, bool selected);

#endif
