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

int64_t density_grid_span(const struct density_grid *grid)
{
	return spans[grid->span];
}

int64_t density_grid_begin(const struct density_grid *grid)
{
	return grid->first * spans[grid->span];
}

static int64_t divide_down(int64_t n, int64_t by)
{
	return n / by - (n % by < 0);
}

static void merge_column(struct density_grid *grid, size_t from, size_t to)
{
	if (from == to)
		return;
	for (size_t row = 0; row < DENSITY_GRID_ROWS; row++)
		for (size_t i = 0; i < OUTCOMES; i++)
			grid->count[to][row][i] += grid->count[from][row][i];
	memset(grid->count[from], 0, sizeof grid->count[from]);
}

/* Takes the next span; columns move to the front, or stay. */
static void widen_span(struct density_grid *grid)
{
	int64_t times = spans[grid->span + 1] / spans[grid->span];
	int64_t first = divide_down(grid->first, times);

	for (size_t i = 0; i < grid->used; i++)
		merge_column(
		    grid, i,
		    (size_t)(divide_down(grid->first + (int64_t)i, times) -
			     first));
	grid->used =
	    (size_t)(divide_down(grid->first + (int64_t)grid->used - 1, times) -
		     first) +
	    1;
	grid->first = first;
	grid->span++;
}

/* Makes room for earlier columns; the last one must fit. */
static void move_right(struct density_grid *grid, size_t columns)
{
	memmove(grid->count[columns], grid->count[0],
		grid->used * sizeof *grid->count);
	memset(grid->count[0], 0, columns * sizeof *grid->count);
	grid->first -= (int64_t)columns;
	grid->used += columns;
}

void density_grid_add(struct density_grid *grid, int64_t second,
		      unsigned int place, enum session_outcome outcome)
{
	size_t row = place * DENSITY_GRID_ROWS_DECADE / LOG_SCALE_DECADE;
	int64_t column;

	if (row >= DENSITY_GRID_ROWS)
		row = DENSITY_GRID_ROWS - 1;
	if (!grid->used) {
		grid->first = divide_down(second, spans[grid->span]);
		grid->used = 1;
	}
	for (;; widen_span(grid)) {
		int64_t last = grid->first + (int64_t)grid->used - 1;

		column = divide_down(second, spans[grid->span]);
		if (grid->span == SPANS - 1 ||
		    ((column < grid->first
			  ? last - column
			  : column - grid->first) < DENSITY_GRID_COLUMNS))
			break;
	}
	if (column < grid->first)
		move_right(grid, (size_t)(grid->first - column));
	column -= grid->first;
	if ((size_t)column >= grid->used)
		grid->used = (size_t)column + 1;
	grid->count[column][row][outcome]++;
}

uint64_t density_grid_sum(const struct density_grid *grid, size_t column,
			  enum session_outcome outcome)
{
	uint64_t sum = 0;

	for (size_t row = 0; row < DENSITY_GRID_ROWS; row++)
		sum += grid->count[column][row][outcome];
	return sum;
}
