/*
 * Finds, makes and opens the file of the ring.  A file that is not regular is
 * never opened: opening a device may change it, and opening a FIFO would wait.
 * Tested by tests/sh/rlog-ring.t.
 */
#include "logwrite/ring_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>
#include <sys/uio.h>

#include "compat/files.h"
#include "logdir/layout.h"
#include "logdir/regular_file.h"
#include "logdir/replace.h"
#include "logwrite/ring.h"

enum { BLOCK = 4096, BLOCKS_MAX = 64 };

static int close_keeping_errno(int fd)
{
	int error = errno;

	close(fd);
	errno = error;
	return -1;
}

/* The name with this suffix: 0, or -1 and errno. */
static int name_beside(const struct ring_place *place, const char *suffix,
		       char *name, struct ring_place *other)
{
	if (snprintf(name, PATH_MAX, "%s%s", place->name, suffix) >= PATH_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	*other = (struct ring_place){place->directory, name};
	return 0;
}

/*
 * The first bytes of what is there: how many, or -1 and errno, which is EINVAL
 * if it is no regular file.
 */
static ssize_t first_bytes(const struct ring_place *place, char *bytes,
			   size_t size)
{
	const int fd =
	    regular_file_open(place->directory, place->name, O_RDONLY, 0);
	ssize_t r;

	if (fd < 0 && errno == ELOOP)
		errno = EINVAL;
	if (fd < 0)
		return -1;
	r = pread(fd, bytes, size, 0);
	close_keeping_errno(fd);
	return r;
}

int ring_file_kind(const struct ring_place *place)
{
	const size_t len = sizeof RING_MAGIC - 1;
	char bytes[sizeof RING_MAGIC];
	ssize_t r = first_bytes(place, bytes, len);

	if (r < 0 && errno == ENOENT)
		return RING_FILE_NONE;
	if (r < 0 && errno != EINVAL)
		return -1;
	if (r < (ssize_t)len ||
	    memcmp(bytes, RING_FAMILY, sizeof RING_FAMILY - 1) != 0)
		return RING_FILE_FOREIGN;
	return memcmp(bytes, RING_MAGIC, len) == 0 ? RING_FILE_RING
						   : RING_FILE_OTHER;
}

int ring_file_open(const struct ring_place *place, size_t size)
{
	int fd = regular_file_open(place->directory, place->name, O_RDWR, 0);
	struct stat st;

	if (fd < 0)
		return -1;
	if (fstat(fd, &st) < 0 || regular_file_lock(fd) < 0)
		return close_keeping_errno(fd);
	errno = EINVAL;
	if (st.st_size != (off_t)size)
		return close_keeping_errno(fd);
	/* Holes, which a copy may have, would not survive a full disk. */
	if (files_preallocate(fd, size) < 0)
		return close_keeping_errno(fd);
	return fd;
}

/* Writes the block n times.  0, or -1 and errno. */
static int repeat_block(int fd, char *block, size_t n)
{
	struct iovec v[BLOCKS_MAX];
	size_t i, now;
	ssize_t w;

	for (i = 0; i < BLOCKS_MAX; i++)
		v[i] = (struct iovec){block, BLOCK};
	for (; n; n -= now) {
		now = n < BLOCKS_MAX ? n : BLOCKS_MAX;
		w = writev(fd, v, (int)now);
		if (w < 0)
			return -1;
		errno = ENOSPC;
		if ((size_t)w < now * BLOCK)
			return -1;
	}
	return 0;
}

static int fill_file(int fd, const struct ring_image *image)
{
	char block[BLOCK] = {0};
	const size_t data = image->data / BLOCK;

	if (repeat_block(fd, image->header, 1) < 0 ||
	    repeat_block(fd, block, image->size / BLOCK - 1 - data) < 0)
		return -1;
	memset(block, RING_FILL, sizeof block);
	if (repeat_block(fd, block, data) < 0)
		return -1;
	return files_preallocate(fd, image->size);
}

/*
 * What a process has left that ended while it made a ring begins as a ring or,
 * after the machine went down, with nothing.
 */
static bool left_over(const struct ring_place *fresh)
{
	static const char nothing[sizeof RING_FAMILY - 1];
	char bytes[sizeof nothing];
	ssize_t r = first_bytes(fresh, bytes, sizeof nothing);

	return r >= 0 && (memcmp(bytes, nothing, (size_t)r) == 0 ||
			  memcmp(bytes, RING_FAMILY, (size_t)r) == 0);
}

int ring_file_make(const struct ring_place *place,
		   const struct ring_image *image)
{
	char name[PATH_MAX];
	struct ring_place fresh;
	struct replace replace;

	if (name_beside(place, REPLACE_SUFFIX, name, &fresh) < 0)
		return -1;
	if (faccessat(fresh.directory, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0 &&
	    !left_over(&fresh)) {
		errno = EEXIST;
		return -1;
	}
	if (replace_open(&replace, place->directory, place->name,
			 LAYOUT_PRIVATE_MODE) < 0)
		return -1;
	if (regular_file_lock(replace.fd) < 0 ||
	    fill_file(replace.fd, image) < 0)
		return replace_end(&replace, false, true);
	return replace_commit(&replace, true) < 0 ? -1 : replace.fd;
}

int ring_file_set_aside(const struct ring_place *place)
{
	char name[PATH_MAX];
	struct ring_place aside;
	int kind;

	if (name_beside(place, ".bad", name, &aside) < 0)
		return -1;
	kind = ring_file_kind(&aside);
	if (kind < 0)
		return -1;
	errno = EEXIST;
	if (kind == RING_FILE_FOREIGN)
		return -1;
	return renameat(place->directory, place->name, aside.directory,
			aside.name);
}
