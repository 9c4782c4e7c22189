/* The forms of output (rlogread.1, Forms): a line with its label as a time. */
#ifndef LINE_FORM_H
#define LINE_FORM_H

#include <stdbool.h>

#include "base/output.h"
#include "base/utc.h"
#include "logread/source.h"

enum line_form_kind {
	LINE_FORM_RAW,
	LINE_FORM_LOCAL,
	LINE_FORM_UTC,
	LINE_FORM_TAI64NLOCAL,
	LINE_FORM_ISO,
	LINE_FORM_UNIX,
	LINE_FORM_JSON,
};

enum { LINE_FORM_TIME = UTC_TEXT };

struct line_form {
	enum line_form_kind kind;
	bool colour;                    /* colours records on a terminal */
	struct utc_formatter formatter; /* of its times */
};

/* Finds the form of a name.  Returns true, or false if there is none. */
bool line_form_named(enum line_form_kind *kind, const char *name);

/* All names, for messages, and those of forms that change the stamp alone. */
#define LINE_FORM_NAMES "raw, local, tai64nlocal, utc, iso, unix or json"
#define LINE_FORM_TIMES "raw, local, tai64nlocal, utc, iso or unix"

/* Sets the kind of form, and reads the time zone from TZ. */
void line_form_init(struct line_form *form, enum line_form_kind kind);

/*
 * Writes the time of a label, at most LINE_FORM_TIME bytes.  Returns the
 * length, or 0 if the label has no time that can be written.  The form must not
 * be raw.
 */
size_t line_form_time(struct line_form *form, char *out,
		      const struct tain_s *label, enum label_kind kind);

/*
 * Adds the text of a line, without a newline, to what is in the line of output
 * already.  The form must not be JSON.
 */
void line_form_put_text(struct line_form *form, struct output *output,
			const struct source_line *line);

/* Adds a line, or a piece of a line, to the output. */
void line_form_put(struct line_form *form, struct output *output,
		   const struct source_line *line);

#endif
