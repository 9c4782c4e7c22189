/*
 * Calls on descriptors.  The portable form closes each descriptor that the
 * limit of the process allows; it writes nothing without waiting, knows no
 * length of a socket's queue, and moves nothing between pipes: the callers then
 * ask poll, and copy.
 */
#include "compat/descriptors.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <sys/socket.h>

#include "compat/compat.h"

#if COMPAT_LINUX
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#endif

static void close_each(int first, int last)
{
	const long limit = sysconf(_SC_OPEN_MAX);

	for (long fd = first; fd <= last && (limit < 0 || fd < limit); fd++)
		close((int)fd);
}

#if COMPAT_LINUX
void descriptors_close(int first, int last)
{
	if (close_range((unsigned int)first, (unsigned int)last, 0) < 0)
		close_each(first, last);
}
#else
void descriptors_close(int first, int last)
{
	close_each(first, last);
}
#endif

#if COMPAT_LINUX
ssize_t descriptors_write(int fd, const char *bytes, size_t n)
{
	const struct iovec v = {(char *)bytes, n};
	ssize_t w = pwritev2(fd, &v, 1, -1, RWF_NOWAIT);

	if (w < 0 && errno == ENOSYS)
		errno = EOPNOTSUPP;
	return w;
}

int descriptors_unsent(int fd)
{
	int left;

	return ioctl(fd, SIOCOUTQ, &left) < 0 ? -1 : left;
}
#else
ssize_t descriptors_write(int fd, const char *bytes, size_t n)
{
	(void)fd;
	(void)bytes;
	(void)n;
	errno = EOPNOTSUPP;
	return -1;
}

int descriptors_unsent(int fd)
{
	(void)fd;
	errno = EOPNOTSUPP;
	return -1;
}
#endif

#if COMPAT_LINUX
ssize_t descriptors_move(int from, int to, size_t n)
{
	return splice(from, NULL, to, NULL, n,
		      SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
}

/* A system that refuses has its reasons. */
void descriptors_enlarge(int fd, int size)
{
	fcntl(fd, F_SETPIPE_SZ, size);
}
#else
ssize_t descriptors_move(int from, int to, size_t n)
{
	(void)from;
	(void)to;
	(void)n;
	errno = EINVAL;
	return -1;
}

void descriptors_enlarge(int fd, int size)
{
	(void)fd;
	(void)size;
}
#endif

/* Only a privileged process may exceed the limit of the system. */
void descriptors_enlarge_socket(int fd, int size)
{
#if COMPAT_LINUX
	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size) == 0)
		return;
#endif
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
}
