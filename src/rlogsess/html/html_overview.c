/*
 * Pictures by columns.  Both have 100 units a column from left to right, and
 * stretch to the width of the page; labels and lines are outside of the
 * stretched elements.  Paths hold all shapes of one colour, so that a picture
 * has few elements.  Tested by tests/sh/rlogsess-html.t.
 */
#include "rlogsess/html/html_overview.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "rlogsess/line_time.h"

enum {
	UNITS = 100,        /* of a column */
	COLUMNS_LEAST = 24, /* that are drawn */
	HEIGHT = 1000,      /* units */
	TICKS = 8,
	LEVELS = 4, /* of the opacity of cells */
	BARS_HEIGHT = 72,
	DOTS_TOP = 92,
	DOTS_HEIGHT = 208,
	LABELS_AT = 316,
	LAST_LABEL = 94, /* percent */
};

#define SECOND INT64_C(1000000000)

static int64_t find_offset(int64_t time)
{
	time_t seconds = (time_t)(time / SECOND);
	struct tm local;

	return localtime_r(&seconds, &local) ? local.tm_gmtoff * SECOND : 0;
}

static void add_span(struct html_overview *overview, int64_t first,
		     int64_t last)
{
	if (!overview->placed) {
		overview->placed = true;
		overview->offset = find_offset(first);
		overview->first = first;
		overview->last = last;
	}
	if (first < overview->first)
		overview->first = first;
	if (last > overview->last)
		overview->last = last;
}

static int64_t floor_seconds(int64_t time)
{
	return time / SECOND - (time % SECOND < 0);
}

void html_overview_add(struct html_overview *overview,
		       const struct group *group, enum session_outcome outcome)
{
	unsigned int place;
	int64_t time;

	overview->groups++;
	overview->outcome[outcome]++;
	if (group->first == LINE_TIME_NONE) {
		overview->timeless++;
		return;
	}
	add_span(overview, group->first, group->last);
	place = log_scale_place(group->last - group->first);
	time = group->first + overview->offset;
	density_grid_add(&overview->grid, floor_seconds(time), place, outcome);
	if (overview->dots < HTML_OVERVIEW_DOTS)
		overview->dot[overview->dots] = (struct html_dot){
		    time, group->number, (uint16_t)place, (uint8_t)outcome};
	overview->dots += overview->dots <= HTML_OVERVIEW_DOTS;
}

/* The frame of both pictures. */
struct frame {
	const struct html_overview *overview;
	struct output *output;
	size_t columns;
	unsigned int low, high; /* places of durations, whole decades */
	uint64_t most;          /* groups of one column */
};

static void __attribute__((format(printf, 2, 3)))
write_format(struct output *output, const char *format, ...)
{
	char text[256];
	va_list list;

	va_start(list, format);
	vsnprintf(text, sizeof text, format, list);
	va_end(list);
	output_string(output, text);
}

static bool has_row(const struct density_grid *grid, size_t row)
{
	for (size_t i = 0; i < grid->used; i++)
		for (size_t k = 0; k < OUTCOMES; k++)
			if (grid->count[i][row][k])
				return true;
	return false;
}

/* Finds the decades that have groups, at least three. */
static void find_decades(struct frame *frame)
{
	const struct density_grid *grid = &frame->overview->grid;
	size_t low = 0, high = DENSITY_GRID_ROWS;

	while (low < high && !has_row(grid, low))
		low++;
	while (high > low && !has_row(grid, high - 1))
		high--;
	low = low / DENSITY_GRID_ROWS_DECADE;
	high = (high + DENSITY_GRID_ROWS_DECADE - 1) / DENSITY_GRID_ROWS_DECADE;
	while (high - low < 3)
		if (low > 0)
			low--;
		else
			high++;
	frame->low = (unsigned int)low * LOG_SCALE_DECADE;
	frame->high = (unsigned int)high * LOG_SCALE_DECADE;
}

