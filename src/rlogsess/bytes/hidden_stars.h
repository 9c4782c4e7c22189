/*
 * Looks for the stars that recio -p records in place of hidden bytes
 * (records.5): in a client's line, "***" or "*** N bytes" up to the end of the
 * line, whose CR they replace, or at the beginning of a literal; in a server's
 * text, "***" in any place.
 */
#ifndef HIDDEN_STARS_H
#define HIDDEN_STARS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HIDDEN_STARS_TAIL = 40 };

/* Zero-initialised is the beginning of a stream. */
struct hidden_stars {
	uint64_t ends;     /* number of stars as a client's line has them */
	uint64_t anywhere; /* number of three stars in any place */
	bool literal;      /* the line before this one announces a literal */
	uint64_t line_len; /* of the line so far */
	size_t run;        /* stars at the end of the stream so far */
	size_t len;        /* of tail */
	char head[3];      /* the first bytes of the line */
	char tail[HIDDEN_STARS_TAIL]; /* its last bytes */
};

/* Takes the next bytes of a stream. */
void hidden_stars_take(struct hidden_stars *stars, const char *text,
		       size_t len);

/* Takes the end of the stream. */
void hidden_stars_finish(struct hidden_stars *stars);

#endif
