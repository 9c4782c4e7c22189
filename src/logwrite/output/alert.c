/*
 * Alerts.  Vectors that are not written by the first call are cleared, so that
 * a batch that is written again does not repeat them.
 * Tested by tests/sh/rlog-select.t.
 */
#include "logwrite/output/alert.h"

#include <errno.h>
#include <stddef.h>

enum { STANDARD_ERROR = 2 };

static bool write_alerts(struct log_output *output, struct turn *turn)
{
	struct batch_part *part = output->part;
	size_t len;

	(void)turn;
	while (batch_part_next(part, &len))
		if (batch_part_write(part, STANDARD_ERROR) < 0 &&
		    errno != EINTR)
			break;
	batch_part_clear(part);
	return true;
}

void alert_init(struct log_output *output)
{
	static const struct output_ops ops = {.write = write_alerts};

	log_output_init(output, &ops, NULL, 0);
}
