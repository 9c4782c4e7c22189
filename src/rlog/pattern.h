/*
 * multilog's patterns.  A pattern matches a whole line: `*` takes the bytes up
 * to, not including, the first one that equals the byte after the star, without
 * ever coming back; a `*` at the end takes all the rest; every other byte
 * stands for itself.  Format: https://cr.yp.to/daemontools/multilog.html
 */
#ifndef RLOG_PATTERN_H
#define RLOG_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

/* NULs are ordinary bytes in the line; the pattern ends at its NUL. */
bool pattern_match(const char *pattern, const char *line, size_t len);

#endif
