/* What an output has composed in memory, as a string, for tests. */
#ifndef COMPOSED_H
#define COMPOSED_H

#include <string.h>

#include "base/output.h"

/* The string stays until the next call. */
static inline char *composed_text(const struct output *output)
{
	static char text[1 << 16];
	size_t len;
	const char *bytes = output_composed(output, &len);

	assert_true(len < sizeof text);
	memcpy(text, bytes, len);
	text[len] = 0;
	return text;
}

#endif
