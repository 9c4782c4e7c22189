/*
 * The form json: a line with an object for each group.  A value that is not
 * known has no member.  The object of a delivery is composed when the delivery
 * ends, and its message holds that text until its own object is written.
 * Tested by tests/sh/rlogsess-sessions.t and rlogsess-filters.t.
 */
#include <string.h>

#include "base/json.h"
#include "rlogsess/format/format.h"
#include "rlogsess/line_time.h"

/* The longest text of qmail-send about a delivery that is shown. */
enum { WHY_MAX = 4096 };

static void add_strings(struct json *json, const struct field *field)
{
	json_open_array(json, field->name);
	for (const char *p = NULL; (p = string_list_next(field->strings, p));)
		json_string(json, NULL, p);
	json_close_array(json);
}

static void add_codes(struct json *json, const struct field *field)
{
	json_open_array(json, field->name);
	for (unsigned int code = 0; code < field->codes_end; code++)
		if (fields_has_code(field, code))
			json_number(json, NULL, code);
	json_close_array(json);
}

static void add_names(struct json *json, const struct field *field)
{
	struct slice names = field->text, name;

	json_open_array(json, field->name);
	while (names.len) {
		name = slice_until(&names, ',');
		json_plain(json, NULL, name.at, name.len);
	}
	json_close_array(json);
}

static void add_json_line(void *json, const char *line, size_t len)
{
	json_text(json, NULL, line, len);
}

static void add_json_row(void *json, const char *row, size_t len)
{
	json_value(json, NULL, row, len);
}

static int add_spooled(struct json *json, const struct field *field,
		       struct line_spool_store *store,
		       void (*add)(void *json, const char *text, size_t len))
{
	json_open_array(json, field->name);
	if (line_spool_each_line(store, field->spool, add, json) < 0)
		return -1;
	json_close_array(json);
	return 0;
}

static int add_member(struct json *json, const struct field *field,
		      struct line_spool_store *store)
{
	const char *name = field->name;
	char text[LINE_TIME_TEXT];

	switch (field->type) {
	case FIELD_NUMBER: json_number(json, name, field->number); break;
	case FIELD_TEXT:
		json_text(json, name, field->text.at, field->text.len);
		break;
	case FIELD_TIME:
		json_plain(json, name, text,
			   line_time_format_utc(text, field->time));
		break;
	case FIELD_SECONDS:
		json_value(json, name, text,
			   line_time_format_seconds(text, field->time));
		break;
	case FIELD_FLAG: json_bool(json, name, true); break;
	case FIELD_STRINGS: add_strings(json, field); break;
	case FIELD_CODES: add_codes(json, field); break;
	case FIELD_NAMES: add_names(json, field); break;
	case FIELD_LINES: return add_spooled(json, field, store, add_json_line);
	case FIELD_ROWS: return add_spooled(json, field, store, add_json_row);
	}
	return 0;
}

static int add_members(struct json *json, const struct fields *fields,
		       struct line_spool_store *store)
{
	const struct field *field = fields->field, *end = field + fields->count;

	for (; field < end; field++)
		if (!field->absent && add_member(json, field, store) < 0)
			return -1;
	return 0;
}

static int write_group_object(struct format_run *run, const struct group *group)
{
	struct grouper *grouper = run->options.grouper;
	struct fields fields = {.count = 0};
	struct json json;

	grouper->grouping->list_fields(group, &fields);
	json_init(&json, run->output);
	json_open_object(&json, NULL);
	if (add_members(&json, &fields, &grouper->store) < 0)
		return -1;
	json_close_object(&json);
	output_end_line(run->output, true);
	return 0;
}

static int hold_delivery_object(struct format_run *run,
				const struct mail_result *result)
{
	struct mail_result short_result = *result;
	struct fields fields = {.count = 0};
	struct output output;
	struct json json;
	struct slice row;

	if (!result->mail)
		return 0;
	if (short_result.why.len > WHY_MAX)
		short_result.why.len = WHY_MAX;
	qmail_list_result(&short_result, &fields);
	output_init(&output, -1);
	json_init(&json, &output);
	json_open_object(&json, NULL);
	add_members(&json, &fields, NULL);
	json_close_object(&json);
	row.at = output_composed(&output, &row.len);
	group_table_hold_row(&run->options.grouper->log->table,
			     &result->mail->group, row);
	return 0;
}

const struct format format_json = {
    .holds_lines = format_always,
    .collects_results = true,
    .group = write_group_object,
    .result = hold_delivery_object,
};
