/*
 * Files that are replaced as a whole.  FILE.new belongs to this module alone:
 * it is removed when it is in the way, and when its writing fails.  FILE is
 * only ever touched by the rename.
 */
#include "logdir/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <unistd.h>

#include "logdir/regular_file.h"

int replace_open(struct replace *replace, int directory, const char *file,
		 mode_t mode)
{
	int n = snprintf(replace->fresh, sizeof replace->fresh,
			 "%s" REPLACE_SUFFIX, file);

	replace->directory = directory;
	replace->file = file;
	replace->fd = -1;
	if (n >= (int)sizeof replace->fresh)
		errno = ENAMETOOLONG;
	else if (unlinkat(directory, replace->fresh, 0) == 0 || errno == ENOENT)
		replace->fd = regular_file_open(
		    directory, replace->fresh, O_RDWR | O_CREAT | O_EXCL, mode);
	return replace->fd;
}

/*
 * Has the rename on the disk.  A directory that we may not read, or a system
 * that syncs none, is no failure: then the system decides when.
 */
static int sync_name(struct replace *replace)
{
	int fd = openat(replace->directory, dirname(replace->fresh),
			O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int r, error;

	if (fd < 0)
		return errno == EACCES ? 0 : -1;
	r = fsync(fd) < 0 && errno != EINVAL && errno != EROFS ? -1 : 0;
	error = errno;
	close(fd);
	errno = error;
	return r;
}

static int discard_file(struct replace *replace)
{
	int error = errno;

	close(replace->fd);
	replace->fd = -1;
	unlinkat(replace->directory, replace->fresh, 0);
	errno = error;
	return -1;
}

int replace_commit(struct replace *replace, bool synced)
{
	int error;

	if ((synced && fsync(replace->fd) < 0) ||
	    renameat(replace->directory, replace->fresh, replace->directory,
		     replace->file) < 0)
		return discard_file(replace);
	if (!synced || sync_name(replace) == 0)
		return 0;
	error = errno;
	close(replace->fd);
	errno = error;
	return -1;
}

int replace_end(struct replace *replace, bool good, bool synced)
{
	if (!good)
		return discard_file(replace);
	if (replace_commit(replace, synced) < 0)
		return -1;
	close(replace->fd);
	return 0;
}
