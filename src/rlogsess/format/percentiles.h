/*
 * How durations are distributed, in fixed memory: a percentile is the end of a
 * step that is at most a 32nd of its value wide.
 */
#ifndef PERCENTILES_H
#define PERCENTILES_H

#include <stdint.h>

enum { PERCENTILES_STEPS = 60 * 32 };

/* Zero-initialised without durations. */
struct percentiles {
	uint64_t durations; /* their number */
	double sum;         /* of them, in seconds */
	uint64_t highest;   /* in microseconds */
	uint64_t step[PERCENTILES_STEPS];
};

/* Adds a duration in nanoseconds. */
void percentiles_add(struct percentiles *percentiles, int64_t nanoseconds);

/*
 * Returns the duration in seconds that `percent` of all durations do not
 * exceed, or at most a 32nd more; 0 if there are none.
 */
double percentiles_get(const struct percentiles *percentiles,
		       unsigned int percent);

#endif
