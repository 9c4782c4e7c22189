/* Counts; see tally.h. */
#include "tally.h"

#include <stdio.h>

void tally_row(struct out *o, const char *name, uint64_t n)
{
	char text[64];

	snprintf(text, sizeof text, "%-20s %12llu\n", name,
		 (unsigned long long)n);
	out_string(o, text);
}

void tally_add(uint64_t count[TALLY_STEPS],
	       const struct tally_step step[TALLY_STEPS], int64_t milliseconds)
{
	int i = 0;

	while (i < TALLY_STEPS - 1 && milliseconds >= step[i].below)
		i++;
	count[i]++;
}

void tally_show(struct out *o, const uint64_t count[TALLY_STEPS],
		const struct tally_step step[TALLY_STEPS])
{
	for (int i = 0; i < TALLY_STEPS; i++)
		if (count[i])
			tally_row(o, step[i].name, count[i]);
}
