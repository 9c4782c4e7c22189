/*
 * Choices of columns.  All groups of a grouping have the same fields in the
 * same order, so that a name is looked up once, and stands for an index from
 * then on.  Tested by tests/sh/rlogsess-columns.t.
 */
#include "rlogsess/format/column_choice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Lines and rows are no columns. */
static bool is_column(const struct field *field)
{
	return field->type != FIELD_LINES && field->type != FIELD_ROWS;
}

/* Returns the index of the column of this name, or the number of fields. */
static size_t find_column(const struct fields *fields, struct slice name)
{
	size_t i = 0;

	while (i < fields->count && !(is_column(&fields->field[i]) &&
				      slice_equal(name, fields->field[i].name)))
		i++;
	return i;
}

static void choose_all(struct column_choice *choice,
		       const struct fields *fields)
{
	for (size_t i = 0; i < fields->count; i++)
		if (is_column(&fields->field[i]))
			choice->field[choice->count++] = i;
}

int column_choice_parse(struct column_choice *choice,
			const struct fields *fields, const char *list,
			struct slice *bad)
{
	struct slice rest = {list, list ? strlen(list) : 0};
	size_t n;

	choice->count = 0;
	if (!list) {
		choose_all(choice, fields);
		return 0;
	}
	do {
		*bad = slice_until(&rest, ',');
		n = find_column(fields, *bad);
		if (n == fields->count || choice->count == COLUMN_CHOICE_MAX)
			return -1;
		choice->field[choice->count++] = n;
	} while (rest.len || bad->at[bad->len] == ',');
	return 0;
}

void column_choice_names(char text[COLUMN_CHOICE_NAMES],
			 const struct fields *fields)
{
	struct column_choice all = {0};
	size_t len = 0;

	choose_all(&all, fields);
	*text = 0;
	for (size_t i = 0; i < all.count && len < COLUMN_CHOICE_NAMES; i++)
		len += (size_t)snprintf(text + len, COLUMN_CHOICE_NAMES - len,
					"%s%s",
					i == 0               ? ""
					: i == all.count - 1 ? " or "
							     : ", ",
					fields->field[all.field[i]].name);
}

int column_choice_list(const struct grouping *grouping, struct fields *fields)
{
	struct group *blank = calloc(1, grouping->group_size);

	if (!blank)
		return -1;
	grouping->list_fields(blank, fields);
	free(blank);
	return 0;
}
