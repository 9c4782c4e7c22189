/* Transfers that never wait, and the progress of those that the system makes.
 */
#ifndef NOWAIT_H
#define NOWAIT_H

#include <stddef.h>

#include <sys/types.h>

/*
 * As write(2), but never waits, whatever O_NONBLOCK says.  Returns -1 with
 * errno EAGAIN if it would have to, and EOPNOTSUPP if the system can't do this
 * for such a descriptor.
 */
ssize_t nowait_write(int fd, const char *bytes, size_t n);

/*
 * Returns how many bytes that were written to a socket its other end has not
 * yet acknowledged or, on this machine, read; or -1 with errno, which is
 * EOPNOTSUPP if the system does not tell.
 */
int nowait_unsent(int fd);

#endif
