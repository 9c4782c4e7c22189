/* Tested by tests/unit/rlogfetch/directive_file.c. */
#include "rlogfetch/directive_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <sys/types.h>

#include <skalibs/djbunix.h>

/* Cuts the text, behind which is room for a byte, into lines, and keeps those
 * that are directives.  Returns how many. */
static size_t cut_lines(char *text, size_t len, const char **words)
{
	size_t n = 0;

	for (char *line = text; line < text + len;) {
		char *end = memchr(line, '\n', (size_t)(text + len - line));

		if (!end)
			end = text + len;
		*end = 0;
		if (*line && *line != '#')
			words[n++] = line;
		line = end + 1;
	}
	return n;
}

static size_t count_lines(const char *text, size_t len)
{
	size_t n = 1;

	for (size_t i = 0; i < len; i++)
		n += text[i] == '\n';
	return n;
}

int directive_file_read(struct directive_file *directives, const char *file,
			const char *const *more, size_t n)
{
	ssize_t len;

	directives->words = NULL;
	directives->n = 0;
	len = openreadnclose(file, directives->text, sizeof directives->text);
	if (len < 0)
		return -1;
	if (len == sizeof directives->text ||
	    memchr(directives->text, 0, (size_t)len)) {
		errno = len == sizeof directives->text ? EFBIG : EINVAL;
		return -1;
	}
	directives->words =
	    malloc((count_lines(directives->text, (size_t)len) + n) *
		   sizeof *directives->words);
	if (!directives->words)
		return -1;
	directives->n =
	    cut_lines(directives->text, (size_t)len, directives->words);
	for (size_t i = 0; i < n; i++)
		directives->words[directives->n++] = more[i];
	return 0;
}

void directive_file_free(struct directive_file *directives)
{
	free(directives->words);
	directives->words = NULL;
	directives->n = 0;
}