static uint64_t sum_column(const struct density_grid *grid, size_t column)
{
	uint64_t sum = 0;

	for (size_t k = 0; k < OUTCOMES; k++)
		sum += density_grid_sum(grid, column, (enum session_outcome)k);
	return sum;
}

static void find_frame(struct frame *frame)
{
	const struct density_grid *grid = &frame->overview->grid;

	frame->columns =
	    grid->used > COLUMNS_LEAST ? grid->used : COLUMNS_LEAST;
	for (size_t i = 0; i < grid->used; i++)
		if (sum_column(grid, i) > frame->most)
			frame->most = sum_column(grid, i);
	find_decades(frame);
}

static void begin_plot(const struct frame *frame, int top, int height)
{
	write_format(frame->output,
		     "<svg class=plot y=%d width=\"100%%\" height=%d "
		     "viewBox=\"0 0 %zu %d\" preserveAspectRatio=none>\n",
		     top, height, frame->columns * UNITS, HEIGHT);
}

/* The bars of an outcome stand on those of the outcomes before it. */
static void write_bars_of(const struct frame *frame,
			  enum session_outcome outcome)
{
	const struct density_grid *grid = &frame->overview->grid;

	write_format(frame->output, "<path class=\"bar %s\" d=\"",
		     session_outcome_name(outcome));
	for (size_t i = 0; i < grid->used; i++) {
		uint64_t count = density_grid_sum(grid, i, outcome), below = 0;

		for (size_t k = 0; k < (size_t)outcome; k++)
			below +=
			    density_grid_sum(grid, i, (enum session_outcome)k);
		if (count)
			write_format(
			    frame->output,
			    "M%zu %" PRIu64 "h%dV%" PRIu64 "h-%dz",
			    i * UNITS + 6,
			    HEIGHT - below * HEIGHT / frame->most, UNITS - 12,
			    HEIGHT - (below + count) * HEIGHT / frame->most,
			    UNITS - 12);
	}
	output_string(frame->output, "\"/>\n");
}

static void write_bars(const struct frame *frame)
{
	begin_plot(frame, 0, BARS_HEIGHT);
	for (size_t k = 0; k < OUTCOMES; k++)
		if (frame->overview->outcome[k])
			write_bars_of(frame, (enum session_outcome)k);
	output_string(frame->output, "</svg>\n");
}

static unsigned int find_height(const struct frame *frame, unsigned int place)
{
	return HEIGHT -
	       (place - frame->low) * HEIGHT / (frame->high - frame->low);
}

static void write_dot(const struct frame *frame, const struct html_dot *dot,
		      bool linked)
{
	const struct density_grid *grid = &frame->overview->grid;
	int64_t begin = density_grid_begin(grid);
	double x = ((double)dot->time / 1e9 - (double)begin) * UNITS /
		   (double)density_grid_span(grid);

	if (linked)
		write_format(frame->output,
			     "<a href=\"#s%" PRIu64 "\" tabindex=-1>",
			     dot->number);
	write_format(frame->output, "<path d=\"M%.1f %uh0\"/>", x,
		     find_height(frame, dot->place));
	output_string(frame->output, linked ? "</a>\n" : "\n");
}

/* Dots of the worst outcomes, which are the first ones, are drawn last. */
static void write_dots(const struct frame *frame,
		       const struct worst_parts *kept)
{
	const struct html_overview *overview = frame->overview;

	for (size_t k = OUTCOMES; k-- > 0;) {
		if (!overview->outcome[k])
			continue;
		write_format(frame->output, "<g class=\"dot %s\">\n",
			     session_outcome_name((enum session_outcome)k));
		for (size_t i = 0; i < overview->dots; i++)
			if (overview->dot[i].outcome == k)
				write_dot(frame, &overview->dot[i],
					  worst_parts_has(
					      kept, overview->dot[i].number));
		output_string(frame->output, "</g>\n");
	}
}

