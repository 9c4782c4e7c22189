/*
 * The archives of a log directory by their names: "@LABEL.s" and "@LABEL.u",
 * perhaps with a suffix behind that, such as ".gz".  Of an archive and what was
 * made of it ("@LABEL.s" and "@LABEL.s.gz") only the first is listed.
 */
#ifndef LISTING_H
#define LISTING_H

#include <stdbool.h>
#include <stddef.h>

#include "label.h"

enum { LISTING_NAME = 64, LISTING_MAX = 1 << 20 };

struct listing {
	char (*names)[LISTING_NAME]; /* in order of age */
	size_t count;
};

/* Lists a directory.  0, or -1 and errno; *l is then empty. */
int listing_read(struct listing *l, int directory);

bool listing_has(const struct listing *l, const char *name);

/* Takes name number i out. */
void listing_drop(struct listing *l, size_t i);

/* The label in name number i: when that archive was ended. */
void listing_label(const struct listing *l, size_t i, struct tain_s *label);

/* Leaves it empty. */
void listing_free(struct listing *l);

#endif
