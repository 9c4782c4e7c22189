/*
 * The archives of a log directory by their names (archive_name.h).  Of an
 * archive and what was made of it ("@LABEL.s" and "@LABEL.s.gz") only the first
 * is listed.
 */
#ifndef LISTING_H
#define LISTING_H

#include <stdbool.h>
#include <stddef.h>

#include "logdir/archive_name.h"

enum { LISTING_MAX = 1 << 20 }; /* archives */

struct listing {
	char (*names)[ARCHIVE_NAME]; /* the oldest first */
	size_t count;
};

/*
 * Lists the archives of a directory while its writer may rename them.  An
 * archive that is there from the beginning to the end of the call is listed
 * once, under one of its names.  Of the archives that are made meanwhile none
 * is listed without all older ones.  Returns 0, or -1 with errno set, and then
 * *listing is empty.
 */
int listing_read(struct listing *listing, int directory);

/*
 * Returns the present name of the archive that was called name, and may have
 * been compressed or processed since; NULL if it is not listed.
 */
const char *listing_like(const struct listing *listing, const char *name);

/*
 * True if the archive that is called name now is listed, perhaps under the name
 * that it had before it was processed or compressed.
 */
bool listing_had(const struct listing *listing, const char *name);

/*
 * Replaces the name of an archive, which is no longer in the directory, by its
 * present name.  Returns 0, or -1 with errno set: ENOENT if there is none.
 */
int listing_renamed(int directory, char name[ARCHIVE_NAME]);

/*
 * Copies those names of `from` for whose numbers keep returns true; it is asked
 * in their order.  Returns 0, or -1 with errno set, and then *to is empty.
 */
int listing_filter(struct listing *to, const struct listing *from,
		   bool (*keep)(void *ctx, size_t i), void *ctx);

/* Removes name number i from the listing. */
void listing_drop(struct listing *listing, size_t i);

/* Stores the label in name number i: the time at which the archive ended. */
void listing_label(const struct listing *listing, size_t i,
		   struct tain_s *label);

/* Releases the names; the listing is empty then. */
void listing_free(struct listing *listing);

#endif
