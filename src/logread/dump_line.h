/* Lines of a hex dump, the payload of a record with recio -x (records.5). */
#ifndef DUMP_LINE_H
#define DUMP_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DUMP_LINE_BYTES = 16 };

struct dump_line {
	uint64_t offset; /* of the first byte in its direction */
	size_t count;
	char bytes[DUMP_LINE_BYTES];
};

/*
 * Parses a payload of len bytes.  Returns false if it departs from the form in
 * any place.
 */
bool dump_line_parse(struct dump_line *dump, const char *payload, size_t len);

#endif
