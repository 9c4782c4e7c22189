/*
 * Bins of time.  Their numbers count from 1970, and each width is a multiple of
 * the one before it, so that widening adds whole bins together.  The bins in
 * use are fewer than TIME_BINS, so that each has a place of its own.
 */
#include "rlogsess/format/time_bins.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { MINUTE = 60, HOUR = 3600, DAY = 86400 };

static int64_t find_wider(int64_t width)
{
	static const int64_t widths[] = {
	    MINUTE,   5 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR,
	    2 * HOUR, 6 * HOUR,   12 * HOUR,   DAY,         2 * DAY,
	};

	for (size_t i = 0; i < sizeof widths / sizeof *widths; i++)
		if (widths[i] > width)
			return widths[i];
	return 2 * width;
}

static void widen_row(uint64_t row[TIME_BINS], const struct time_bins *bins,
		      int64_t factor)
{
	uint64_t wide[TIME_BINS] = {0};

	for (int64_t i = bins->first; i <= bins->last; i++)
		wide[i / factor % TIME_BINS] += row[i % TIME_BINS];
	memcpy(row, wide, sizeof wide);
}

static void widen_bins(struct time_bins *bins)
{
	int64_t width = find_wider(bins->width);
	int64_t factor = width / bins->width;

	for (size_t i = 0; i < TIME_BINS_ROWS; i++)
		widen_row(bins->count[i], bins, factor);
	bins->width = width;
	bins->first /= factor;
	bins->last /= factor;
}

/* True if this many bins hold the used ones and the one of a time. */
static bool has_room(const struct time_bins *bins, int64_t time)
{
	int64_t bin = time / bins->width;

	return bins->last - bin < TIME_BINS && bin - bins->first < TIME_BINS;
}

void time_bins_add(struct time_bins *bins, unsigned int row, int64_t time)
{
	int64_t bin;

	if (time < 0)
		time = 0;
	if (!bins->any) {
		bins->any = true;
		bins->width = MINUTE;
		bins->first = bins->last = time / MINUTE;
	}
	while (!has_room(bins, time))
		widen_bins(bins);
	bin = time / bins->width;
	if (bin < bins->first)
		bins->first = bin;
	if (bin > bins->last)
		bins->last = bin;
	bins->count[row][bin % TIME_BINS]++;
}

size_t time_bins_count(const struct time_bins *bins)
{
	return bins->any ? (size_t)(bins->last - bins->first + 1) : 0;
}

void time_bins_fit(struct time_bins *bins, size_t most)
{
	while (time_bins_count(bins) > (most ? most : 1) && bins->last)
		widen_bins(bins);
}

uint64_t time_bins_get(const struct time_bins *bins, unsigned int row, size_t n)
{
	return bins->count[row][(bins->first + (int64_t)n) % TIME_BINS];
}

void time_bins_name_width(const struct time_bins *bins,
			  char text[TIME_BINS_NAME])
{
	static const struct {
		int64_t seconds;
		const char *name;
	} units[] = {{DAY, "day"}, {HOUR, "hour"}, {MINUTE, "minute"}};
	size_t i = 0;
	int64_t count;

	while (i < 2 && bins->width % units[i].seconds)
		i++;
	count = bins->width / units[i].seconds;
	snprintf(text, TIME_BINS_NAME, "%" PRId64 " %s%s", count, units[i].name,
		 count == 1 ? "" : "s");
}
