/*
 * Forwarding to standard output (1), so that another rlog or a filter can
 * follow.  It holds the log up as a directory does, but never by a write that
 * waits; when it fails, as where nobody reads any more, it is over.
 */
#ifndef STANDARD_OUTPUT_H
#define STANDARD_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/endpoint.h"
#include "rlog/failure.h"
#include "rlog/iovec_list.h"

struct standard_output {
	struct endpoint out;
	bool over;           /* it has failed, or is not wanted */
	bool stuck;          /* it takes nothing until it is writable again */
	uint64_t drop_after; /* as its settings have it */
	struct failure failure;
};

/* fd -1: not wanted. */
void standard_output_init(struct standard_output *forward, int fd);

/*
 * Writes what of the vectors is not yet written: 1 if now all is, or if it is
 * over; 0 if it is stuck; -1 and forward->failure if it is over from now on.
 */
int standard_output_write(struct standard_output *forward,
			  struct iovec_list *iovecs);

#endif
