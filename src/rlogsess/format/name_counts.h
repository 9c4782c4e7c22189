/* Counts of names, of which there are few, such as versions and ciphers. */
#ifndef NAME_COUNTS_H
#define NAME_COUNTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/output.h"

enum { NAME_COUNTS_ROWS = 32, NAME_COUNTS_NAME = 64 };

struct name_count {
	char name[NAME_COUNTS_NAME];
	uint64_t count;
};

/* Zero-initialised are no counts. */
struct name_counts {
	size_t rows;
	struct name_count row[NAME_COUNTS_ROWS];
	uint64_t others; /* of names that found no room */
};

/* Adds to the count of a name, which is cut to NAME_COUNTS_NAME - 1 bytes. */
void name_counts_add(struct name_counts *counts, const char *name,
		     uint64_t count);

/* Writes a line for each name, the highest count first, and one for others. */
void name_counts_show(struct output *output, struct name_counts *counts);

#endif
