/*
 * The forms of lines about connections that servers and services write, each
 * with its process ID, in one table.  In a form NAME is the name of a program,
 * perhaps with "info: ", "warning: " or "fatal: " after its colon; the other
 * words in capitals stand for one word each, and TEXT for the rest of the line.
 * Records and notes of recio (records.5) are no part of the table.
 */
#ifndef KNOWN_FORM_H
#define KNOWN_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include "rlogsess/grouping/log_line.h"

struct known_form {
	const char *form;
	const char *example; /* a line of process 4711 */
	const char *source;  /* the programs that write it */
	enum connection_line_kind kind;
	const char *word; /* a bracket behind NAME, or a word behind "NAME: " */
	/* Takes what follows the word; false if that is of another form. */
	bool (*parse)(struct connection_line *line, struct slice rest);
};

/* Returns the form of this index, or NULL behind the last one. */
const struct known_form *known_form_get(size_t index);

/*
 * Parses a line without its time; its kind, process ID, addresses, text and
 * outcome become those of the first form that fits.  Returns false, and leaves
 * the line as it was, if none does.
 */
bool known_form_parse(struct connection_line *line, struct slice text);

#endif
