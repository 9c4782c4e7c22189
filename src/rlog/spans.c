/* Spans; see spans.h. */
#include "rlog/spans.h"

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
