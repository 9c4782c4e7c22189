/*
 * Percentiles.  The first 64 steps are a microsecond wide; after them each
 * power of two has 32 steps of equal width.
 */
#include "rlogsess/format/percentiles.h"

enum { WIDTH_BITS = 5, POWER_STEPS = 1 << WIDTH_BITS };

static unsigned int choose_step(uint64_t microseconds)
{
	unsigned int shift = 0;

	while (microseconds >> shift >= 2 * POWER_STEPS)
		shift++;
	return shift * POWER_STEPS + (unsigned int)(microseconds >> shift);
}

/* Returns the highest number of microseconds of a step. */
static double find_step_end(unsigned int step)
{
	unsigned int shift = 0;

	if (step >= 2 * POWER_STEPS)
		shift = step / POWER_STEPS - 1;
	return (double)(step - shift * POWER_STEPS + 1) *
		   (double)((uint64_t)1 << shift) -
	       1;
}

void percentiles_add(struct percentiles *percentiles, int64_t nanoseconds)
{
	uint64_t microseconds =
	    nanoseconds > 0 ? (uint64_t)nanoseconds / 1000 : 0;

	percentiles->durations++;
	percentiles->sum += (double)microseconds / 1e6;
	percentiles->step[choose_step(microseconds)]++;
	if (microseconds > percentiles->highest)
		percentiles->highest = microseconds;
}

double percentiles_get(const struct percentiles *percentiles,
		       unsigned int percent)
{
	uint64_t rank = percentiles->durations / 100 * percent +
			(percentiles->durations % 100 * percent + 99) / 100;
	uint64_t sum = 0;
	double end, highest = (double)percentiles->highest;

	if (!percentiles->durations)
		return 0;
	for (unsigned int i = 0; i < PERCENTILES_STEPS; i++) {
		sum += percentiles->step[i];
		end = find_step_end(i);
		if (sum >= rank && sum)
			return (end < highest ? end : highest) / 1e6;
	}
	return 0;
}
