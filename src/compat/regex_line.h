/* Regular expressions over lines that no NUL follows. */
#ifndef REGEX_LINE_H
#define REGEX_LINE_H

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>

/* 1 if a line may hold NULs. */
#if defined REG_STARTEND && !defined COMPAT_PORTABLE
#define REGEX_LINE_NULS 1
#else
#define REGEX_LINE_NULS 0
#endif

/*
 * True if the expression matches anywhere in the line, which is seen up to its
 * first NUL without REGEX_LINE_NULS.
 */
bool regex_line_match(const regex_t *regex, const char *line, size_t len);

#endif
