/*
 * Writes that don't wait, and the length of a socket's queue.  The portable
 * forms know neither; their callers then ask poll.
 */
#include "compat/nowait.h"

#include <errno.h>

#include "compat/compat.h"

#if COMPAT_LINUX
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/uio.h>

ssize_t nowait_write(int fd, const char *bytes, size_t n)
{
	const struct iovec v = {(char *)bytes, n};
	ssize_t w = pwritev2(fd, &v, 1, -1, RWF_NOWAIT);

	if (w < 0 && errno == ENOSYS)
		errno = EOPNOTSUPP;
	return w;
}

int nowait_unsent(int fd)
{
	int left;

	return ioctl(fd, SIOCOUTQ, &left) < 0 ? -1 : left;
}
#else
ssize_t nowait_write(int fd, const char *bytes, size_t n)
{
	(void)fd;
	(void)bytes;
	(void)n;
	errno = EOPNOTSUPP;
	return -1;
}

int nowait_unsent(int fd)
{
	(void)fd;
	errno = EOPNOTSUPP;
	return -1;
}
#endif
