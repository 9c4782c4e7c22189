/*
 * Spans: pieces of memory to be written one after the other.  Pieces that
 * follow each other in memory are one span.
 */
#ifndef RLOG_SPANS_H
#define RLOG_SPANS_H

#include <stdbool.h>
#include <stddef.h>

#include <sys/types.h>
#include <sys/uio.h>

enum { SPANS_MAX = 256 };

struct spans {
	struct iovec span[SPANS_MAX];
	unsigned int first; /* written up to here */
	unsigned int n;
};

void spans_clear(struct spans *spans);

/* True if another span may find no room. */
bool spans_full(const struct spans *spans);

/* Adds len bytes; the spans must not be full. */
void spans_add(struct spans *spans, const char *bytes, size_t len);

/* One writev of what is not yet written: bytes written, 0 if all are, -1. */
ssize_t spans_write(struct spans *spans, int fd);

#endif
