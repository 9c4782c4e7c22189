/*
 * The form csv (RFC 4180): a line of names, then a line for each group, with
 * the fields of the form json but for lines and deliveries.  Lines end with CR
 * and LF; a value that is not known is empty; a list has commas between its
 * values. Text is escaped as in the form table, so that no value holds a
 * newline; the first byte of a text that a spreadsheet would take for a formula
 * is escaped, too.  Tested by tests/sh/rlogsess-csv.t.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rlogsess/format/format.h"

/* Each code that a set may have takes at most three digits and a comma. */
enum { CODES_TEXT = 1024 * 4 };

static bool is_column(const struct field *field)
{
	return field->type != FIELD_LINES && field->type != FIELD_ROWS;
}

static bool is_formula(struct slice text)
{
	return text.len && memchr("=+-@", *text.at, 4);
}

static void write_cell(struct output *output, struct slice text)
{
	bool quoted = text.len && (memchr(text.at, ',', text.len) ||
				   memchr(text.at, '"', text.len));
	char escape[8];
	struct slice part;

	if (quoted)
		output_string(output, "\"");
	if (is_formula(text)) {
		snprintf(escape, sizeof escape, "\\x%02x", *text.at);
		output_string(output, escape);
		slice_skip(&text, 1);
	}
	while (text.len && memchr(text.at, '"', text.len)) {
		part = slice_until(&text, '"');
		output_field(output, part.at, part.len);
		output_string(output, "\"\"");
	}
	output_field(output, text.at, text.len);
	if (quoted)
		output_string(output, "\"");
}

static void write_codes_cell(struct output *output, const struct field *field)
{
	char text[CODES_TEXT];
	size_t len = 0;

	for (unsigned int code = 0; code < field->codes_end; code++)
		if (fields_has_code(field, code) && len < sizeof text - 8)
			len += (size_t)snprintf(text + len, sizeof text - len,
						"%s%u", len ? "," : "", code);
	write_cell(output, (struct slice){text, len});
}

_Static_assert((int)STRING_LIST_ROOM >= (int)LINE_TIME_TEXT,
	       "room for a list, or a time");

static void write_value(struct output *output, const struct field *field)
{
	char text[STRING_LIST_ROOM];
	size_t len;

	switch (field->type) {
	case FIELD_NUMBER: output_number(output, field->number); break;
	case FIELD_TEXT:
	case FIELD_NAMES: write_cell(output, field->text); break;
	case FIELD_TIME:
		len = line_time_format_utc(text, field->time);
		output_bytes(output, text, len);
		break;
	case FIELD_SECONDS:
		len = line_time_format_seconds(text, field->time);
		output_bytes(output, text, len);
		break;
	case FIELD_FLAG: output_string(output, "true"); break;
	case FIELD_STRINGS:
		len = string_list_join(field->strings, text);
		write_cell(output, (struct slice){text, len});
		break;
	case FIELD_CODES: write_codes_cell(output, field); break;
	case FIELD_LINES:
	case FIELD_ROWS: break;
	}
}

/* Writes the values of all columns, or their names. */
static void write_csv_line(struct output *output, const struct fields *fields,
			   bool names)
{
	const struct field *field = fields->field, *end = field + fields->count;
	const char *comma = "";

	for (; field < end; field++) {
		if (!is_column(field))
			continue;
		output_string(output, comma);
		comma = ",";
		if (names)
			output_string(output, field->name);
		else if (!field->absent)
			write_value(output, field);
	}
	output_string(output, "\r");
	output_end_line(output, true);
}

/* The names are those of a group without lines. */
static int begin_csv(struct format_run *run)
{
	const struct grouping *grouping = run->options.grouper->grouping;
	struct fields fields = {.count = 0};
	struct group *blank = calloc(1, grouping->group_size);

	if (!blank)
		return -1;
	grouping->list_fields(blank, &fields);
	write_csv_line(run->output, &fields, true);
	free(blank);
	return 0;
}

static int write_csv_group(struct format_run *run, const struct group *group)
{
	struct fields fields = {.count = 0};

	run->options.grouper->grouping->list_fields(group, &fields);
	write_csv_line(run->output, &fields, false);
	return 0;
}

const struct format format_csv = {
    .begin = begin_csv,
    .group = write_csv_group,
};
