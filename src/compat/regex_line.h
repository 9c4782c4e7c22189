/* Regular expressions over lines that no NUL follows. */
#ifndef REGEX_LINE_H
#define REGEX_LINE_H

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * True if the expression matches anywhere in the line.  A line may hold NULs on
 * systems with REG_STARTEND; elsewhere it is seen up to its first NUL.
 */
bool regex_line_match(const regex_t *regex, const char *line, size_t len);

#endif
