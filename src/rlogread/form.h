/* How lines look: the label turned into a time, and more. */
#ifndef FORM_H
#define FORM_H

#include <stdbool.h>

#include "base/output.h"
#include "base/utc.h"
#include "logread/source.h"

enum form_kind {
	FORM_RAW,
	FORM_LOCAL,
	FORM_UTC,
	FORM_TAI64NLOCAL,
	FORM_ISO,
	FORM_UNIX,
	FORM_JSON,
};

enum { FORM_TIME = UTC_TEXT };

struct form {
	enum form_kind kind;
	bool colour;                    /* for records */
	struct utc_formatter formatter; /* of its times */
};

/* The form of that name: true. */
bool form_named(enum form_kind *kind, const char *name);

/* The names, for whoever has to say that there is no such form. */
#define FORM_NAMES "raw, local, tai64nlocal, utc, iso, unix or json"

void form_init(struct form *f, enum form_kind kind);

/*
 * Writes the time of a label, FORM_TIME bytes at most; its length, or 0 if it
 * has none that can be written.  Not for raw.
 */
size_t form_time(struct form *f, char *out, const struct tain_s *label,
		 enum label_kind kind);

/* Adds a line, or a piece of one, to the output. */
void form_line(struct form *f, struct output *output,
	       const struct source_line *line);

#endif
