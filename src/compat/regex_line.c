/*
 * Matching lines.  REG_STARTEND, of glibc and the BSDs, gives the end of the
 * line; the portable form matches a copy that ends with a NUL.
 *
 * Tested by tests/unit/base/regex.c and tests/unit/rlogsess/filter.c.
 */
#include "compat/regex_line.h"

#include <stdlib.h>
#include <string.h>

#if REGEX_LINE_NULS
/* AddressSanitizer requires a NUL after the line, however long it is. */
#if defined __has_feature
#if __has_feature(address_sanitizer)
#define COPIED true
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define COPIED true
#endif
#ifndef COPIED
#define COPIED false
#endif

bool regex_line_match(const regex_t *regex, const char *line, size_t len)
{
	regmatch_t whole = {.rm_so = 0, .rm_eo = (regoff_t)len};
	char *copy = COPIED ? calloc(1, len + 1) : NULL;
	bool found;

	if (copy)
		line = memcpy(copy, line, len);
	found = regexec(regex, line, 1, &whole, REG_STARTEND) == 0;
	free(copy);
	return found;
}
#else
bool regex_line_match(const regex_t *regex, const char *line, size_t len)
{
	char *copy = strndup(line, len);
	bool found = copy && regexec(regex, copy, 0, NULL, 0) == 0;

	free(copy);
	return found;
}
#endif
