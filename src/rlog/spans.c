/* Spans; see spans.h. */
#include "rlog/spans.h"

void spans_clear(struct spans *spans)
{
	spans->first = spans->n = 0;
}

/* A line adds two spans at most, an alert and its dots. */
bool spans_full(const struct spans *spans)
{
	return spans->n > SPANS_MAX - 2;
}

void spans_add(struct spans *spans, const char *bytes, size_t len)
{
	struct iovec *last = &spans->span[spans->n - 1];

	if (!len)
		return;
	if (spans->n && (const char *)last->iov_base + last->iov_len == bytes) {
		last->iov_len += len;
		return;
	}
	spans->span[spans->n].iov_base = (char *)bytes;
	spans->span[spans->n++].iov_len = len;
}

static void written(struct spans *spans, size_t n)
{
	struct iovec *span = &spans->span[spans->first];

	for (; n && n >= span->iov_len; span++, spans->first++)
		n -= span->iov_len;
	if (n) {
		span->iov_base = (char *)span->iov_base + n;
		span->iov_len -= n;
	}
}

ssize_t spans_write(struct spans *spans, int fd)
{
	ssize_t w;

	if (spans->first == spans->n)
		return 0;
	w = writev(fd, spans->span + spans->first,
		   (int)(spans->n - spans->first));
	if (w > 0)
		written(spans, (size_t)w);
	return w;
}
