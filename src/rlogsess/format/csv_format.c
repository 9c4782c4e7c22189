/*
 * The form csv (RFC 4180): a line of names, then a line for each group, with
 * the chosen fields of the form json, or all but lines and deliveries.  Lines
 * end with CR and LF; a value that is not known is empty; a list has commas
 * between its values. Text is escaped as in the form table, so that no value
 * holds a newline; the first byte of a text that a spreadsheet would take for a
 * formula is escaped, too.  Tested by tests/sh/rlogsess-csv.t.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rlogsess/format/column_choice.h"
#include "rlogsess/format/format.h"

static bool is_formula(struct slice text)
{
	return text.len && memchr("=+-@", *text.at, 4);
}

static void write_csv_cell(struct output *output, struct slice text)
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

enum { VALUE_ROOM = FIELDS_CODES };
_Static_assert((int)VALUE_ROOM >= (int)STRING_LIST_ROOM &&
		   (int)VALUE_ROOM >= (int)LINE_TIME_TEXT,
	       "room for a list, or a time");

static void write_value(struct output *output, const struct field *field)
{
	char text[VALUE_ROOM];
	size_t len;

	switch (field->type) {
	case FIELD_NUMBER: output_number(output, field->number); break;
	case FIELD_TEXT:
	case FIELD_NAMES: write_csv_cell(output, field->text); break;
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
		write_csv_cell(output, (struct slice){text, len});
		break;
	case FIELD_CODES:
		len = fields_list_codes(field, text);
		write_csv_cell(output, (struct slice){text, len});
		break;
	case FIELD_LINES:
	case FIELD_ROWS: break;
	}
}

/* Writes the values of the chosen columns, or their names. */
static void write_csv_line(struct format_run *run, const struct fields *fields,
			   bool names)
{
	const struct column_choice *choice = run->state;
	struct output *output = run->output;

	for (size_t i = 0; i < choice->count; i++) {
		const struct field *field = &fields->field[choice->field[i]];

		if (i > 0)
			output_string(output, ",");
		if (names)
			output_string(output, field->name);
		else if (!field->absent)
			write_value(output, field);
	}
	output_string(output, "\r");
	output_end_line(output, true);
}

static int begin_csv(struct format_run *run)
{
	struct fields fields = {.count = 0};
	struct slice bad;

	if (column_choice_list(run->options.grouper->grouping, &fields) < 0)
		return -1;
	column_choice_parse(run->state, &fields, run->options.columns, &bad);
	write_csv_line(run, &fields, true);
	return 0;
}

static int write_csv_group(struct format_run *run, const struct group *group)
{
	struct fields fields = {.count = 0};

	run->options.grouper->grouping->list_fields(group, &fields);
	write_csv_line(run, &fields, false);
	return 0;
}

const struct format format_csv = {
    .state_size = sizeof(struct column_choice),
    .list_columns = column_choice_list,
    .begin = begin_csv,
    .group = write_csv_group,
};
