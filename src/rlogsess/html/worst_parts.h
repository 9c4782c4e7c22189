/*
 * Texts with a rank, of which the ones with the highest rank are kept, in a
 * temporary file.  Their number and their bytes are bounded, and so is the
 * file: at most twice the bytes, and those of one text.
 */
#ifndef WORST_PARTS_H
#define WORST_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/output.h"

struct worst_part {
	uint64_t rank, number;
	uint64_t at, len; /* in the file */
};

struct worst_parts {
	size_t most;             /* parts */
	uint64_t most_bytes;     /* of all parts */
	struct worst_part *part; /* a heap, the lowest rank first */
	size_t count;
	uint64_t bytes;    /* of the parts that are kept */
	uint64_t at;       /* where the part that is being written begins */
	uint64_t left_out; /* parts */
	int fd;
	struct output output;
};

/*
 * Starts to keep at most `most` parts of together most_bytes bytes.  Returns 0,
 * or -1 with errno set; worst_parts_free releases the parts in both cases.
 */
int worst_parts_init(struct worst_parts *parts, size_t most,
		     uint64_t most_bytes);

/* Forgets all parts. */
void worst_parts_free(struct worst_parts *parts);

/*
 * Begins a part, whose text is then added to the output that is returned, up to
 * worst_parts_end.  Returns NULL, and counts the part as left out, if its rank
 * is too low.
 */
struct output *worst_parts_begin(struct worst_parts *parts, uint64_t rank);

/*
 * Ends the part; of parts of one rank those with the highest number are left
 * out first.  Returns 0, or -1 with errno set.
 */
int worst_parts_end(struct worst_parts *parts, uint64_t rank, uint64_t number);

/* Sorts the parts that are kept by number; no more can be added. */
void worst_parts_sort(struct worst_parts *parts);

/* True if sorted parts have this number. */
bool worst_parts_has(const struct worst_parts *parts, uint64_t number);

/* Copies the sorted part n, below count.  Returns 0, or -1 with errno set. */
int worst_parts_show(const struct worst_parts *parts, size_t n,
		     struct output *output);

#endif
