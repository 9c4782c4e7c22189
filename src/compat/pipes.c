/*
 * Pipes: Linux moves pages through them, and makes them larger.  The portable
 * forms do neither.
 */
#include "compat/pipes.h"

#include <errno.h>
#include <fcntl.h>

#include "compat/compat.h"

#if COMPAT_LINUX
ssize_t pipes_move(int from, int to, size_t n)
{
	return splice(from, NULL, to, NULL, n,
		      SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
}

/* A system that refuses has its reasons. */
void pipes_enlarge(int fd, int size)
{
	fcntl(fd, F_SETPIPE_SZ, size);
}
#else
ssize_t pipes_move(int from, int to, size_t n)
{
	(void)from;
	(void)to;
	(void)n;
	errno = EINVAL;
	return -1;
}

void pipes_enlarge(int fd, int size)
{
	(void)fd;
	(void)size;
}
#endif
