/*
 * Commands in what is taken for a message or a literal: which names stand where
 * its lines begin.  If the server did not take it so, they were carried out,
 * and the record has to name them.
 */
#ifndef RECIO_VERBS_H
#define RECIO_VERBS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "grammar.h"

enum { VERBS_MAX = 48, VERBS_LOOK = 64, VERBS_TEXT = 900 };

struct verbs {
	uint64_t count; /* of commands seen; the first of them: */
	const char *name[VERBS_MAX];
	size_t len; /* of the line's beginning: */
	char start[VERBS_LOOK];
	bool past; /* the beginning is looked at */
};

/* Looks at these bytes of a message or a literal. */
void verbs_scan(struct verbs *v, const struct grammar *const *grammars,
		const char *at, size_t len);

/* They are over: what comes next begins a line. */
void verbs_end(struct verbs *v, const struct grammar *const *grammars);

/* True if the next byte begins a line. */
bool verbs_at_start(const struct verbs *v);

/* Writes the names, in their order, and how many more there were. */
void verbs_text(const struct verbs *v, char text[VERBS_TEXT]);

#endif
