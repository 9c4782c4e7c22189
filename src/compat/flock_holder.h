/* The process that holds a lock of flock; flock itself can't tell it. */
#ifndef FLOCK_HOLDER_H
#define FLOCK_HOLDER_H

#include <sys/types.h>

/* Returns the pid of a process that locks the open file, 0 if none is known. */
pid_t flock_holder(int fd);

#endif
