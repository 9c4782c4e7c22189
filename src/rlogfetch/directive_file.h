/*
 * Directives that stand in a file: one a line, as it would be an argument.  An
 * empty line, and one that begins with #, is none.
 */
#ifndef DIRECTIVE_FILE_H
#define DIRECTIVE_FILE_H

#include <stddef.h>

/* Bytes of a file: a longer one is refused. */
enum { DIRECTIVE_FILE_MAX = 65536 };

struct directive_file {
	const char **words; /* those of the file, then those behind it */
	size_t n;
	char text[DIRECTIVE_FILE_MAX + 1]; /* with NUL for each line end */
};

/*
 * Reads the directives of a file, and puts n more words behind them, which must
 * stay.  Returns 0, or -1 with errno: EFBIG if the file is too long, EINVAL if
 * it has a NUL.
 */
int directive_file_read(struct directive_file *directives, const char *file,
			const char *const *more, size_t n);

/* Releases the words. */
void directive_file_free(struct directive_file *directives);

#endif
