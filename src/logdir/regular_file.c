/*
 * Opening a regular file and nothing else.  The name is looked at first, since
 * opening a device or a FIFO may have an effect; and the file once more when it
 * is open, since the name may have become another file's in between.  Then
 * O_NONBLOCK keeps a FIFO from waiting; programs that inherit a descriptor do
 * not expect it on a file, so it is taken back.
 *
 * Loggers lock the file `lock` in one of two ways, which do not exclude each
 * other, so both locks are taken; a descriptor that is closed gives up both.
 *
 * Tested by tests/unit/logdir/regular_file.c and tests/sh/rlog-lock.t.
 */
#include "logdir/regular_file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <sys/file.h>
#include <sys/stat.h>

#include "compat/system_facts.h"
#include "logdir/layout.h"

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

int regular_file_lock(int fd)
{
	enum { PAUSE = 10 };
	int waited;

	for (waited = 0; flock(fd, LOCK_EX | LOCK_NB) < 0; waited += PAUSE) {
		if (errno != EWOULDBLOCK)
			return -1;
		if (waited >= REGULAR_FILE_PATIENCE) {
			errno = EBUSY;
			return -1;
		}
		poll(NULL, 0, PAUSE);
	}
	return 0;
}

static int lock_by_flock(int fd, pid_t *holder)
{
	if (regular_file_lock(fd) == 0)
		return 0;
	if (errno == EBUSY) {
		*holder = system_facts_lock_holder(fd);
		errno = EBUSY;
	}
	return -1;
}

static int lock_by_fcntl(int fd, pid_t *holder)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	if (fcntl(fd, F_SETLK, &lock) == 0)
		return 0;
	if (errno == EACCES || errno == EAGAIN) {
		if (fcntl(fd, F_GETLK, &lock) == 0 && lock.l_pid > 0)
			*holder = lock.l_pid;
		errno = EBUSY;
		return -1;
	}
	return errno == EINTR ? -1 : 0;
}

int regular_file_lock_directory(int directory, pid_t *holder)
{
	int fd = regular_file_open(directory, LAYOUT_LOCK, O_RDWR | O_CREAT,
				   LAYOUT_PRIVATE_MODE);
	int error;

	*holder = 0;
	if (fd < 0)
		return -1;
	if (lock_by_flock(fd, holder) == 0 && lock_by_fcntl(fd, holder) == 0)
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}
