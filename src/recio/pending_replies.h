/*
 * The replies that a server owes, in their order. Equal neighbours are counted,
 * so that thousands of commands fit.
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
bool pending_replies_have_room(const struct pending_replies *replies,
			       unsigned int n);

/* Adds a reply of this kind; there must be room. */
void pending_replies_push(struct pending_replies *replies, unsigned int kind);

/* Returns the kind of the next reply, -1 if no reply is owed. */
int pending_replies_next(const struct pending_replies *replies);

/* Returns true if replies of another kind are owed after those. */
bool pending_replies_other_after(const struct pending_replies *replies);

/* Removes the next reply. */
void pending_replies_pop(struct pending_replies *replies);

/* Removes all replies. */
void pending_replies_clear(struct pending_replies *replies);

/*
 * Removes all replies up to the first of this kind, and that one. Returns false
 * if it was not there, and all are removed.
 */
bool pending_replies_pop_through(struct pending_replies *replies,
				 unsigned int kind);

#endif
