/* The last numbers of a sequence. */
#ifndef NUMBER_RING_H
#define NUMBER_RING_H

#include <stddef.h>
#include <stdint.h>

struct number_ring {
	uint64_t most; /* numbers that are kept */
	uint64_t *number;
	size_t room, first, count;
};

/* Makes an empty ring that keeps at most `most` numbers. */
void number_ring_init(struct number_ring *ring, uint64_t most);

/*
 * Adds a number.  Returns 1 and the oldest one if the ring had kept `most`
 * numbers, and removes that; 0 if none is removed; -1 with errno set if there
 * is no memory.
 */
int number_ring_add(struct number_ring *ring, uint64_t number,
		    uint64_t *oldest);

/* Releases the memory; the ring is empty then. */
void number_ring_free(struct number_ring *ring);

#endif
