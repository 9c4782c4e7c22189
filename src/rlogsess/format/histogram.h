/* Rows of counts, and how durations are distributed. */
#ifndef HISTOGRAM_H
#define HISTOGRAM_H

#include <stdint.h>

#include "base/output.h"

enum { HISTOGRAM_STEPS = 7 };

/* A step of a distribution; the steps ascend. */
struct histogram_step {
	int64_t below; /* milliseconds; INT64_MAX for the last one */
	const char *name;
};

/* Writes a line: a name and a count. */
void histogram_row(struct output *output, const char *name, uint64_t count);

/* Counts a duration in milliseconds. */
void histogram_add(uint64_t count[HISTOGRAM_STEPS],
		   const struct histogram_step step[HISTOGRAM_STEPS],
		   int64_t milliseconds);

/* Writes a line for each step whose count is not 0. */
void histogram_show(struct output *output,
		    const uint64_t count[HISTOGRAM_STEPS],
		    const struct histogram_step step[HISTOGRAM_STEPS]);

#endif
