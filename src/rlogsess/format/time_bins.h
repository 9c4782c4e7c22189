/*
 * Counts over time, in fixed memory: bins of equal width, which is a minute at
 * first and grows as the times spread, and a row of bins for each class.
 */
#ifndef TIME_BINS_H
#define TIME_BINS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TIME_BINS = 1024, TIME_BINS_ROWS = 5, TIME_BINS_NAME = 32 };

/* Zero-initialised without counts. */
struct time_bins {
	bool any;
	int64_t width;       /* seconds of a bin, 0 before the first count */
	int64_t first, last; /* numbers of bins: their time over their width */
	uint64_t count[TIME_BINS_ROWS][TIME_BINS]; /* of bin N: N % TIME_BINS */
};

/* Counts in a row at a time in seconds since 1970, which is not negative. */
void time_bins_add(struct time_bins *bins, unsigned int row, int64_t time);

/* Widens the bins until there are at most `most` of them, and at least 1. */
void time_bins_fit(struct time_bins *bins, size_t most);

/* Returns the number of bins from the first to the last count. */
size_t time_bins_count(const struct time_bins *bins);

/* Returns the count of the nth of these bins, from 0. */
uint64_t time_bins_get(const struct time_bins *bins, unsigned int row,
		       size_t n);

/* Writes the width in words, such as "10 minutes", and a NUL. */
void time_bins_name_width(const struct time_bins *bins,
			  char text[TIME_BINS_NAME]);

#endif
