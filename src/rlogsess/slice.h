/* A slice of text that is taken apart from its beginning. */
#ifndef SLICE_H
#define SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct slice {
	const char *at;
	size_t len;
};

/* Removes the word from the beginning; false if the text has another one. */
bool slice_prefix(struct slice *slice, const char *word);

/*
 * Removes the word, in letters of any case, from the beginning; false if the
 * text has another one.
 */
bool slice_word(struct slice *slice, const char *word);

/* True if the text is this word. */
bool slice_equal(struct slice slice, const char *word);

/*
 * Returns the bytes before the first c, and removes them and c.  Without a c,
 * returns and removes all bytes.
 */
struct slice slice_until(struct slice *slice, char c);

/*
 * Returns the bytes after the last c, and removes them and c.  Without a c,
 * returns an empty slice and removes nothing.
 */
struct slice slice_cut_last(struct slice *slice, char c);

/* Copies the text to size bytes, cut if it is longer, and ends it with a NUL.
 */
void slice_copy(struct slice slice, char *to, size_t size);

/* Removes the first n bytes, of which the text has as many. */
void slice_skip(struct slice *slice, size_t n);

/* Removes a decimal number; false if there is none, or it exceeds max. */
bool slice_number(struct slice *slice, uint64_t max, uint64_t *number);

#endif
