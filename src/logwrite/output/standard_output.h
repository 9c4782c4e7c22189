/*
 * Standard output (1): lines go on to another rlog or to a filter.  It blocks
 * batches as a directory does, but no write to it waits.  After a failure, as
 * where nobody reads any more, it gets nothing.
 */
#ifndef STANDARD_OUTPUT_H
#define STANDARD_OUTPUT_H

#include <stdbool.h>

#include "base/endpoint.h"
#include "logwrite/output/log_output.h"

struct standard_output {
	struct log_output output; /* the first member */
	struct endpoint out;
	bool over;  /* it has failed */
	bool stuck; /* it takes nothing until it is writable again */
	struct failure failure;
};

/* Makes an output of a descriptor, which is 1. */
void standard_output_init(struct standard_output *standard_output, int fd,
			  event_listener *tell, uint64_t drop_after);

/*
 * Writes the rest of the vectors.  Returns 1 if all are written or if it is
 * over, 0 if it is stuck, or -1 with standard_output->failure if it has failed
 * and is over from now on.
 */
int standard_output_write(struct standard_output *standard_output,
			  struct batch_part *part);

/* Returns the descriptor that has to become writable, or -1 if none has to. */
int standard_output_stuck(const struct standard_output *standard_output);

#endif
