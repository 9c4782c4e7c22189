/*
 * File repairs.  A torn end is sought from the end of the file, which may be
 * long, in chunks.  Bytes are rewritten through a descriptor of their own,
 * since one that is open for appending would append them.
 */
#include "logwrite/file_repair.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <sys/stat.h>

#include "logdir/layout.h"
#include "logdir/regular_file.h"

enum { CUT_CHUNK = 4096, REWRITE_CHUNK = 65536 };

/* How many of the bytes stay: 0 if it has to be looked for before them. */
static size_t count_whole(const char *bytes, size_t n, bool midline)
{
	while (n && (midline ? !bytes[n - 1] : bytes[n - 1] != '\n'))
		n--;
	return n;
}

off_t file_repair_cut(int fd, bool midline)
{
	char bytes[CUT_CHUNK];
	struct stat st;
	off_t at;
	size_t n, stays = 0;

	if (fstat(fd, &st) < 0)
		return -1;
	for (at = st.st_size; at && !stays; at -= (off_t)n) {
		n = at < CUT_CHUNK ? (size_t)at : CUT_CHUNK;
		if (pread(fd, bytes, n, at - (off_t)n) != (ssize_t)n)
			return -1;
		stays = count_whole(bytes, n, midline);
		if (stays)
			n -= stays;
	}
	if (at < st.st_size && ftruncate(fd, at) < 0)
		return -1;
	return st.st_size - at;
}

static int rewrite_range(int fd, uint64_t from, uint64_t to)
{
	char bytes[REWRITE_CHUNK];
	ssize_t n;

	for (; from < to; from += (uint64_t)n) {
		n = to - from < REWRITE_CHUNK ? (ssize_t)(to - from)
					      : REWRITE_CHUNK;
		n = pread(fd, bytes, (size_t)n, (off_t)from);
		if (n > 0)
			n = pwrite(fd, bytes, (size_t)n, (off_t)from);
		if (n < 0 && errno == EINTR)
			n = 0;
		else if (n <= 0)
			return (int)n;
	}
	return 0;
}

int file_repair_rewrite(int directory, const char *file, uint64_t from,
			uint64_t to)
{
	int fd = regular_file_open(directory, file, O_RDWR, 0);
	int r, error;

	if (fd < 0)
		return -1;
	r = rewrite_range(fd, from, to);
	error = errno;
	close(fd);
	errno = error;
	return r;
}

bool file_repair_is_torn(int directory, const char *file)
{
	int fd = regular_file_open(directory, file, O_RDONLY, 0);
	struct stat st;
	char last = '\n';
	bool torn;

	if (fd < 0)
		return false;
	torn = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	       !(st.st_mode & LAYOUT_MADE) && st.st_size &&
	       pread(fd, &last, 1, st.st_size - 1) == 1 && last != '\n';
	close(fd);
	return torn;
}
