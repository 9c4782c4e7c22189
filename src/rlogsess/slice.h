/* Taking a text apart from its beginning. */
#ifndef SLICE_H
#define SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct slice {
	const char *at;
	size_t len;
};

/* Takes this word off, if the text begins with it. */
bool slice_prefix(struct slice *span, const char *word);

/* True if the text is this word. */
bool slice_equal(struct slice span, const char *word);

/* Takes off the bytes up to the first such byte, and that byte. */
struct slice slice_until(struct slice *span, char c);

/* Cuts off what stands behind the last such byte, and it; "" without one. */
struct slice slice_cut_last(struct slice *span, char c);

/* Copies it to size bytes, cut if need be, with a NUL behind it. */
void slice_copy(struct slice span, char *to, size_t size);

/* Takes off a decimal number; false if there is none up to max. */
bool slice_number(struct slice *span, uint64_t max, uint64_t *number);

#endif
