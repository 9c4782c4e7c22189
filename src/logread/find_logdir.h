/* Finding the log that a path names. */
#ifndef FIND_LOGDIR_H
#define FIND_LOGDIR_H

#include <stdbool.h>

/*
 * Opens the log directory at path; or, in a service directory, the first of
 * log/main, main, log and log/current that holds a log; or a file as it is.
 * Returns the descriptor, and stores in *real its path without links, which the
 * caller frees; or returns -1 with errno set: ENOENT also for a directory that
 * holds no log.  With follow, such a directory is opened, and a file fails with
 * ENOTDIR.
 */
int find_logdir_open(const char *path, bool follow, char **real);

/* True if fd is a directory. */
bool find_logdir_is_directory(int fd);

/* True if fd is a regular file. */
bool find_logdir_is_regular(int fd);

#endif
