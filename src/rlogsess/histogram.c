/* Counts; see histogram.h. */
#include "rlogsess/histogram.h"

#include <stdio.h>

void histogram_row(struct output *o, const char *name, uint64_t n)
{
	char text[64];

	snprintf(text, sizeof text, "%-20s %12llu\n", name,
		 (unsigned long long)n);
	output_string(o, text);
}

void histogram_add(uint64_t count[HISTOGRAM_STEPS],
		   const struct histogram_step step[HISTOGRAM_STEPS],
		   int64_t milliseconds)
{
	int i = 0;

	while (i < HISTOGRAM_STEPS - 1 && milliseconds >= step[i].below)
		i++;
	count[i]++;
}

void histogram_show(struct output *o, const uint64_t count[HISTOGRAM_STEPS],
		    const struct histogram_step step[HISTOGRAM_STEPS])
{
	for (int i = 0; i < HISTOGRAM_STEPS; i++)
		if (count[i])
			histogram_row(o, step[i].name, count[i]);
}
