/* How lines look: the label turned into a time, and more. */
#ifndef FORM_H
#define FORM_H

#include <stdbool.h>
#include <time.h>

#include "logread/source.h"
#include "rlogread/out.h"

enum form_kind {
	FORM_RAW,
	FORM_LOCAL,
	FORM_UTC,
	FORM_TAI64NLOCAL,
	FORM_ISO,
	FORM_UNIX,
	FORM_JSON,
};

enum { FORM_TIME = 64 };

struct form {
	enum form_kind kind;
	bool safe;   /* for a terminal: escapes, and no CR at the end */
	bool colour; /* for records */
	/* The minute that was formatted last, so that most need no localtime */
	bool known;
	time_t minute;
	size_t len, zone_len;
	char text[FORM_TIME]; /* with the seconds at its end */
	char zone[8];
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

/* Puts a line, or a piece of one.  0, or -1 and errno. */
int form_line(struct form *f, struct out *out, const struct source_line *line);

#endif
