/*
 * A list of vectors: ranges of memory that are written one after the other.
 * Ranges that follow each other in memory become one vector.  The functions
 * that run once per line are inline.
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
	unsigned int first; /* the first vector that is not written whole */
	size_t skip;        /* bytes of it that are written */
	unsigned int n;
};

static inline void iovec_list_clear(struct iovec_list *iovecs)
{
	iovecs->first = iovecs->n = 0;
	iovecs->skip = 0;
}

/* Has all of the list written again. */
static inline void iovec_list_rewind(struct iovec_list *iovecs)
{
	iovecs->first = 0;
	iovecs->skip = 0;
}

/* Returns true if there is no room for n more vectors. */
static inline bool iovec_list_lack(const struct iovec_list *iovecs,
				   unsigned int n)
{
	return iovecs->n + n > IOVEC_LIST_MAX;
}

/* Adds len > 0 bytes.  The list must have room for a vector. */
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

/* Returns the next bytes to write and their number, or NULL if all is written.
 */
const char *iovec_list_next(const struct iovec_list *iovecs, size_t *len);

/* Notes that n of the next bytes are written. */
void iovec_list_written(struct iovec_list *iovecs, size_t n);

/*
 * Writes the rest of the list with one call.  Returns the number of bytes
 * written, 0 if none were left, or -1 with errno.
 */
ssize_t iovec_list_write(struct iovec_list *iovecs, int fd);

#endif
