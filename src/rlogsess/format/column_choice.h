/* The columns of a table that a user has chosen, by the names of fields. */
#ifndef COLUMN_CHOICE_H
#define COLUMN_CHOICE_H

#include <stddef.h>

#include "rlogsess/fields.h"
#include "rlogsess/grouping/grouping.h"

enum { COLUMN_CHOICE_MAX = 64, COLUMN_CHOICE_NAMES = 512 };

struct column_choice {
	size_t count;
	size_t field[COLUMN_CHOICE_MAX]; /* indices in the list of fields */
};

/*
 * Chooses the columns in list, names of fields with commas between, or all that
 * can be columns if list is NULL.  Returns 0, or -1 with the word that is no
 * name, or is one too many, in *bad.
 */
int column_choice_parse(struct column_choice *choice,
			const struct fields *fields, const char *list,
			struct slice *bad);

/* Writes the names of all columns, "a, b or c", and a NUL; cut if too long. */
void column_choice_names(char text[COLUMN_CHOICE_NAMES],
			 const struct fields *fields);

/*
 * Lists the fields of a group without lines, of which only the names and types
 * count.  Returns 0, or -1 with errno set if there is no memory.
 */
int column_choice_list(const struct grouping *grouping, struct fields *fields);

#endif
