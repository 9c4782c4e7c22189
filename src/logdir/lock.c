/*
 * The lock of a log directory.  Loggers lock the same file in one of two ways,
 * which do not exclude each other, so both locks are taken; a descriptor that
 * is closed gives up both.
 *
 * Tested by tests/sh/rlog-lock.t.
 */
#include "logdir/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <sys/file.h>

#include "compat/system_facts.h"
#include "logdir/layout.h"
#include "logdir/regular_file.h"

int lock_flock(int fd)
{
	enum { PAUSE = 10 };
	int waited;

	for (waited = 0; flock(fd, LOCK_EX | LOCK_NB) < 0; waited += PAUSE) {
		if (errno != EWOULDBLOCK)
			return -1;
		if (waited >= LOCK_PATIENCE) {
			errno = EBUSY;
			return -1;
		}
		poll(NULL, 0, PAUSE);
	}
	return 0;
}

static int lock_by_flock(int fd, pid_t *holder)
{
	if (lock_flock(fd) == 0)
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

int lock_take(int directory, pid_t *holder)
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
