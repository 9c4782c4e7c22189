/* A pattern and a line, a newline between: never reads beyond either. */
#include "logwrite/pattern.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *newline = size ? memchr(data, '\n', size) : NULL;
	struct pattern patterns[2];
	const char *line;
	size_t len;
	char *text;

	if (!newline)
		return 0;
	text = strndup((const char *)data, (size_t)(newline - data));
	len = size - (size_t)(newline - data) - 1;
	if (!text)
		abort();
	line = (const char *)newline + 1;
	pattern_compile(&patterns[0], text, true);
	pattern_compile(&patterns[1], text, false);
	/* The same answer twice, and a bare star takes everything. */
	if (pattern_select(patterns, 2, line, len, false))
		abort();
	if (strcmp(text, "*") == 0 &&
	    !pattern_select(patterns, 1, line, len, false))
		abort();
	free(text);
	return 0;
}
