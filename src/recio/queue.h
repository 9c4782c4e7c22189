/*
 * The answers that a server owes, in their order.  Equal neighbours are
 * counted, so that thousands of commands fit.
 */
#ifndef QUEUE_H
#define QUEUE_H

#include <stdbool.h>
#include <stdint.h>

enum { QUEUE_RUNS = 256 };

struct queue {
	unsigned int first, len;
	struct {
		uint32_t kind, count;
	} run[QUEUE_RUNS];
};

/* Room for another kind of answer. */
bool queue_has_room(const struct queue *q);

/* An answer of this kind will come; there must be room. */
void queue_push(struct queue *q, unsigned int kind);

/* The kind of the next answer, -1 if none is owed. */
int queue_next(const struct queue *q);

/* It came. */
void queue_pop(struct queue *q);

void queue_clear(struct queue *q);

/*
 * Drops all up to the first answer of this kind, that one included.  False: all
 * are dropped, and none was of this kind.
 */
bool queue_pop_through(struct queue *q, unsigned int kind);

#endif
