/*
 * Preallocation.  The portable form writes each block once more: its own bytes
 * within the file, zeros after the file's end.
 */
#include "compat/preallocate.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "compat/compat.h"

#if COMPAT_LINUX
/* A file system that has no such call allocates when it is written to. */
int preallocate(int fd, size_t size)
{
	int r = posix_fallocate(fd, 0, (off_t)size);

	if (!r || r == EINVAL || r == EOPNOTSUPP)
		return 0;
	errno = r;
	return -1;
}
#else
enum { BLOCK = 4096 };

static int write_again(int fd, char *block, size_t n, off_t at)
{
	ssize_t r = pread(fd, block, n, at);

	if (r < 0)
		return -1;
	memset(block + r, 0, n - (size_t)r);
	r = pwrite(fd, block, n, at);
	if (r == (ssize_t)n)
		return 0;
	if (r >= 0)
		errno = ENOSPC;
	return -1;
}

int preallocate(int fd, size_t size)
{
	char block[BLOCK];

	for (size_t at = 0; at < size; at += BLOCK)
		if (write_again(fd, block,
				size - at < BLOCK ? size - at : BLOCK,
				(off_t)at) < 0)
			return -1;
	return 0;
}
#endif
