/*
 * The size limit of one output: how far its file is from the size at which it
 * is rotated.  A file is due at a line end that is within the tolerance of its
 * size, or where the next byte has no room.
 */
#ifndef SIZE_LIMIT_H
#define SIZE_LIMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct size_limit {
	uint64_t size;      /* most bytes of the file */
	uint64_t tolerance; /* due at line ends so near the size */
	uint64_t head;      /* least bytes of the beginning of a line */
	uint64_t least;     /* least bytes of its continuation */
	uint64_t bytes;     /* in the file, with the batch so far */
};

/*
 * Sets the limit of an empty file.  head: bytes before each line, its stamp and
 * prefix; least: most bytes that one byte of input becomes.
 */
void size_limit_init(struct size_limit *limit, uint64_t size,
		     uint64_t tolerance, size_t head, size_t least);

/* Sets the size that the file has; it may be above the limit. */
void size_limit_set_bytes(struct size_limit *limit, uint64_t bytes);

/* Adds bytes that are written to the file. */
void size_limit_add(struct size_limit *limit, uint64_t bytes);

/* Returns the bytes that there is room for. */
uint64_t size_limit_left(const struct size_limit *limit);

/* Returns the bytes before the file can be due at a line end. */
uint64_t size_limit_before_due(const struct size_limit *limit);

/*
 * Returns true if there is no room for the next byte, which continues a line or
 * begins one: the file has to be rotated before.
 */
bool size_limit_is_reached(const struct size_limit *limit, bool midline);

/* Returns true if the file is due, at the end of a line or within one. */
bool size_limit_is_due(const struct size_limit *limit, bool at_line_end);

#endif
