/* Opening a directory to reach files in it, not to list it. */
#ifndef OPEN_SEARCH_H
#define OPEN_SEARCH_H

/*
 * Opens a directory, no link, that may be searched: for openat and its like,
 * closed on exec.  Where the system can't do that, it must be readable, too.
 * Returns a descriptor, or -1 with errno.
 */
int open_search(const char *path);

#endif
