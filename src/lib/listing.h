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

/*
 * The name with the same label, which is what became of that archive when it
 * was compressed or a processor was done with it; NULL if there is none.
 */
const char *listing_like(const struct listing *l, const char *name);

/*
 * The archive of this name is not there any more: name becomes what has the
 * same label now.  0, or -1 and errno, which is ENOENT if there is none.
 */
int listing_renamed(int directory, char name[LISTING_NAME]);

/* True if two names have one label: one may be about to replace the other. */
bool listing_has_pairs(const struct listing *l);

/* Takes name number i out. */
void listing_drop(struct listing *l, size_t i);

/* The label in name number i: when that archive was ended. */
void listing_label(const struct listing *l, size_t i, struct tain_s *label);

/* Leaves it empty. */
void listing_free(struct listing *l);

#endif
