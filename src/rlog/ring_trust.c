/*
 * Which state of the ring to go on from, and how much of what it speaks of is
 * there; see ring.h.  A number is used only after its hash was found right, and
 * is inside of its bounds: a hash is no proof of who has made it.
 */
#include "rlog/ring_trust.h"

#include <stddef.h>
#include <string.h>

#include "base/hash.h"

enum { GENERATION_CHECK = 16, ARMED_CHECK = 44 }; /* bits */

static uint64_t low(uint64_t value, unsigned int bits)
{
	return value & ((UINT64_C(1) << bits) - 1);
}

uint64_t ring_hash_state(const struct ring_state *state)
{
	return hash_bytes(RING_SIZE, state,
			  offsetof(struct ring_state, line.selection) +
			      state->line.selection_n);
}

uint64_t ring_hash_files(const struct ring_file *files, uint32_t n)
{
	return hash_bytes(n, files, n * sizeof *files);
}

uint64_t ring_hash_block(const struct ring *ring, uint64_t at, size_t n)
{
	return hash_bytes(at, ring_at(ring, at), n);
}

uint64_t ring_published(uint64_t generation)
{
	return generation << GENERATION_CHECK |
	       low(hash_bytes(GENERATION_CHECK, &generation, sizeof generation),
		   GENERATION_CHECK);
}

uint64_t ring_armed(uint64_t tail, uint64_t room)
{
	return room << ARMED_CHECK |
	       low(hash_bytes(tail, &room, sizeof room), ARMED_CHECK);
}

uint64_t ring_room(uint64_t armed)
{
	return armed >> ARMED_CHECK;
}

/* Could rlog have left these numbers? */
static bool sane(const struct ring_state *state)
{
	const uint64_t ahead = (state->head - state->base) % RING_BLOCK;

	return state->base <= state->head && state->head <= state->tail &&
	       state->tail - state->head <= RING_SIZE - ahead &&
	       state->batch <= state->tail - state->head &&
	       state->files_n <= RING_FILES && state->files_at < 2 &&
	       state->note_size <= RING_SIZE;
}

static bool whole(const struct ring_slot *slot)
{
	return slot->state.line.selection_n <= RING_SELECTION &&
	       slot->hash == ring_hash_state(&slot->state) &&
	       sane(&slot->state);
}

/* The slot that was published last, NULL if it can't be told. */
static const struct ring_slot *published(const struct ring_header *header)
{
	const uint64_t word =
	    atomic_load_explicit(&header->published, memory_order_relaxed);
	const uint64_t generation = word >> GENERATION_CHECK;
	const struct ring_slot *slot = &header->slot[generation % 2];

	return word == ring_published(generation) && whole(slot) &&
		       slot->state.generation == generation
		   ? slot
		   : NULL;
}

/* The newest slot that is whole, NULL if none is. */
static const struct ring_slot *newest(const struct ring_header *header)
{
	const struct ring_slot *a = &header->slot[0], *b = &header->slot[1];

	if (!whole(a))
		return whole(b) ? b : NULL;
	if (!whole(b) || b->state.generation < a->state.generation)
		return a;
	return b;
}

static bool choose(struct ring *ring, uint64_t boot)
{
	const struct ring_slot *slot = published(ring->header);
	struct ring_line *line;

	ring->same_boot =
	    slot && slot->state.boot == boot && boot != RING_BOOT_UNKNOWN;
	if (!ring->same_boot)
		slot = newest(ring->header);
	/* What this boot has left is what was published, or is damaged. */
	if (!slot || (!ring->same_boot && slot->state.boot == boot &&
		      boot != RING_BOOT_UNKNOWN))
		return false;
	ring->now = slot->state;
	line = &ring->now.line;
	memset(line->selection + line->selection_n, 0,
	       RING_SELECTION - line->selection_n);
	return true;
}

/* Up to where all blocks are whole. */
static uint64_t find_end(const struct ring *ring)
{
	const struct ring_state *now = &ring->now;
	uint64_t at = ring_block(ring, now->head), want;
	size_t n = RING_BLOCK;

	for (; at < now->tail; at += n) {
		want = *ring_block_hash(ring, at);
		if (now->tail - at < RING_BLOCK) {
			n = (size_t)(now->tail - at);
			want = now->part;
		}
		if (ring_hash_block(ring, at, n) != want)
			return at < now->head ? now->head : at;
	}
	return now->tail;
}

static bool files_whole(const struct ring *ring)
{
	return ring_hash_files(ring_files(ring), ring->now.files_n) ==
	       ring->now.files_hash;
}

/* Takes what the read took in which the process was killed. */
static bool take_armed(struct ring *ring)
{
	const uint64_t word =
	    atomic_load_explicit(&ring->header->armed, memory_order_relaxed);
	const uint64_t at = ring->now.tail, room = ring_room(word);
	uint64_t end = at + room;

	if (word != ring_armed(at, room))
		return !word || word == ring_armed(ring->now.was, room);
	if (room > ring_limit(ring) - at)
		return false;
	while (end > at && *ring_at(ring, end - 1) == RING_FILL)
		end--;
	ring_set_tail(ring, end);
	return true;
}

/* After another boot: what is not whole is given up. */
static void give_up(struct ring *ring, uint64_t end)
{
	struct ring_state *now = &ring->now;

	ring->lost = now->tail - end;
	if (ring->lost)
		ring_set_tail(ring, end);
	if (now->batch > end - now->head)
		now->batch = end - now->head;
	if (now->note_at + now->note_size > end)
		now->note_size = 0;
	if (!files_whole(ring))
		ring_set_files(ring, 0);
}

bool ring_trust(struct ring *ring, uint64_t boot)
{
	const struct ring_header *header = ring->header;
	uint64_t end;

	if (memcmp(header->magic, RING_MAGIC, sizeof RING_MAGIC) != 0 ||
	    header->order != RING_ORDER || header->size != RING_SIZE ||
	    !choose(ring, boot))
		return false;
	end = find_end(ring);
	ring->held = ring->now.tail - ring->now.head;
	ring->lost = 0;
	if (!ring->same_boot)
		give_up(ring, end);
	else if (end < ring->now.tail || !files_whole(ring) ||
		 !take_armed(ring))
		return false;
	ring_disarm(ring);
	return true;
}
