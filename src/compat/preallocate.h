/* Having the disk's room for a file before it is written through a mapping. */
#ifndef PREALLOCATE_H
#define PREALLOCATE_H

#include <stddef.h>

/*
 * Allocates the first size bytes of a file.  The file keeps its bytes and has
 * at least that length afterwards.  No other process may write to it meanwhile.
 * Returns 0, or -1 with errno, such as ENOSPC.
 */
int preallocate(int fd, size_t size);

#endif