static uint64_t sum_cell(const uint32_t count[OUTCOMES])
{
	uint64_t sum = 0;

	for (size_t k = 0; k < OUTCOMES; k++)
		sum += count[k];
	return sum;
}

/* 0 to LEVELS - 1: 1, up to 3, up to 15, more. */
static size_t find_level(uint64_t count)
{
	return (count > 1) + (count > 3) + (count > 15);
}

/* A cell, which outcomes divide from the bottom to the top. */
static void write_density_cell(const struct frame *frame, size_t column,
			       size_t row, size_t outcome)
{
	const uint32_t *count = frame->overview->grid.count[column][row];
	unsigned int step = LOG_SCALE_DECADE / DENSITY_GRID_ROWS_DECADE;
	unsigned int y = find_height(frame, (unsigned int)row * step);
	unsigned int height =
	    y - find_height(frame, (unsigned int)(row + 1) * step);
	uint64_t least = sum_cell(count) / 4, all = 0, below = 0, own = 0;

	for (size_t k = 0; k < OUTCOMES; k++) {
		uint64_t share =
		    count[k] && count[k] < least ? least : count[k];

		all += share;
		below += k < outcome ? share : 0;
		own = k == outcome ? share : own;
	}
	write_format(frame->output, "M%zu %" PRIu64 "h%dv-%" PRIu64 "h-%dz",
		     column * UNITS, y - below * height / all, UNITS,
		     own * height / all, UNITS);
}

static void write_cells_of(const struct frame *frame, size_t outcome,
			   size_t level)
{
	const struct density_grid *grid = &frame->overview->grid;

	write_format(frame->output, "<path class=\"cell %s l%zu\" d=\"",
		     session_outcome_name((enum session_outcome)outcome),
		     level);
	for (size_t i = 0; i < grid->used; i++)
		for (size_t row = 0; row < DENSITY_GRID_ROWS; row++)
			if (grid->count[i][row][outcome] &&
			    find_level(sum_cell(grid->count[i][row])) == level)
				write_density_cell(frame, i, row, outcome);
	output_string(frame->output, "\"/>\n");
}

static void write_cells(const struct frame *frame)
{
	for (size_t k = OUTCOMES; k-- > 0;)
		for (size_t level = 0; level < LEVELS; level++)
			if (frame->overview->outcome[k])
				write_cells_of(frame, k, level);
}

static unsigned int find_decade_y(const struct frame *frame, unsigned int place)
{
	return DOTS_TOP + find_height(frame, place) * DOTS_HEIGHT / HEIGHT;
}

static void write_decades(const struct frame *frame)
{
	for (unsigned int place = frame->low; place <= frame->high;
	     place += LOG_SCALE_DECADE) {
		unsigned int y = find_decade_y(frame, place);

		write_format(frame->output,
			     "<line x1=0 x2=\"100%%\" y1=%u y2=%u></line>\n", y,
			     y);
	}
}

static void name_decades(const struct frame *frame)
{
	static const char *const names[LOG_SCALE_DECADES + 1] = {
	    "1 ms",  "10 ms",  "0.1 s", "1 s",  "10 s",
	    "100 s", "1000 s", "2.8 h", "28 h", "12 d",
	};

	for (unsigned int place = frame->low; place <= frame->high;
	     place += LOG_SCALE_DECADE)
		write_format(frame->output,
			     "<text class=y x=2 y=%u>%s</text>\n",
			     find_decade_y(frame, place) - 3,
			     names[place / LOG_SCALE_DECADE]);
}

/* Finds the shortest step of which at most TICKS fit. */
static int64_t find_step(const struct frame *frame)
{
	int64_t range =
	    (int64_t)frame->columns * density_grid_span(&frame->overview->grid);
	unsigned int n = 0;

	while (density_grid_list_span(n + 1) &&
	       range / density_grid_list_span(n) > TICKS)
		n++;
	return density_grid_list_span(n);
}

