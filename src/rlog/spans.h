/*
 * Spans: pieces of memory to be written one after the other.  Pieces that
 * follow each other in memory are one span.  What is done for every line is
 * inline.
 */
#ifndef SPANS_H
#define SPANS_H

#include <stdbool.h>
#include <stddef.h>

#include <sys/types.h>
#include <sys/uio.h>

enum { SPANS_MAX = 256 };

struct spans {
	struct iovec span[SPANS_MAX];
	unsigned int first; /* written up to here, ... */
	size_t skip;        /* ...and so much of it */
	unsigned int n;
};

static inline void spans_clear(struct spans *spans)
{
	spans->first = spans->n = 0;
	spans->skip = 0;
}

/* Nothing is written any more. */
static inline void spans_rewind(struct spans *spans)
{
	spans->first = 0;
	spans->skip = 0;
}

/* True if there is no room for n more. */
static inline bool spans_lack(const struct spans *spans, unsigned int n)
{
	return spans->n + n > SPANS_MAX;
}

/* Adds len > 0 bytes; the spans must not be full. */
static inline void spans_add(struct spans *spans, const char *bytes, size_t len)
{
	struct iovec *next = &spans->span[spans->n];

	if (spans->n &&
	    (const char *)next[-1].iov_base + next[-1].iov_len == bytes) {
		next[-1].iov_len += len;
		return;
	}
	next->iov_base = (char *)bytes;
	next->iov_len = len;
	spans->n++;
}

/* What is to be written next, *len bytes; NULL if all is written. */
const char *spans_next(const struct spans *spans, size_t *len);

/* So much of what is next was written. */
void spans_written(struct spans *spans, size_t n);

/* One writev of what is not yet written: bytes written, 0 if all are, -1. */
ssize_t spans_write(struct spans *spans, int fd);

#endif
