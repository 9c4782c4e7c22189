/* A pattern and a line, a newline between: never reads beyond either. */
#include "rlog/pattern.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *newline = size ? memchr(data, '\n', size) : NULL;
	struct pattern_line line;
	struct pattern pattern;
	size_t len;
	char *text;

	if (!newline)
		return 0;
	text = strndup((const char *)data, (size_t)(newline - data));
	len = size - (size_t)(newline - data) - 1;
	if (!text)
		abort();
	pattern_line_set(&line, (const char *)newline + 1, len);
	pattern_compile(&pattern, text);
	/* The same answer twice, and a bare star takes everything. */
	if (pattern_match(&pattern, &line) != pattern_match(&pattern, &line))
		abort();
	if (strcmp(text, "*") == 0 && !pattern_match(&pattern, &line))
		abort();
	free(text);
	return 0;
}
