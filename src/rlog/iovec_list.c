/*
 * Writing a list of vectors.  A write may end anywhere in it; first and skip
 * are the place.  Tested by tests/unit/rlog/standard_output.c and batch.c.
 */
#include "rlog/iovec_list.h"

#include <unistd.h>

void iovec_list_written(struct iovec_list *iovecs, size_t n)
{
	const struct iovec *vector = &iovecs->vector[iovecs->first];

	for (n += iovecs->skip; n && n >= vector->iov_len;
	     vector++, iovecs->first++)
		n -= vector->iov_len;
	iovecs->skip = n;
}

const char *iovec_list_next(const struct iovec_list *iovecs, size_t *len)
{
	const struct iovec *vector = &iovecs->vector[iovecs->first];

	if (iovecs->first == iovecs->n)
		return NULL;
	*len = vector->iov_len - iovecs->skip;
	return (const char *)vector->iov_base + iovecs->skip;
}

ssize_t iovec_list_write(struct iovec_list *iovecs, int fd)
{
	const struct iovec *vector;
	ssize_t w;
	int n;

	if (iovecs->first == iovecs->n)
		return 0;
	vector = iovecs->vector + iovecs->first;
	n = (int)(iovecs->n - iovecs->first);
	/* A plain write costs less, and mostly there is one vector. */
	w = n == 1 || iovecs->skip
		? write(fd, (const char *)vector->iov_base + iovecs->skip,
			vector->iov_len - iovecs->skip)
		: writev(fd, vector, n);
	if (w > 0)
		iovec_list_written(iovecs, (size_t)w);
	return w;
}
