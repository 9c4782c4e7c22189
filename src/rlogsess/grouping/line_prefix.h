/*
 * The text that rlog's directive p puts before each line of a log.  It is
 * learned from the log itself: it is a word with the spaces behind it, at the
 * beginning of all lines, none of which is known without it.
 */
#ifndef LINE_PREFIX_H
#define LINE_PREFIX_H

#include <stdbool.h>
#include <stddef.h>

#include "rlogsess/slice.h"

enum { LINE_PREFIX_MAX = 64 };

/* Zero-initialised before the first line of a log. */
struct line_prefix {
	bool absent; /* a line had another word, or was known without one */
	size_t len;  /* of text, 0 before the first line */
	char text[LINE_PREFIX_MAX];
};

/*
 * Takes the next line of the log, without its time, that is not known as it
 * stands.  Returns the length of the prefix, or 0 if this log has none.
 */
size_t line_prefix_take(struct line_prefix *prefix, struct slice line);

/* Takes a line that is known as it stands: this log has no prefix. */
void line_prefix_deny(struct line_prefix *prefix);

#endif
