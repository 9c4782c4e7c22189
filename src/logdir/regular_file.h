/*
 * The files of a log directory: opening one, since the directory may hold
 * anything by now, and locking it.  The lock of a directory is its file `lock`,
 * held at once by flock, as multilog, svlogd and cyclog lock it, and by fcntl,
 * as s6-log locks it.
 */
#ifndef REGULAR_FILE_H
#define REGULAR_FILE_H

#include <sys/types.h>

/*
 * As openat with these flags and, for O_CREAT, this mode, but opens nothing
 * except a regular file: no link is followed, no FIFO is waited for, no device
 * is touched.  The descriptor is closed on exec.  Returns it, or -1 with errno:
 * ELOOP for a link, EINVAL for any other file that is not regular.
 */
int regular_file_open(int directory, const char *name, int flags, mode_t mode);

enum { REGULAR_FILE_PATIENCE = 300 }; /* milliseconds */

/*
 * Locks an open file by flock.  A child that a killed logger has just forked
 * keeps its lock until it calls exec, so this waits for REGULAR_FILE_PATIENCE.
 * Returns 0, or -1 with errno set: EBUSY if another process has the lock.
 */
int regular_file_lock(int fd);

/*
 * Locks a directory, in both ways; on a file system without locks of fcntl, by
 * flock alone.  Returns the descriptor that holds the lock, or -1 with errno
 * set.  If that is EBUSY, *holder is the pid of the process that has the lock,
 * or 0 if the system does not tell.
 */
int regular_file_lock_directory(int directory, pid_t *holder);

#endif
