/*
 * POSIX extended regular expressions, found anywhere in a line.  They see
 * bytes: rlog sets no locale.  A line may hold NULs where the system's regexec
 * has REG_STARTEND; elsewhere it is seen up to its first NUL.
 *
 * regexec is slow.  So of each expression the longest text is kept that every
 * match must contain, and only a line that contains it is looked at further.
 */
#ifndef EXPRESSION_H
#define EXPRESSION_H

#include <stdbool.h>
#include <stddef.h>

#include <regex.h>

enum { EXPRESSION_ERROR = 128, EXPRESSION_LITERAL = 64 };

struct expression {
	regex_t compiled;
	char literal[EXPRESSION_LITERAL]; /* in every line that matches... */
	size_t literal_len;               /* ...if this is not 0 */
	bool at_start;                    /* the line begins with it */
	bool literal_only;                /* which is all there is to match */
};

/* 1, or 0 with what regcomp says in error, EXPRESSION_ERROR bytes. */
int expression_compile(struct expression *expression, const char *text,
		       char *error);
void expression_free(struct expression *expression);

bool expression_match(const struct expression *expression, const char *line,
		      size_t len);

#endif
