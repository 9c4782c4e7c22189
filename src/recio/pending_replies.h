/*
 * The answers that a server owes, in their order.  Equal neighbours are
 * counted, so that thousands of commands fit.
 */
#ifndef PENDING_REPLIES_H
#define PENDING_REPLIES_H

#include <stdbool.h>
#include <stdint.h>

enum { PENDING_REPLIES_RUNS = 256 };

struct pending_replies {
	unsigned int first, len;
	struct {
		uint32_t kind, count;
	} run[PENDING_REPLIES_RUNS];
};

/* Returns true if there is room for replies of n more kinds. */
bool pending_replies_have_room(const struct pending_replies *q, unsigned int n);

/* An answer of this kind will come; there must be room. */
void pending_replies_push(struct pending_replies *q, unsigned int kind);

/* The kind of the next answer, -1 if none is owed. */
int pending_replies_next(const struct pending_replies *q);

/* Returns true if more than that one is owed, of another kind. */
bool pending_replies_other_after(const struct pending_replies *q);

/* It came. */
void pending_replies_pop(struct pending_replies *q);

void pending_replies_clear(struct pending_replies *q);

/*
 * Drops all up to the first answer of this kind, that one included.  False: all
 * are dropped, and none was of this kind.
 */
bool pending_replies_pop_through(struct pending_replies *q, unsigned int kind);

#endif
