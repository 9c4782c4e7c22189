/*
 * The lock of a log directory: its file `lock`, held by flock (what multilog,
 * svlogd and cyclog take) and by fcntl (what s6-log takes) at once.
 */
#ifndef LOCK_H
#define LOCK_H

#include <sys/types.h>

enum { LOCK_PATIENCE = 300 }; /* milliseconds */

/*
 * flock.  It waits for a moment: what a logger that was killed has just forked
 * has its lock until it execs.  0, or -1 and errno, EBUSY if it is taken.
 */
int lock_flock(int fd);

/*
 * The descriptor that holds the lock of the directory, or -1 and errno; EBUSY:
 * another process has it, *holder is its pid, or 0 if the system doesn't tell.
 * Where the file system has no fcntl locks flock alone will do.
 */
int lock_take(int directory, pid_t *holder);

#endif
