/*
 * A JSON object of a stranger: the line that it becomes is no longer than the
 * object, has no newline, and all slices are parts of the object.
 */
#include "base/line_restore.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_slice(const char *slice, size_t len, const char *json,
			size_t size)
{
	if (len && (slice < json || len > size || slice > json + (size - len)))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *json = (const char *)data;
	struct restored_line line;
	char *out = malloc(size + !size);

	if (out && line_restore(&line, out, json, size)) {
		if (line.len > size || memchr(line.text, '\n', line.len))
			abort();
		check_slice(line.host, line.host_len, json, size);
		check_slice(line.name, line.name_len, json, size);
		check_slice(line.id, line.id_len, json, size);
		check_slice(line.after, line.after_len, json, size);
		check_slice(line.before, line.before_len, json, size);
	}
	free(out);
	return 0;
}
