/*
 * The output of the last groups.  A format writes each group to an output of
 * this module; of the groups that have ended, the last ones are kept.
 */
#ifndef LAST_GROUPS_H
#define LAST_GROUPS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/output.h"
#include "rlogsess/number_ring.h"

struct last_groups {
	struct output output;       /* to be written to by formats */
	bool open;                  /* there is a file */
	int fd;                     /* the file behind output */
	uint64_t front, begin, end; /* places; see last_groups.c */
	struct number_ring ends;
};

/*
 * Opens the file in which the output of at most `most` groups is kept.  safe:
 * the output is for a terminal.  Returns 0, or -1 with errno set;
 * last_groups_free releases the struct in both cases.
 */
int last_groups_init(struct last_groups *groups, uint64_t most, bool safe);

/*
 * Ends a group: its output is all that was written after the group before it,
 * and may be empty; then there is no group.  Returns 0, or -1 with errno set.
 */
int last_groups_end(struct last_groups *groups);

/*
 * Adds the kept groups to an output, oldest first.  Returns 0, or -1 with errno
 * set if they can't be read back.
 */
int last_groups_show(struct last_groups *groups, struct output *output);

/* Closes the file, if there is one; there is none if all is zero. */
void last_groups_free(struct last_groups *groups);

#endif
