/* Operations on pipes that some systems lack. */
#ifndef PIPES_H
#define PIPES_H

#include <stddef.h>

#include <sys/types.h>

/*
 * Moves at most n bytes from one descriptor to another, one of which is a pipe,
 * without copying them; never waits for the pipe.  Returns how many, 0 at the
 * end, or -1 with errno: EINVAL if that can't be done between these.
 */
ssize_t pipes_move(int from, int to, size_t n);

/* Gives a pipe room for so many bytes, if the system likes. */
void pipes_enlarge(int fd, int size);

#endif
