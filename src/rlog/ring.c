/*
 * Mapping the ring, and publishing its states; see ring.h.  Everything that a
 * state speaks of is stored before it, and it before the word that publishes
 * it.  A fence for the compiler is enough for that: what a process has stored
 * when it is killed is what its instructions stored, in their order.
 */
#include "rlog/ring.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "compat/double_map.h"
#include "rlog/ring_trust.h"

enum { RING_FILE = RING_HEADER + RING_SIZE };

_Static_assert(sizeof(struct ring_header) <= RING_HEADER, "header too big");
_Static_assert(sizeof(struct ring_slot) == RING_SLOT, "slot too big");
_Static_assert(offsetof(struct ring_header, files) <= RING_BLOCK,
	       "header too long");

static void store(_Atomic uint64_t *to, uint64_t value)
{
	atomic_signal_fence(memory_order_seq_cst);
	atomic_store_explicit(to, value, memory_order_relaxed);
	atomic_signal_fence(memory_order_seq_cst);
}

void ring_publish(struct ring *ring)
{
	struct ring_state *now = &ring->now;
	struct ring_slot *slot;

	now->generation++;
	slot = &ring->header->slot[now->generation % 2];
	memcpy(&slot->state, now,
	       offsetof(struct ring_state, line.selection) +
		   now->line.selection_n);
	slot->hash = ring_hash_state(now);
	store(&ring->header->published, ring_published(now->generation));
}

/* So that the next sync has all of it to write. */
static void touch(const struct ring *ring)
{
	volatile char *page = (volatile char *)ring->header;
	const volatile char *end = page + RING_FILE;
	char byte;

	for (; page < end; page += RING_BLOCK) {
		byte = *page;
		*page = byte;
	}
}

/* After a sync that failed the next one may say yes, and have written less. */
int ring_sync(const struct ring *ring)
{
	if (ring->fd < 0 || fdatasync(ring->fd) == 0)
		return 0;
	touch(ring);
	return fdatasync(ring->fd);
}

void ring_arm(struct ring *ring, uint64_t room)
{
	store(&ring->header->armed, ring_armed(ring->now.tail, room));
}

void ring_disarm(struct ring *ring)
{
	store(&ring->header->armed, 0);
}

char *ring_scratch(struct ring *ring, size_t n)
{
	struct ring_header *header = ring->header;

	memset(header->scratch, RING_FILL, n);
	store(&header->dropping, ring_armed(ring->now.dropped.bytes, n));
	return (char *)header->scratch;
}

size_t ring_scratched(const struct ring *ring)
{
	const struct ring_header *header = ring->header;
	const uint64_t word =
	    atomic_load_explicit(&header->dropping, memory_order_relaxed);
	uint64_t n = ring_room(word);

	if (!ring->same_boot || n > RING_SCRATCH ||
	    word != ring_armed(ring->now.dropped.bytes, n))
		return 0;
	while (n && header->scratch[n - 1] == RING_FILL)
		n--;
	return (size_t)n;
}

void ring_give_up_scratch(struct ring *ring)
{
	store(&ring->header->dropping, 0);
}

void ring_set_tail(struct ring *ring, uint64_t tail)
{
	struct ring_state *now = &ring->now;
	uint64_t at = ring_block(ring, tail < now->tail ? tail : now->tail);

	for (; tail - at >= RING_BLOCK; at += RING_BLOCK)
		*ring_block_hash(ring, at) =
		    ring_hash_block(ring, at, RING_BLOCK);
	now->part = ring_hash_block(ring, at, (size_t)(tail - at));
	now->was = now->tail;
	now->tail = tail;
}

uint64_t ring_limit(const struct ring *ring)
{
	return ring_block(ring, ring->now.head) + RING_SIZE;
}

const struct ring_file *ring_files(const struct ring *ring)
{
	return ring->header->files[ring->now.files_at];
}

struct ring_file *ring_next_files(const struct ring *ring)
{
	return ring->header->files[!ring->now.files_at];
}

