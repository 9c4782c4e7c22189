/*
 * The overview of a page: a bar for each span of time, divided by outcomes, and
 * a dot for each group at its start and duration.  All groups are counted; for
 * many of them cells replace dots.
 */
#ifndef HTML_OVERVIEW_H
#define HTML_OVERVIEW_H

#include "rlogsess/html/density_grid.h"
#include "rlogsess/html/worst_parts.h"

enum { HTML_OVERVIEW_DOTS = 2000 };

struct html_dot {
	int64_t time; /* nanoseconds, local */
	uint64_t number;
	uint16_t place;
	uint8_t outcome;
};

/* Zero-initialised is an overview of no group. */
struct html_overview {
	uint64_t groups, outcome[OUTCOMES];
	uint64_t timeless;   /* groups without a time */
	int64_t first, last; /* times of all lines, nanoseconds */
	bool placed;         /* a group has had a time */
	int64_t offset;      /* of local time, nanoseconds */
	size_t dots;
	struct html_dot dot[HTML_OVERVIEW_DOTS];
	struct density_grid grid;
};

/* Counts a group; its times may be LINE_TIME_NONE. */
void html_overview_add(struct html_overview *overview,
		       const struct group *group, enum session_outcome outcome);

/* Writes the pictures, with links to the groups that are kept. */
void html_overview_write(const struct html_overview *overview,
			 struct output *output, const struct worst_parts *kept);

#endif