static void write_tick(const struct frame *frame, int64_t second, int64_t step,
		       double x)
{
	time_t time = (time_t)second;
	struct tm date;
	char label[48];
	size_t n = sizeof label;

	if (!gmtime_r(&time, &date))
		return;
	if (step < 60)
		snprintf(label, n, "%02d:%02d:%02d", date.tm_hour, date.tm_min,
			 date.tm_sec);
	else if (second % 86400)
		snprintf(label, n, "%02d:%02d", date.tm_hour, date.tm_min);
	else
		snprintf(label, n, "%d-%02d-%02d", 1900 + date.tm_year,
			 date.tm_mon + 1, date.tm_mday);
	write_format(frame->output,
		     "<line class=t x1=\"%.2f%%\" x2=\"%.2f%%\" y1=0 "
		     "y2=%d></line>\n",
		     x, x, DOTS_TOP + DOTS_HEIGHT);
	if (x <= LAST_LABEL)
		write_format(frame->output,
			     "<text class=t x=\"%.2f%%\" y=%d>%s</text>\n", x,
			     LABELS_AT, label);
}

static void write_ticks(const struct frame *frame)
{
	const struct density_grid *grid = &frame->overview->grid;
	int64_t begin = density_grid_begin(grid), step = find_step(frame);
	int64_t range = (int64_t)frame->columns * density_grid_span(grid);
	int64_t tick = begin - begin % step;

	if (tick < begin)
		tick += step;
	for (; tick < begin + range; tick += step)
		write_tick(frame, tick, step,
			   (double)(tick - begin) * 100 / (double)range);
}

static const char *name_span(char text[48], int64_t span)
{
	if (span % 86400 == 0)
		snprintf(text, 48, "%d day%s", (int)(span / 86400),
			 span == 86400 ? "" : "s");
	else if (span % 3600 == 0)
		snprintf(text, 48, "%d h", (int)(span / 3600));
	else if (span % 60 == 0)
		snprintf(text, 48, "%d min", (int)(span / 60));
	else
		snprintf(text, 48, "%d s", (int)span);
	return text;
}

static void write_caption(const struct frame *frame)
{
	char text[48];

	write_format(frame->output,
		     "<figcaption>Bars: starts in %s, at most %" PRIu64
		     ". %s: duration over start.",
		     name_span(text, density_grid_span(&frame->overview->grid)),
		     frame->most,
		     frame->overview->dots > HTML_OVERVIEW_DOTS ? "Cells"
								: "Dots");
	if (frame->overview->timeless)
		write_format(frame->output,
			     " %" PRIu64 " without a time are not drawn.",
			     frame->overview->timeless);
	output_string(frame->output, "</figcaption>");
}

void html_overview_write(const struct html_overview *overview,
			 struct output *output, const struct worst_parts *kept)
{
	struct frame frame = {.overview = overview, .output = output};

	if (!overview->placed)
		return;
	find_frame(&frame);
	write_format(
	    output,
	    "<figure><svg id=overview aria-hidden=true width=\"100%%\" "
	    "height=%d data-begin=%" PRId64 " data-range=%" PRId64 ">\n",
	    LABELS_AT + 6,
	    density_grid_begin(&overview->grid) - overview->offset / SECOND,
	    (int64_t)frame.columns * density_grid_span(&overview->grid));
	write_ticks(&frame);
	write_decades(&frame);
	write_bars(&frame);
	begin_plot(&frame, DOTS_TOP, DOTS_HEIGHT);
	if (overview->dots > HTML_OVERVIEW_DOTS)
		write_cells(&frame);
	else
		write_dots(&frame, kept);
	output_string(output, "</svg>\n");
	name_decades(&frame);
	output_string(output, "</svg>");
	write_caption(&frame);
	output_string(output, "</figure>\n");
}
