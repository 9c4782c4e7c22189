/* Cutting torn ends; see torn_end.h.  The file is read from its end. */
#include "rlog/torn_end.h"

#include <unistd.h>

#include <sys/stat.h>

enum { CHUNK = 4096 };

/* How many of the bytes stay: 0 if it has to be looked for before them. */
static size_t whole(const char *bytes, size_t n, bool midline)
{
	while (n && (midline ? !bytes[n - 1] : bytes[n - 1] != '\n'))
		n--;
	return n;
}

off_t torn_end_cut(int fd, bool midline)
{
	char bytes[CHUNK];
	struct stat st;
	off_t at;
	size_t n, stays = 0;

	if (fstat(fd, &st) < 0)
		return -1;
	for (at = st.st_size; at && !stays; at -= (off_t)n) {
		n = at < CHUNK ? (size_t)at : CHUNK;
		if (pread(fd, bytes, n, at - (off_t)n) != (ssize_t)n)
			return -1;
		stays = whole(bytes, n, midline);
		if (stays)
			n -= stays;
	}
	if (at < st.st_size && ftruncate(fd, at) < 0)
		return -1;
	return st.st_size - at;
}
