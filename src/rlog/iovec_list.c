/* Vectors; see iovec_list.h. */
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
	/* Mostly there is one, and then a plain write costs less. */
	w = n == 1 || iovecs->skip
		? write(fd, (const char *)vector->iov_base + iovecs->skip,
			vector->iov_len - iovecs->skip)
		: writev(fd, vector, n);
	if (w > 0)
		iovec_list_written(iovecs, (size_t)w);
	return w;
}
