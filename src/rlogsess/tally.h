/* Counts as text, and how times are distributed. */
#ifndef RLOGSESS_TALLY_H
#define RLOGSESS_TALLY_H

#include <stdint.h>

#include "out.h"

enum { TALLY_STEPS = 7 };

/* The steps of a distribution, in order; the last one has no bound. */
struct tally_step {
	int64_t below; /* milliseconds, INT64_MAX: none */
	const char *name;
};

/* One line: what is counted, and how many there are. */
void tally_row(struct out *out, const char *name, uint64_t count);

/* Counts a time, of so many milliseconds. */
void tally_add(uint64_t count[TALLY_STEPS],
	       const struct tally_step step[TALLY_STEPS], int64_t milliseconds);

/* A line for each step that has any. */
void tally_show(struct out *out, const uint64_t count[TALLY_STEPS],
		const struct tally_step step[TALLY_STEPS]);

#endif
