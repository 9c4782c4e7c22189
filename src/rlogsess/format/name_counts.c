/*
 * Counts names in an array, in which each is looked up from the first on: logs
 * have a handful of them. Later names than fit are counted together. Names
 * come from a log, so they are escaped. Tested by tests/sh/rlogsess-tls.t.
 */
#include "rlogsess/format/name_counts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rlogsess/format/histogram.h"

void name_counts_add(struct name_counts *counts, const char *name,
		     uint64_t count)
{
	struct name_count *row = counts->row, *end = row + counts->rows;

	while (row < end && strncmp(row->name, name, NAME_COUNTS_NAME - 1) != 0)
		row++;
	if (row == counts->row + NAME_COUNTS_ROWS) {
		counts->others += count;
		return;
	}
	if (row == end) {
		snprintf(row->name, NAME_COUNTS_NAME, "%s", name);
		counts->rows++;
	}
	row->count += count;
}

/* By counts, then names. */
static int compare_name_counts(const void *a, const void *b)
{
	const struct name_count *p = a, *q = b;

	if (p->count != q->count)
		return p->count < q->count ? 1 : -1;
	return strcmp(p->name, q->name);
}

static void show_name_count(struct output *output, const struct name_count *row)
{
	char text[64];
	size_t len = strlen(row->name);

	output_field(output, row->name, len);
	for (size_t n = len; n < 20; n++)
		output_string(output, " ");
	snprintf(text, sizeof text, " %12llu\n",
		 (unsigned long long)row->count);
	output_string(output, text);
}

void name_counts_show(struct output *output, struct name_counts *counts)
{
	qsort(counts->row, counts->rows, sizeof *counts->row,
	      compare_name_counts);
	for (size_t i = 0; i < counts->rows; i++)
		show_name_count(output, &counts->row[i]);
	if (counts->others)
		histogram_row(output, "others", counts->others);
}
