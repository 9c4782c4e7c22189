/*
 * Calls on files.  Linux has O_PATH for directories as places, POSIX O_SEARCH;
 * where there is neither, the directory is opened for reading.  The portable
 * form of preallocation writes each block once more: its own bytes within the
 * file, zeros after the file's end.  That of a rename that replaces nothing
 * looks first; a link and the removal of the old name would leave two names
 * after a crash.
 *
 * files_open_search is tested by tests/unit/rawio/raw_files.c and
 * tests/sh/rawio-trouble.t.
 */
#include "compat/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "compat/compat.h"

#if COMPAT_LINUX
enum { HOW = O_PATH };
#elif defined O_SEARCH
enum { HOW = O_SEARCH };
#else
enum { HOW = O_RDONLY };
#endif

int files_open_search(const char *path)
{
	return open(path, HOW | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

#if COMPAT_LINUX
/* A file system that has no such call allocates when it is written to. */
int files_preallocate(int fd, size_t size)
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

int files_preallocate(int fd, size_t size)
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

static int look_and_rename(int directory, const char *file, const char *name)
{
	if (faccessat(directory, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
		errno = EEXIST;
		return -1;
	}
	return renameat(directory, file, directory, name);
}

#if COMPAT_LINUX
/* Some file systems know no flags. */
int files_rename_new(int directory, const char *file, const char *name)
{
	if (renameat2(directory, file, directory, name, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -1;
	return look_and_rename(directory, file, name);
}
#else
int files_rename_new(int directory, const char *file, const char *name)
{
	return look_and_rename(directory, file, name);
}
#endif
