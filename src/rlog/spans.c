/* Spans; see spans.h. */
#include "rlog/spans.h"

#include <unistd.h>

void spans_written(struct spans *spans, size_t n)
{
	const struct iovec *span = &spans->span[spans->first];

	for (n += spans->skip; n && n >= span->iov_len; span++, spans->first++)
		n -= span->iov_len;
	spans->skip = n;
}

const char *spans_next(const struct spans *spans, size_t *len)
{
	const struct iovec *span = &spans->span[spans->first];

	if (spans->first == spans->n)
		return NULL;
	*len = span->iov_len - spans->skip;
	return (const char *)span->iov_base + spans->skip;
}

ssize_t spans_write(struct spans *spans, int fd)
{
	const struct iovec *span;
	ssize_t w;
	int n;

	if (spans->first == spans->n)
		return 0;
	span = spans->span + spans->first;
	n = (int)(spans->n - spans->first);
	/* Mostly there is one, and then a plain write costs less. */
	w = n == 1 || spans->skip
		? write(fd, (const char *)span->iov_base + spans->skip,
			span->iov_len - spans->skip)
		: writev(fd, span, n);
	if (w > 0)
		spans_written(spans, (size_t)w);
	return w;
}
