/* Counts as text, and how times are distributed. */
#ifndef HISTOGRAM_H
#define HISTOGRAM_H

#include <stdint.h>

#include "base/output.h"

enum { HISTOGRAM_STEPS = 7 };

/* The steps of a distribution, in order; the last one has no bound. */
struct histogram_step {
	int64_t below; /* milliseconds, INT64_MAX: none */
	const char *name;
};

/* One line: what is counted, and how many there are. */
void histogram_row(struct output *out, const char *name, uint64_t count);

/* Counts a time, of so many milliseconds. */
void histogram_add(uint64_t count[HISTOGRAM_STEPS],
		   const struct histogram_step step[HISTOGRAM_STEPS],
		   int64_t milliseconds);

/* A line for each step that has any. */
void histogram_show(struct output *out, const uint64_t count[HISTOGRAM_STEPS],
		    const struct histogram_step step[HISTOGRAM_STEPS]);

#endif
