/*
 * Rows of counts.  A duration is counted in the first step whose bound is
 * greater; one that is negative, from a clock that was set back, in the first
 * step.  Tested by tests/unit/rlogsess/stats_format.c.
 */
#include "rlogsess/format/histogram.h"

#include <stdio.h>

void histogram_row(struct output *output, const char *name, uint64_t count)
{
	char text[64];

	snprintf(text, sizeof text, "%-20s %12llu\n", name,
		 (unsigned long long)count);
	output_string(output, text);
}

void histogram_add(uint64_t count[HISTOGRAM_STEPS],
		   const struct histogram_step step[HISTOGRAM_STEPS],
		   int64_t milliseconds)
{
	size_t i = 0;

	while (i < HISTOGRAM_STEPS - 1 && milliseconds >= step[i].below)
		i++;
	count[i]++;
}

void histogram_show(struct output *output,
		    const uint64_t count[HISTOGRAM_STEPS],
		    const struct histogram_step step[HISTOGRAM_STEPS])
{
	for (size_t i = 0; i < HISTOGRAM_STEPS; i++)
		if (count[i])
			histogram_row(output, step[i].name, count[i]);
}
