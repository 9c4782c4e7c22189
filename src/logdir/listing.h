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
	char (*names)[ARCHIVE_NAME]; /* in order of age */
	size_t count;
};

/*
 * Lists a directory.  Every archive that is there when this is called, and is
 * not removed, is listed once, whatever is renamed meanwhile.  Archives that
 * come meanwhile are listed up to one of them: never a newer one without an
 * older one.  0, or -1 and errno; *l is then empty.
 */
int listing_read(struct listing *l, int directory);

/*
 * The name in l of the archive that was called `name` before, which may have
 * been compressed or processed since; NULL if there is none.
 */
const char *listing_like(const struct listing *l, const char *name);

/* True if l has the archive that is now called `name`. */
bool listing_had(const struct listing *l, const char *name);

/*
 * The archive of this name is not there any more: name becomes what has the
 * same label now.  0, or -1 and errno, which is ENOENT if there is none.
 */
int listing_renamed(int directory, char name[ARCHIVE_NAME]);

/*
 * Copies the names of `from` for which keep(ctx, number) is true, asked in their
 * order.  0, or -1 and errno; *to is then empty.
 */
int listing_filter(struct listing *to, const struct listing *from,
		   bool (*keep)(void *ctx, size_t i), void *ctx);

/* Takes name number i out. */
void listing_drop(struct listing *l, size_t i);

/* The label in name number i: when that archive was ended. */
void listing_label(const struct listing *l, size_t i, struct tain_s *label);

/* Leaves it empty. */
void listing_free(struct listing *l);

#endif
