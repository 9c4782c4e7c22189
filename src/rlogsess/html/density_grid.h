/*
 * Counts of groups by start, duration and outcome, in a table whose columns are
 * equal spans of time.  The span grows as needed, so that any times fit: the
 * counts of several columns become one.
 */
#ifndef DENSITY_GRID_H
#define DENSITY_GRID_H

#include <stdint.h>

#include "rlogsess/grouping/session_outcome.h"
#include "rlogsess/html/log_scale.h"

enum {
	DENSITY_GRID_COLUMNS = 240,
	DENSITY_GRID_ROWS_DECADE = 4,
	DENSITY_GRID_ROWS = LOG_SCALE_DECADES * DENSITY_GRID_ROWS_DECADE,
};

/* Zero-initialised is an empty table. */
struct density_grid {
	unsigned int span; /* index in the list of spans */
	int64_t first;     /* the first column: its time divided by the span */
	size_t used;       /* columns up to the last one with a count */
	uint32_t count[DENSITY_GRID_COLUMNS][DENSITY_GRID_ROWS][OUTCOMES];
};

/* Returns the nth span in seconds; 0 after the last one. */
int64_t density_grid_list_span(unsigned int n);

/* Returns the span of a column in seconds. */
int64_t density_grid_span(const struct density_grid *grid);

/* Returns the time at which the first column begins, in seconds. */
int64_t density_grid_begin(const struct density_grid *grid);

/* Counts a group that began at this second; place is that of log_scale.h. */
void density_grid_add(struct density_grid *grid, int64_t second,
		      unsigned int place, enum session_outcome outcome);

/* Returns the number of groups of an outcome in a column. */
uint64_t density_grid_sum(const struct density_grid *grid, size_t column,
			  enum session_outcome outcome);

#endif
