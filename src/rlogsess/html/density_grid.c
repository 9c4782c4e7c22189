/*
 * Counts by time.  Each span is a multiple of the one before, so that whole
 * columns are merged.  A column begins at a multiple of the span.  Tested by
 * tests/unit/rlogsess/density_grid.c.
 */
#include "rlogsess/html/density_grid.h"

#include <string.h>

enum { DAY = 86400 };

static const int64_t spans[] = {1,       5,        15,        60,          300,
				900,     3600,     10800,     21600,       DAY,
				7 * DAY, 28 * DAY, 364 * DAY, 36400L * DAY};

enum { SPANS = sizeof spans / sizeof *spans };

int64_t density_grid_list_span(unsigned int n)
{
	return n < SPANS ? spans[n] : 0;
}

int64_t density_grid_span(const struct density_grid *bins)
{
	return spans[bins->span];
}

int64_t density_grid_begin(const struct density_grid *bins)
{
	return bins->first * spans[bins->span];
}

static int64_t divide_down(int64_t n, int64_t by)
{
	return n / by - (n % by < 0);
}

static void merge_column(struct density_grid *bins, size_t from, size_t to)
{
	if (from == to)
		return;
	for (size_t row = 0; row < DENSITY_GRID_ROWS; row++)
		for (size_t i = 0; i < OUTCOMES; i++)
			bins->count[to][row][i] += bins->count[from][row][i];
	memset(bins->count[from], 0, sizeof bins->count[from]);
}

/* Takes the next span; columns move to the front, or stay. */
static void widen_span(struct density_grid *bins)
{
	int64_t times = spans[bins->span + 1] / spans[bins->span];
	int64_t first = divide_down(bins->first, times);

	for (size_t i = 0; i < bins->used; i++)
		merge_column(
		    bins, i,
		    (size_t)(divide_down(bins->first + (int64_t)i, times) -
			     first));
	bins->used =
	    (size_t)(divide_down(bins->first + (int64_t)bins->used - 1, times) -
		     first) +
	    1;
	bins->first = first;
	bins->span++;
}

/* Makes room for earlier columns; the last one must fit. */
static void move_right(struct density_grid *bins, size_t columns)
{
	memmove(bins->count[columns], bins->count[0],
		bins->used * sizeof *bins->count);
	memset(bins->count[0], 0, columns * sizeof *bins->count);
	bins->first -= (int64_t)columns;
	bins->used += columns;
}

void density_grid_add(struct density_grid *bins, int64_t second,
		      unsigned int place, enum session_outcome outcome)
{
	size_t row = place * DENSITY_GRID_ROWS_DECADE / LOG_SCALE_DECADE;
	int64_t column;

	if (row >= DENSITY_GRID_ROWS)
		row = DENSITY_GRID_ROWS - 1;
	if (!bins->used) {
		bins->first = divide_down(second, spans[bins->span]);
		bins->used = 1;
	}
	for (;; widen_span(bins)) {
		int64_t last = bins->first + (int64_t)bins->used - 1;

		column = divide_down(second, spans[bins->span]);
		if (bins->span == SPANS - 1 ||
		    ((column < bins->first
			  ? last - column
			  : column - bins->first) < DENSITY_GRID_COLUMNS))
			break;
	}
	if (column < bins->first)
		move_right(bins, (size_t)(bins->first - column));
	column -= bins->first;
	if ((size_t)column >= bins->used)
		bins->used = (size_t)column + 1;
	bins->count[column][row][outcome]++;
}

uint64_t density_grid_sum(const struct density_grid *bins, size_t column,
			  enum session_outcome outcome)
{
	uint64_t sum = 0;

	for (size_t row = 0; row < DENSITY_GRID_ROWS; row++)
		sum += bins->count[column][row][outcome];
	return sum;
}
