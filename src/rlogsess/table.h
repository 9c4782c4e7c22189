/*
 * Rows of a table: fields with TABs between, or aligned, for a terminal. A
 * field is never empty, and holds no TAB and nothing that drives a terminal.
 */
#ifndef TABLE_H
#define TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/output.h"

struct table_column {
	const char *name;
	int width; /* negative: numbers, to the right; 0: the last one */
};

/* A row that is written; next is the column that comes. */
struct table_row {
	struct output *out;
	const struct table_column *column;
	bool wide;
	int next;
};

/* The names of so many columns. */
void table_head(struct output *out, const struct table_column *column, int n);

void table_field(struct table_row *row, const char *text, size_t len);
void table_string(struct table_row *row, const char *text);
void table_number(struct table_row *row, uint64_t number);

/* A time, and how long it took until end; LINE_TIME_NONE: not known. */
void table_time(struct table_row *row, int64_t time);
void table_seconds(struct table_row *row, int64_t time, int64_t end);

void table_end(struct table_row *row);

#endif
