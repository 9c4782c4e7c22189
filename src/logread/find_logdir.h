/* Finding the log that a path means. */
#ifndef FIND_LOGDIR_H
#define FIND_LOGDIR_H

#include <stdbool.h>

/*
 * Opens the log directory at path, or the one of the service at path: log/main,
 * main, log.  A file is opened as it is.  The descriptor and, allocated, its
 * path without links; or -1 and errno: ENOENT also if there is no log; with
 * follow that is waited for, and a file is ENOTDIR.
 */
int find_logdir_open(const char *path, bool follow, char **real);

bool find_logdir_is_directory(int fd);
bool find_logdir_is_regular(int fd);

#endif
