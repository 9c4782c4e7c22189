/*
 * Standard output.  A write that would wait makes it stuck, until poll says
 * that the descriptor is writable.  Any other failure is final: the reader has
 * gone, and the log directories must not wait for it.
 */
#include "logwrite/output/standard_output.h"

#include <errno.h>

int standard_output_write(struct standard_output *standard_output,
			  struct batch_part *part)
{
	const char *bytes;
	size_t len;
	ssize_t w;

	standard_output->stuck = false;
	while (!standard_output->over &&
	       (bytes = batch_part_next(part, &len))) {
		w = endpoint_write(&standard_output->out, bytes, len);
		if (w >= 0) {
			batch_part_written(part, (size_t)w);
		} else if (errno == EAGAIN || errno == EWOULDBLOCK) {
			standard_output->stuck = true;
			return 0;
		} else {
			standard_output->over = true;
			return failure_set(&standard_output->failure,
					   "write to", "");
		}
	}
	return 1;
}

int standard_output_stuck(const struct standard_output *standard_output)
{
	return standard_output->stuck ? standard_output->out.fd : -1;
}

static bool write_standard_output(struct log_output *output, struct turn *turn)
{
	struct standard_output *standard_output =
	    (struct standard_output *)output;
	const struct event over = {.kind = EVENT_OUTPUT_OVER,
				   .failure = &standard_output->failure};
	int r = standard_output_write(standard_output, output->part);

	(void)turn;
	if (r < 0)
		output->tell(&over);
	return r != 0;
}

static bool standard_output_blocked(const struct log_output *output)
{
	return ((const struct standard_output *)output)->stuck;
}

void standard_output_init(struct standard_output *standard_output, int fd,
			  event_listener *tell, uint64_t drop_after)
{
	static const struct output_ops ops = {
	    .write = write_standard_output,
	    .blocked = standard_output_blocked,
	};

	log_output_init(&standard_output->output, &ops, tell, drop_after);
	standard_output->out = endpoint_shared(fd);
	standard_output->over = false;
	standard_output->stuck = false;
	failure_init(&standard_output->failure, "standard output");
}
