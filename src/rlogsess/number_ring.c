/*
 * Rings of numbers.  The array grows with the numbers that are kept, so that a
 * ring of many takes no memory for those that never arrive.  Tested by
 * tests/unit/rlogsess/last_groups.c.
 */
#include "rlogsess/number_ring.h"

#include <stdlib.h>

void number_ring_init(struct number_ring *ring, uint64_t most)
{
	*ring = (struct number_ring){.most = most};
}

/* Doubles the array, in which the oldest number becomes the first. */
static int grow_ring(struct number_ring *ring)
{
	size_t room = ring->room ? 2 * ring->room : 16;
	uint64_t *number = calloc(room, sizeof *number);

	if (!number)
		return -1;
	for (size_t i = 0; i < ring->count; i++)
		number[i] = ring->number[(ring->first + i) % ring->room];
	free(ring->number);
	ring->number = number;
	ring->room = room;
	ring->first = 0;
	return 0;
}

int number_ring_add(struct number_ring *ring, uint64_t number, uint64_t *oldest)
{
	if (ring->count == ring->room && grow_ring(ring) < 0)
		return -1;
	ring->number[(ring->first + ring->count++) % ring->room] = number;
	if (ring->count <= ring->most)
		return 0;
	*oldest = ring->number[ring->first];
	ring->first = (ring->first + 1) % ring->room;
	ring->count--;
	return 1;
}

void number_ring_free(struct number_ring *ring)
{
	free(ring->number);
	number_ring_init(ring, ring->most);
}
