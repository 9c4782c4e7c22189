/*
 * The lock of a log directory: its file `lock`, held at once by flock, as
 * multilog, svlogd and cyclog lock it, and by fcntl, as s6-log locks it.
 */
#ifndef LOCK_H
#define LOCK_H

#include <sys/types.h>

enum { LOCK_PATIENCE = 300 }; /* milliseconds */

/*
 * Locks an open file by flock.  A child that a killed logger has just forked
 * keeps its lock until it calls exec, so this waits for LOCK_PATIENCE.  Returns
 * 0, or -1 with errno set: EBUSY if another process has the lock.
 */
int lock_flock(int fd);

/*
 * Locks a directory, in both ways; on a file system without locks of fcntl, by
 * flock alone.  Returns the descriptor that holds the lock, or -1 with errno
 * set.  If that is EBUSY, *holder is the pid of the process that has the lock,
 * or 0 if the system does not tell.
 */
int lock_take(int directory, pid_t *holder);

#endif
