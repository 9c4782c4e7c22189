/*
 * The names that occur most often, in fixed memory however many names there
 * are.  As long as no more than TOP_NAMES different names were added, counts
 * are exact.  Then a new name takes the place and the count of a rarest one: a
 * count can be too high, by at most top_names_error.
 */
#ifndef TOP_NAMES_H
#define TOP_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/output.h"
#include "rlogsess/slice.h"

enum { TOP_NAMES = 4096, TOP_NAMES_TEXT = 120, TOP_NAMES_SHOWN = 10 };

struct top_names;

/* Returns NULL with errno set if there is no memory. */
struct top_names *top_names_new(void);

/* Releases the names; NULL is none. */
void top_names_free(struct top_names *names);

/* Counts a name, cut to TOP_NAMES_TEXT bytes. */
void top_names_add(struct top_names *names, struct slice name);

/* True if no name was added. */
bool top_names_are_none(const struct top_names *names);

/* Returns how much too high a count can be. */
uint64_t top_names_error(const struct top_names *names);

/*
 * Writes a line for each of the TOP_NAMES_SHOWN names that occur most often, by
 * counts and then names, with bytes escaped as output_field does, and a
 * sentence if counts are not exact.  No name can be added then.
 */
void top_names_show(struct output *output, struct top_names *names);

#endif
