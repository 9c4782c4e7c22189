/*
 * A mapping that ends with the same bytes twice in a row, so that a range of
 * them never wraps: `once` bytes, `twice` bytes, and these `twice` bytes again.
 * Both sizes are multiples of the system's page size.
 */
#ifndef DOUBLE_MAP_H
#define DOUBLE_MAP_H

#include <stddef.h>

/*
 * Maps the first once + twice bytes of a file, shared, for reading and writing.
 * Returns where they begin, or NULL with errno.
 */
void *double_map_file(int fd, size_t once, size_t twice);

/* Maps memory that is all zero.  Returns where it begins, or NULL with errno.
 */
void *double_map_memory(size_t once, size_t twice);

/*
 * Unmaps what one of these functions mapped: base is the address that it
 * returned, once and twice are the sizes that it was given.
 */
void double_map_free(void *base, size_t once, size_t twice);

#endif
