/* Taking a text apart from its beginning. */
#ifndef RLOGSESS_SPAN_H
#define RLOGSESS_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct span {
	const char *at;
	size_t len;
};

/* Takes this word off, if the text begins with it. */
bool span_prefix(struct span *span, const char *word);

/* True if the text is this word. */
bool span_equal(struct span span, const char *word);

/* Takes off the bytes up to the first such byte, and that byte. */
struct span span_until(struct span *span, char c);

/* Cuts off what stands behind the last such byte, and it; "" without one. */
struct span span_cut_last(struct span *span, char c);

/* Copies it to size bytes, cut if need be, with a NUL behind it. */
void span_copy(struct span span, char *to, size_t size);

/* Takes off a decimal number; false if there is none up to max. */
bool span_number(struct span *span, uint64_t max, uint64_t *number);

#endif
