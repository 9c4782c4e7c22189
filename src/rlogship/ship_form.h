/*
 * The forms of lines in a batch.  A form appends the text of one line, or of a
 * piece of one, to the output, which composes it in memory.  The bytes of a
 * batch are these texts one after the other.
 */
#ifndef SHIP_FORM_H
#define SHIP_FORM_H

#include "base/output.h"
#include "base/utc.h"
#include "logread/record_line.h"
#include "logread/source_line.h"
#include "stream/log_name.h"

enum {
	SHIP_ID_MAX = 192, /* of an id, with its NUL */
	SHIP_MEMBERS_MAX = 2 * LOG_NAME_MAX + 24,
};

struct ship_item {
	const struct log_name *origin; /* -n HOST/NAME */
	const char *members;           /* of ship_form_members */
	size_t members_len;
	const char *id; /* of the line, HOST/NAME/LABEL or with -OFFSET */
	size_t id_len;
	/* The line, or a piece: then `begins` or `ends` is false. */
	const struct source_line *line;
	struct utc_formatter *times; /* writes RFC 3339, nine digits, Z */
};

/* Lines that were lost before they were sent. */
struct ship_gap {
	const struct log_name *origin;
	const char *members;
	size_t members_len;
	const char *id;
	/* Labels of the lines before and after the gap, or NULL. */
	const struct tain_s *after, *before;
};

struct ship_form {
	const char *name; /* header Rlog-Form */
	/* Appends a line with all that ends it. */
	void (*put_line)(struct output *output, const struct ship_item *item);
	/* Appends a record of missing lines; NULL: the form has none. */
	void (*put_gap)(struct output *output, const struct ship_gap *gap);
};

/*
 * Writes the members `host` and `name` that all objects of a log begin with.
 * Returns their length.
 */
size_t ship_form_members(char text[SHIP_MEMBERS_MAX],
			 const struct log_name *origin);

/*
 * Parses a line of len bytes without its label.  Returns false unless it is a
 * record that is put together from its members again.
 */
bool ship_form_record(struct record_line *record, const char *text, size_t len);

/* The form of a name: json or raw.  NULL if there is none. */
const struct ship_form *ship_form_named(const char *name);

#endif
