/*
 * Vectors: pieces of memory to be written one after the other.  Pieces that
 * follow each other in memory are one vector.  What is done for every line is
 * inline.
 */
#ifndef IOVEC_LIST_H
#define IOVEC_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include <sys/types.h>
#include <sys/uio.h>

enum { IOVEC_LIST_MAX = 256 };

struct iovec_list {
	struct iovec vector[IOVEC_LIST_MAX];
	unsigned int first; /* written up to here, ... */
	size_t skip;        /* ...and so much of it */
	unsigned int n;
};

static inline void iovec_list_clear(struct iovec_list *iovecs)
{
	iovecs->first = iovecs->n = 0;
	iovecs->skip = 0;
}

/* Nothing is written any more. */
static inline void iovec_list_rewind(struct iovec_list *iovecs)
{
	iovecs->first = 0;
	iovecs->skip = 0;
}

/* True if there is no room for n more. */
static inline bool iovec_list_lack(const struct iovec_list *iovecs,
				   unsigned int n)
{
	return iovecs->n + n > IOVEC_LIST_MAX;
}

/* Adds len > 0 bytes; the vectors must not be full. */
static inline void iovec_list_add(struct iovec_list *iovecs, const char *bytes,
				  size_t len)
{
	struct iovec *next = &iovecs->vector[iovecs->n];

	if (iovecs->n &&
	    (const char *)next[-1].iov_base + next[-1].iov_len == bytes) {
		next[-1].iov_len += len;
		return;
	}
	next->iov_base = (char *)bytes;
	next->iov_len = len;
	iovecs->n++;
}

/* What is to be written next, *len bytes; NULL if all is written. */
const char *iovec_list_next(const struct iovec_list *iovecs, size_t *len);

/* So much of what is next was written. */
void iovec_list_written(struct iovec_list *iovecs, size_t n);

/* One writev of what is not yet written: bytes written, 0 if all are, -1. */
ssize_t iovec_list_write(struct iovec_list *iovecs, int fd);

#endif
