/*
 * Writing bytes once more; see rewrite.h.  What is open for appending would
 * append them, so the file is opened anew.
 */
#include "rlog/rewrite.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "logdir/regular_file.h"

enum { CHUNK = 65536 };

static int rewrite(int fd, uint64_t from, uint64_t to)
{
	char bytes[CHUNK];
	ssize_t n;

	for (; from < to; from += (uint64_t)n) {
		n = to - from < CHUNK ? (ssize_t)(to - from) : CHUNK;
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

int rewrite_bytes(int directory, const char *file, uint64_t from, uint64_t to)
{
	int fd = regular_file_open(directory, file, O_RDWR, 0);
	int r, error;

	if (fd < 0)
		return -1;
	r = rewrite(fd, from, to);
	error = errno;
	close(fd);
	errno = error;
	return r;
}