void ring_set_files(struct ring *ring, uint32_t n)
{
	ring->now.files_at = !ring->now.files_at;
	ring->now.files_n = n;
	ring->now.files_hash = ring_hash_files(ring_files(ring), n);
}

/* 0, or -1 and errno if there is no mapping. */
static int set_map(struct ring *ring, char *base, int fd)
{
	if (!base)
		return -1;
	ring->header = (struct ring_header *)(void *)base;
	ring->bytes = (unsigned char *)base + RING_HEADER;
	ring->fd = fd;
	return 0;
}

static int map_file(struct ring *ring, int fd)
{
	return set_map(ring, double_map_file(fd, RING_HEADER, RING_SIZE), fd);
}

/* An empty ring, of which both slots are whole. */
static void make_header(struct ring *ring, uint64_t boot)
{
	struct ring_header *header = ring->header;

	memcpy(header->magic, RING_MAGIC, sizeof RING_MAGIC);
	header->order = RING_ORDER;
	header->size = RING_SIZE;
	memset(&ring->now, 0, sizeof ring->now);
	ring->now.boot = boot;
	ring->now.files_hash = ring_hash_files(header->files[0], 0);
	ring->now.part = ring_hash_block(ring, 0, 0);
	ring->same_boot = true;
	ring->held = ring->lost = 0;
	ring_publish(ring);
	ring_publish(ring);
}

/* RING_GOOD, or -1 and errno; EINVAL: it is damaged. */
static int take_old(struct ring *ring, const struct ring_place *place,
		    uint64_t boot)
{
	int fd = ring_file_open(place, RING_FILE), error;

	if (fd < 0)
		return -1;
	if (map_file(ring, fd) < 0) {
		error = errno;
		close(fd);
		errno = error;
		return -1;
	}
	if (ring_trust(ring, boot))
		return RING_GOOD;
	ring_close(ring);
	errno = EINVAL;
	return -1;
}

/* found, or RING_FOREIGN, or -1 and errno. */
static int make(struct ring *ring, const struct ring_place *place,
		enum ring_found found, uint64_t boot)
{
	alignas(struct ring_header) char header[RING_BLOCK] = {0};
	const struct ring_image image = {header, RING_FILE, RING_SIZE};
	int fd, error;

	ring->header = (struct ring_header *)(void *)header;
	ring->bytes = (unsigned char *)header;
	make_header(ring, boot);
	ring->header = NULL;
	fd = ring_file_make(place, &image);
	if (fd < 0) {
		ring->taken = ".new";
		return errno == EEXIST ? RING_FOREIGN : -1;
	}
	if (map_file(ring, fd) == 0)
		return found;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

int ring_open(struct ring *ring, const struct ring_place *place, uint64_t boot)
{
	int kind = ring_file_kind(place), found;

	ring->taken = "";
	if (kind < 0)
		return -1;
	if (kind == RING_FILE_FOREIGN)
		return RING_FOREIGN;
	if (kind == RING_FILE_NONE)
		return make(ring, place, RING_NONE, boot);
	if (kind == RING_FILE_RING) {
		found = take_old(ring, place, boot);
		if (found >= 0 || errno != EINVAL)
			return found;
	}
	found = kind == RING_FILE_RING ? RING_DAMAGED : RING_OTHER;
	if (ring_file_set_aside(place) == 0)
		return make(ring, place, (enum ring_found)found, boot);
	ring->taken = ".bad";
	return errno == EEXIST ? RING_FOREIGN : -1;
}

int ring_open_memory(struct ring *ring)
{
	if (set_map(ring, double_map_memory(RING_HEADER, RING_SIZE), -1) < 0)
		return -1;
	make_header(ring, RING_BOOT_UNKNOWN);
	return 0;
}

void ring_close(struct ring *ring)
{
	if (!ring->header)
		return;
	double_map_free(ring->header, RING_HEADER, RING_SIZE);
	if (ring->fd >= 0)
		close(ring->fd);
	ring->header = NULL;
}
