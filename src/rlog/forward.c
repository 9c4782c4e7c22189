/* Forwarding; see forward.h. */
#include "rlog/forward.h"

#include <errno.h>

void forward_init(struct forward *forward, int fd)
{
	forward->out = endpoint_shared(fd);
	forward->over = fd < 0;
	forward->stuck = false;
	forward->drop_after = 0;
}

int forward_write(struct forward *forward, struct spans *spans)
{
	const char *bytes;
	size_t len;
	ssize_t w;

	forward->stuck = false;
	while (!forward->over && (bytes = spans_next(spans, &len))) {
		w = endpoint_write(&forward->out, bytes, len);
		if (w >= 0) {
			spans_written(spans, (size_t)w);
		} else if (errno == EAGAIN || errno == EWOULDBLOCK) {
			forward->stuck = true;
			return 0;
		} else {
			forward->over = true;
			return failure_set(&forward->failure, "write to", "");
		}
	}
	return 1;
}
