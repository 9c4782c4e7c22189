/*
 * Opening a regular file and nothing else.  The name is looked at first, since
 * opening a device or a FIFO may have an effect; and the file once more when it
 * is open, since the name may have become another file's in between.  Then
 * O_NONBLOCK keeps a FIFO from waiting; programs that inherit a descriptor do
 * not expect it on a file, so it is taken back.
 *
 * Tested by tests/unit/logdir/regular_file.c.
 */
#include "logdir/regular_file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <sys/stat.h>

/* 0, or -1 with errno if the type is not that of a regular file. */
static int check_type(mode_t mode)
{
	if (S_ISREG(mode))
		return 0;
	errno = S_ISLNK(mode) ? ELOOP : EINVAL;
	return -1;
}

int regular_file_open(int directory, const char *name, int flags, mode_t mode)
{
	struct stat st;
	int fd, error;

	if (fstatat(directory, name, &st, AT_SYMLINK_NOFOLLOW) == 0) {
		if (check_type(st.st_mode) < 0)
			return -1;
	} else if (errno != ENOENT || !(flags & O_CREAT)) {
		return -1;
	}
	fd = openat(directory, name,
		    flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, mode);
	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0 && check_type(st.st_mode) == 0 &&
	    fcntl(fd, F_SETFL, flags) == 0)
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}
