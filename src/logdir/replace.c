/* Files that are written anew; see replace.h. */
#include "logdir/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int replace_open(struct replace *r, const char *file, mode_t mode)
{
	int n = snprintf(r->name, sizeof r->name, "%s.new", file);

	r->file = file;
	r->fd = -1;
	if (n >= (int)sizeof r->name)
		errno = ENAMETOOLONG;
	/* What is there, whatever it is, is no file of ours any more. */
	else if (unlink(r->name) == 0 || errno == ENOENT)
		r->fd = open(
		    r->name,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
	return r->fd;
}

/* So that the rename is on the disk; where that can't be, it is not. */
static void sync_directory(struct replace *r)
{
	int fd = open(dirname(r->name), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return;
	fsync(fd);
	close(fd);
}

int replace_end(struct replace *r, bool good)
{
	int error;

	good = good && fsync(r->fd) == 0;
	error = errno;
	if (close(r->fd) < 0 && good) {
		good = false;
		error = errno;
	}
	if (good && rename(r->name, r->file) == 0) {
		sync_directory(r);
		return 0;
	}
	if (good)
		error = errno;
	unlink(r->name);
	errno = error;
	return -1;
}
