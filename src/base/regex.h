/*
 * POSIX extended regular expressions, searched anywhere in a line.  They see
 * bytes: no program sets a locale.  Without REGEX_NULS a line is seen up to its
 * first NUL only.
 *
 * regexec is slow, so the longest text that every match must contain is found
 * first, and regexec sees only lines that contain it.
 */
#ifndef REGEX_H
#define REGEX_H

#include <stdbool.h>
#include <stddef.h>

#include <regex.h>

/* 1 if a line may hold NULs.  COMPAT=portable tests the other form. */
#if defined REG_STARTEND && !defined COMPAT_PORTABLE
#define REGEX_NULS 1
#else
#define REGEX_NULS 0
#endif

enum {
	REGEX_ERROR = 128,  /* bytes for a message of regcomp */
	REGEX_LITERAL = 64, /* longer literal texts are cut */
};

struct regex {
	regex_t compiled;
	char literal[REGEX_LITERAL]; /* each match contains it */
	size_t literal_len;          /* 0: unknown */
	bool at_start;               /* a match begins with it at the start */
	bool literal_only;           /* the expression is nothing else */
};

/*
 * Compiles an expression, which regex_free releases.  Returns 1, or 0 with the
 * message of regcomp in error, REGEX_ERROR bytes, and nothing to release.
 */
int regex_compile(struct regex *regex, const char *text, char *error);

/* Releases a regex that regex_compile has compiled. */
void regex_free(struct regex *regex);

/* True if the len bytes at line contain a match. */
bool regex_match(const struct regex *regex, const char *line, size_t len);

#endif
