/*
 * The end of a `current` that the system's power loss has torn: a file may have
 * the size that it was given, and not all bytes, of which some are NULs then.
 */
#ifndef TORN_END_H
#define TORN_END_H

#include <stdbool.h>

#include <sys/types.h>

/*
 * Cuts off what follows the last newline of the file, which is open for reading
 * and writing; midline: the file may end within a line, so only NULs.  Returns
 * how many bytes it cut off, or -1 with errno.
 */
off_t torn_end_cut(int fd, bool midline);

#endif
