/* Calls on files that some systems lack. */
#ifndef FILES_H
#define FILES_H

#include <stddef.h>

/*
 * Opens a directory, no link, that may be searched: for openat and its like,
 * closed on exec.  Where the system can't do that, it must be readable, too.
 * Returns a descriptor, or -1 with errno.
 */
int files_open_search(const char *path);

/*
 * Allocates the first size bytes of a file.  The file keeps its bytes and has
 * at least that length afterwards.  No other process may write to it meanwhile.
 * Returns 0, or -1 with errno, such as ENOSPC.
 */
int files_preallocate(int fd, size_t size);

/*
 * Renames a file of a directory.  Returns 0, or -1 with errno: EEXIST if the
 * new name is taken.  Where the system can't do it in one call, nobody else may
 * make the new name meanwhile.
 */
int files_rename_new(int directory, const char *file, const char *name);

#endif
