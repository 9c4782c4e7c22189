/*
 * After a sync that failed the system may take the bytes for written, and a
 * later sync says yes though they are not on the disk.  So they are written
 * once more, from the memory in which they still are.
 */
#ifndef REWRITE_H
#define REWRITE_H

#include <stdint.h>

/*
 * Writes the bytes from `from` up to `to` of the file in the directory once
 * more, in their place.  Returns 0, or -1 with errno.
 */
int rewrite_bytes(int directory, const char *file, uint64_t from, uint64_t to);

#endif
