/*
 * Alerts.  Vectors that are not written by the first call are cleared, so that
 * a batch that is written again does not repeat them.
 * Tested by tests/sh/rlog-select.t.
 */
#include "rlog/output/alert.h"

#include <errno.h>
#include <stddef.h>

enum { STANDARD_ERROR = 2 };

static bool write_alerts(struct log_output *output, struct turn *turn)
{
	struct iovec_list *iovecs = output->iovecs;
	size_t len;

	(void)turn;
	while (iovec_list_next(iovecs, &len))
		if (iovec_list_write(iovecs, STANDARD_ERROR) < 0 &&
		    errno != EINTR)
			break;
	iovec_list_clear(iovecs);
	return true;
}

void alert_init(struct log_output *output)
{
	static const struct output_ops ops = {.write = write_alerts};

	log_output_init(output, &ops, NULL, 0);
}
