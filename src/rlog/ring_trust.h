/* What of a ring that was found can be trusted; ring.h has the argument. */
#ifndef RING_TRUST_H
#define RING_TRUST_H

#include "rlog/ring.h"

/*
 * Sets ring->now, and what is found with it, from the header and the bytes.
 * Returns false if the ring is damaged.
 */
bool ring_trust(struct ring *ring, uint64_t boot);

/* For ring.c, which stores what is looked at here. */
uint64_t ring_hash_state(const struct ring_state *state);
uint64_t ring_hash_files(const struct ring_file *files, uint32_t n);
uint64_t ring_hash_block(const struct ring *ring, uint64_t at, size_t n);
uint64_t ring_published(uint64_t generation);
uint64_t ring_armed(uint64_t tail, uint64_t room);
uint64_t ring_room(uint64_t armed);

/* Where the block begins in which this position is. */
static inline uint64_t ring_block(const struct ring *ring, uint64_t position)
{
	return position - (position - ring->now.base) % RING_BLOCK;
}

/* The hash of the full block that begins there. */
static inline uint64_t *ring_block_hash(const struct ring *ring, uint64_t at)
{
	return &ring->header
		    ->hashes[(at - ring->now.base) / RING_BLOCK % RING_BLOCKS];
}

#endif
