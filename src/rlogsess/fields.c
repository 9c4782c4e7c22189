/*
 * Lists of fields.  A list points into the group that it describes and is valid
 * until the group changes.  Every group of one grouping has the same names in
 * the same order: a value that is not known is absent, not left out, so that a
 * format with columns can count on them.  Tested by tests/sh/rlogsess-csv.t and
 * tests/sh/json-schema.t.
 */
#include "rlogsess/fields.h"

#include <stdio.h>
#include <string.h>

#include "rlogsess/line_time.h"

static struct field *append_field(struct fields *fields, const char *name,
				  enum field_type type)
{
	struct field *field = &fields->field[fields->count++];

	field->name = name;
	field->type = type;
	field->absent = false;
	return field;
}

void fields_number(struct fields *fields, const char *name, uint64_t number)
{
	append_field(fields, name, FIELD_NUMBER)->number = number;
}

void fields_text(struct fields *fields, const char *name, struct slice text)
{
	struct field *field = append_field(fields, name, FIELD_TEXT);

	field->text = text;
	field->absent = text.len == 0;
}

void fields_string(struct fields *fields, const char *name, const char *text)
{
	fields_text(fields, name, (struct slice){text, strlen(text)});
}

void fields_time(struct fields *fields, const char *name, int64_t time)
{
	struct field *field = append_field(fields, name, FIELD_TIME);

	field->time = time;
	field->absent = time == LINE_TIME_NONE;
}

void fields_seconds(struct fields *fields, const char *name, int64_t begin,
		    int64_t end)
{
	struct field *field = append_field(fields, name, FIELD_SECONDS);

	field->absent = begin == LINE_TIME_NONE || end == LINE_TIME_NONE;
	field->time = field->absent ? LINE_TIME_NONE : end - begin;
}

void fields_flag(struct fields *fields, const char *name, bool flag)
{
	append_field(fields, name, FIELD_FLAG)->absent = !flag;
}

void fields_strings(struct fields *fields, const char *name,
		    const struct string_list *strings)
{
	append_field(fields, name, FIELD_STRINGS)->strings = strings;
}

void fields_codes(struct fields *fields, const char *name,
		  const uint64_t *codes, unsigned int codes_end)
{
	struct field *field = append_field(fields, name, FIELD_CODES);

	field->codes = codes;
	field->codes_end = codes_end;
}

bool fields_has_code(const struct field *field, unsigned int code)
{
	return field->codes[code / 64] >> code % 64 & 1;
}

size_t fields_list_codes(const struct field *field, char text[FIELDS_CODES])
{
	size_t len = 0;

	for (unsigned int code = 0; code < field->codes_end; code++)
		if (fields_has_code(field, code) && len < FIELDS_CODES - 8)
			len += (size_t)snprintf(text + len, FIELDS_CODES - len,
						"%s%u", len ? "," : "", code);
	return len;
}

void fields_if(struct fields *fields, bool known)
{
	if (!known)
		fields->field[fields->count - 1].absent = true;
}

enum { MARKS = 6 }; /* those of enum group_mark, and lines-missing */

static size_t join_marks(char text[FIELDS_MARKS], unsigned int marks,
			 bool lines_missing, const char *const names[MARKS])
{
	size_t len = 0;

	if (lines_missing)
		marks |= 1u << (MARKS - 1);
	*text = 0;
	for (size_t i = 0; i < MARKS; i++)
		if (marks >> i & 1)
			len +=
			    (size_t)snprintf(text + len, FIELDS_MARKS - len,
					     "%s%s", len ? "," : "", names[i]);
	return len;
}

static size_t join_mark_names(char text[FIELDS_MARKS], unsigned int marks,
			      bool lines_missing)
{
	static const char *const names[MARKS] = {
	    "no-start", "open", "no-end", "quiet", "crowded", "lines-missing"};

	return join_marks(text, marks, lines_missing, names);
}

size_t fields_mark_words(char text[FIELDS_MARKS], unsigned int marks,
			 bool lines_missing)
{
	static const char *const words[MARKS] = {
	    "began before", "goes on", "no-end",
	    "quiet",        "crowded", "lines-missing"};

	return join_marks(text, marks, lines_missing, words);
}

void fields_marks(struct fields *fields, const struct group *group,
		  bool lines_missing)
{
	struct field *field = append_field(fields, "marks", FIELD_NAMES);

	field->text.at = fields->marks;
	field->text.len =
	    join_mark_names(fields->marks, group->marks, lines_missing);
	field->words.at = fields->words;
	field->words.len =
	    fields_mark_words(fields->words, group->marks, lines_missing);
}

void fields_held(struct fields *fields, const struct group *group,
		 const char *rows)
{
	if (rows)
		append_field(fields, rows, FIELD_ROWS)->spool = &group->rows;
	fields_number(fields, "lines_left_out", group->held.left_out);
	fields_string(fields, "source", group->source ? group->source : "");
	append_field(fields, "lines", FIELD_LINES)->spool = &group->held;
}
