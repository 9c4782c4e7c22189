/* What some systems can do with descriptors. */
#ifndef DESCRIPTORS_H
#define DESCRIPTORS_H

#include <stddef.h>

#include <sys/types.h>

enum { DESCRIPTORS_ALL = ~0U >> 1 }; /* a last descriptor larger than any */

/* Closes the open ones of the descriptors from first to last. */
void descriptors_close(int first, int last);

/*
 * As write(2), but never waits, whatever O_NONBLOCK says.  Returns -1 with
 * errno EAGAIN if it would have to, and EOPNOTSUPP if the system can't do this
 * for such a descriptor.
 */
ssize_t descriptors_write(int fd, const char *bytes, size_t n);

/*
 * Returns how many bytes that were written to a socket its other end has not
 * yet acknowledged or, on this machine, read; or -1 with errno, which is
 * EOPNOTSUPP if the system does not tell.
 */
int descriptors_unsent(int fd);

/*
 * Moves at most n bytes from one descriptor to another, one of which is a pipe,
 * without copying them; never waits for the pipe.  Returns how many, 0 at the
 * end, or -1 with errno: EINVAL if that can't be done between these.
 */
ssize_t descriptors_move(int from, int to, size_t n);

/* Gives a pipe room for so many bytes, if the system likes. */
void descriptors_enlarge(int fd, int size);

/* Lets a socket send so many bytes before they are read, if the system likes.
 */
void descriptors_enlarge_socket(int fd, int size);

#endif
