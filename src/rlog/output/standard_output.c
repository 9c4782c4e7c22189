/* Forwarding; see standard_output.h. */
#include "rlog/output/standard_output.h"

#include <errno.h>

void standard_output_init(struct standard_output *forward, int fd)
{
	forward->out = endpoint_shared(fd);
	forward->over = fd < 0;
	forward->stuck = false;
	forward->drop_after = 0;
}

int standard_output_write(struct standard_output *forward,
			  struct iovec_list *iovecs)
{
	const char *bytes;
	size_t len;
	ssize_t w;

	forward->stuck = false;
	while (!forward->over && (bytes = iovec_list_next(iovecs, &len))) {
		w = endpoint_write(&forward->out, bytes, len);
		if (w >= 0) {
			iovec_list_written(iovecs, (size_t)w);
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
