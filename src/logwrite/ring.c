/*
 * The ring: its states, opening it, and what of a ring that was found can be
 * trusted; ring.h has the argument.  Everything that a state speaks of is
 * stored before it, and it before the word that publishes it.  A fence for the
 * compiler is enough for that: a process that is killed has stored what its
 * instructions stored, in their order.  A number that was found is used only
 * after its hash was found right, and inside of its bounds: a hash is no proof
 * of its author.
 */
#include "logwrite/ring.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "compat/double_map.h"

enum { RING_FILE = RING_HEADER + RING_SIZE };

_Static_assert(sizeof(struct ring_header) <= RING_HEADER, "header too big");
_Static_assert(sizeof(struct ring_slot) == RING_SLOT, "slot too big");
_Static_assert(offsetof(struct ring_header, files) <= RING_BLOCK,
	       "header too long");

enum { GENERATION_CHECK = 16, ARMED_CHECK = 44 }; /* bits */

bool ring_is_crashed(const struct ring *ring)
{
	return !ring->same_boot && !ring->now.clean;
}

struct ring_line *ring_line(struct ring *ring)
{
	return &ring->now.line;
}

struct ring_dropped *ring_dropped(struct ring *ring)
{
	return &ring->now.dropped;
}

void ring_set_note(struct ring *ring, uint64_t at, uint64_t size)
{
	ring->now.note_at = at;
	ring->now.note_size = size;
}

const char *ring_scratch_bytes(const struct ring *ring)
{
	return (const char *)ring->header->scratch;
}

void ring_vouch(struct ring *ring)
{
	ring->now.vouched = 1;
}

uint64_t ring_block(const struct ring *ring, uint64_t position)
{
	return position - (position - ring->now.base) % RING_BLOCK;
}

unsigned char *ring_at(const struct ring *ring, uint64_t position)
{
	return ring->bytes + (position - ring->now.base) % RING_SIZE;
}

static uint64_t low_bits(uint64_t value, unsigned int bits)
{
	return value & ((UINT64_C(1) << bits) - 1);
}

static uint64_t hash_state(const struct ring_state *state)
{
	return hash_bytes(RING_SIZE, state,
			  offsetof(struct ring_state, line.selection) +
			      state->line.selection_n);
}

/* Never 0.  The mark is of no other state than its slot's. */
static uint64_t check_mark(const struct ring_slot *slot)
{
	return hash_bytes(slot->hash, slot->mark.bytes, RING_MARK) | 1;
}

uint64_t ring_hash_files(const struct ring_file *files, uint32_t n)
{
	return hash_bytes(n, files, n * sizeof *files);
}

static uint64_t hash_block(const struct ring *ring, uint64_t at, size_t n)
{
	return hash_bytes(at, ring_at(ring, at), n);
}

uint64_t ring_published(uint64_t generation)
{
	return generation << GENERATION_CHECK |
	       low_bits(
		   hash_bytes(GENERATION_CHECK, &generation, sizeof generation),
		   GENERATION_CHECK);
}

static uint64_t arm_word(uint64_t tail, uint64_t room)
{
	return room << ARMED_CHECK |
	       low_bits(hash_bytes(tail, &room, sizeof room), ARMED_CHECK);
}

/* The hash of the full block that begins at this position. */
static uint64_t *block_hash(const struct ring *ring, uint64_t at)
{
	return &ring->header
		    ->hashes[(at - ring->now.base) / RING_BLOCK % RING_BLOCKS];
}

static void store_word(_Atomic uint64_t *to, uint64_t value)
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
	slot->hash = hash_state(now);
	slot->mark.check = 0;
	if (ring->mark.check) {
		memcpy(slot->mark.bytes, ring->mark.bytes, RING_MARK);
		slot->mark.check = check_mark(slot);
	}
	store_word(&ring->header->published, ring_published(now->generation));
}

/* So that the next sync has all of it to write. */
static void touch_pages(const struct ring *ring)
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
	touch_pages(ring);
	return fdatasync(ring->fd);
}

/*
 * Publishes two states, so that both slots are of this boot.  Until the first
 * is published, the bytes of a read in which a process was killed are known by
 * its announcement alone, so that stays; afterwards its tail tells that they
 * were taken.
 */
void ring_take_over(struct ring *ring, uint64_t boot)
{
	struct ring_state *now = &ring->now;

	if (ring_is_crashed(ring)) {
		now->batch = now->busy = 0;
		now->vouched = 0;
	}
	now->clean = 0;
	now->boot = boot;
	ring_publish(ring);
	ring_publish(ring);
	ring_disarm(ring);
}

int ring_end(struct ring *ring)
{
	ring->now.clean = 1;
	ring_publish(ring);
	return ring_sync(ring);
}

void ring_prepare_batch(struct ring *ring, uint64_t n,
			const struct tain_s *clock)
{
	struct ring_state *now = &ring->now;

	now->batch = n;
	now->clock[0] = (int64_t)clock->sec.x;
	now->clock[1] = clock->nano;
}

void ring_begin_batch(struct ring *ring)
{
	ring->now.busy = 1;
	ring_publish(ring);
}

void ring_end_batch(struct ring *ring, const struct ring_line *line)
{
	struct ring_state *now = &ring->now;

	now->head += now->batch;
	now->batch = now->busy = 0;
	now->line = *line;
}

void ring_undo_batch(struct ring *ring)
{
	ring->now.batch = ring->now.busy = 0;
	ring_publish(ring);
}

void ring_set_source(struct ring *ring, const struct ring_source *source)
{
	ring->now.source = *source;
	ring_publish(ring);
}

void ring_arm(struct ring *ring, uint64_t room)
{
	store_word(&ring->header->armed, arm_word(ring->now.tail, room));
}

void ring_disarm(struct ring *ring)
{
	store_word(&ring->header->armed, 0);
}

char *ring_scratch(struct ring *ring, size_t n)
{
	struct ring_header *header = ring->header;

	memset(header->scratch, RING_FILL, n);
	store_word(&header->dropping, arm_word(ring->now.dropped.bytes, n));
	return (char *)header->scratch;
}

size_t ring_scratched(const struct ring *ring)
{
	const struct ring_header *header = ring->header;
	const uint64_t word =
	    atomic_load_explicit(&header->dropping, memory_order_relaxed);
	uint64_t n = word >> ARMED_CHECK;

	if (!ring->same_boot || n > RING_SCRATCH ||
	    word != arm_word(ring->now.dropped.bytes, n))
		return 0;
	while (n && header->scratch[n - 1] == RING_FILL)
		n--;
	return (size_t)n;
}

void ring_give_up_scratch(struct ring *ring)
{
	store_word(&ring->header->dropping, 0);
}

void ring_set_tail(struct ring *ring, uint64_t tail)
{
	struct ring_state *now = &ring->now;
	uint64_t at = ring_block(ring, tail < now->tail ? tail : now->tail);

	for (; tail - at >= RING_BLOCK; at += RING_BLOCK)
		*block_hash(ring, at) = hash_block(ring, at, RING_BLOCK);
	now->part = hash_block(ring, at, (size_t)(tail - at));
	now->was = now->tail;
	now->tail = tail;
}

void ring_set_mark(struct ring *ring, const void *mark)
{
	memcpy(ring->mark.bytes, mark, RING_MARK);
	ring->mark.check = 1;
}

bool ring_get_mark(const struct ring *ring, void *mark)
{
	if (!ring->mark.check)
		return false;
	memcpy(mark, ring->mark.bytes, RING_MARK);
	return true;
}

void ring_rebase(struct ring *ring)
{
	ring->now.base = ring->now.tail;
	ring_set_tail(ring, ring->now.tail);
	ring_publish(ring);
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

/* Could rlog have left these numbers? */
static bool is_sane(const struct ring_state *state)
{
	const uint64_t ahead = (state->head - state->base) % RING_BLOCK;

	return state->base <= state->head && state->head <= state->tail &&
	       state->tail - state->head <= RING_SIZE - ahead &&
	       state->batch <= state->tail - state->head &&
	       state->files_n <= RING_FILES && state->files_at < 2 &&
	       state->note_size <= RING_SIZE;
}

static bool is_whole(const struct ring_slot *slot)
{
	return slot->state.line.selection_n <= RING_SELECTION &&
	       slot->hash == hash_state(&slot->state) &&
	       (!slot->mark.check || slot->mark.check == check_mark(slot)) &&
	       is_sane(&slot->state);
}

/* The slot that was published last, NULL if it can't be told. */
static const struct ring_slot *find_published(const struct ring_header *header)
{
	const uint64_t word =
	    atomic_load_explicit(&header->published, memory_order_relaxed);
	const uint64_t generation = word >> GENERATION_CHECK;
	const struct ring_slot *slot = &header->slot[generation % 2];

	return word == ring_published(generation) && is_whole(slot) &&
		       slot->state.generation == generation
		   ? slot
		   : NULL;
}

/* The newest slot that is whole, NULL if none is. */
static const struct ring_slot *find_newest(const struct ring_header *header)
{
	const struct ring_slot *a = &header->slot[0], *b = &header->slot[1];

	if (!is_whole(a))
		return is_whole(b) ? b : NULL;
	if (!is_whole(b) || b->state.generation < a->state.generation)
		return a;
	return b;
}

static bool choose_slot(struct ring *ring, uint64_t boot)
{
	const struct ring_slot *slot = find_published(ring->header);
	struct ring_line *line;

	ring->same_boot =
	    slot && slot->state.boot == boot && boot != RING_BOOT_UNKNOWN;
	if (!ring->same_boot)
		slot = find_newest(ring->header);
	/* What this boot has left is what was published, or is damaged. */
	if (!slot || (!ring->same_boot && slot->state.boot == boot &&
		      boot != RING_BOOT_UNKNOWN))
		return false;
	ring->now = slot->state;
	ring->mark = slot->mark;
	line = &ring->now.line;
	memset(line->selection + line->selection_n, 0,
	       RING_SELECTION - line->selection_n);
	return true;
}

/* Up to where all blocks are whole. */
static uint64_t find_whole_end(const struct ring *ring)
{
	const struct ring_state *now = &ring->now;
	uint64_t at = ring_block(ring, now->head), want;
	size_t n = RING_BLOCK;

	for (; at < now->tail; at += n) {
		want = *block_hash(ring, at);
		if (now->tail - at < RING_BLOCK) {
			n = (size_t)(now->tail - at);
			want = now->part;
		}
		if (hash_block(ring, at, n) != want)
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
	const uint64_t at = ring->now.tail, room = word >> ARMED_CHECK;
	uint64_t end = at + room;

	if (word != arm_word(at, room))
		return !word || word == arm_word(ring->now.was, room);
	if (room > ring_limit(ring) - at)
		return false;
	while (end > at && *ring_at(ring, end - 1) == RING_FILL)
		end--;
	ring_set_tail(ring, end);
	return true;
}

/*
 * After another boot: gives up what is not whole, with the mark of it, and a
 * read that was in progress.  Beside a state of this boot its announcement
 * would count.
 */
static void give_up_rest(struct ring *ring, uint64_t end)
{
	struct ring_state *now = &ring->now;

	ring_disarm(ring);
	ring->lost = now->tail - end;
	if (ring->lost) {
		ring_set_tail(ring, end);
		ring->mark.check = 0;
	}
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
	    !choose_slot(ring, boot))
		return false;
	end = find_whole_end(ring);
	ring->held = ring->now.tail - ring->now.head;
	ring->lost = 0;
	if (!ring->same_boot)
		give_up_rest(ring, end);
	else if (end < ring->now.tail || !files_whole(ring) ||
		 !take_armed(ring))
		return false;
	return true;
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
static void init_ring(struct ring *ring, uint64_t boot)
{
	struct ring_header *header = ring->header;

	memcpy(header->magic, RING_MAGIC, sizeof RING_MAGIC);
	header->order = RING_ORDER;
	header->size = RING_SIZE;
	memset(&ring->now, 0, sizeof ring->now);
	memset(&ring->mark, 0, sizeof ring->mark);
	ring->now.boot = boot;
	ring->now.files_hash = ring_hash_files(header->files[0], 0);
	ring->now.part = hash_block(ring, 0, 0);
	ring->same_boot = true;
	ring->held = ring->lost = 0;
	ring_publish(ring);
	ring_publish(ring);
}

/* RING_GOOD, or -1 and errno; EINVAL: it is damaged. */
static int open_old(struct ring *ring, const struct ring_place *place,
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
static int make_ring_file(struct ring *ring, const struct ring_place *place,
			  enum ring_found found, uint64_t boot)
{
	alignas(struct ring_header) char header[RING_BLOCK] = {0};
	const struct ring_image image = {header, RING_FILE, RING_SIZE};
	int fd, error;

	ring->header = (struct ring_header *)(void *)header;
	ring->bytes = (unsigned char *)header;
	init_ring(ring, boot);
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
		return make_ring_file(ring, place, RING_NONE, boot);
	if (kind == RING_FILE_RING) {
		found = open_old(ring, place, boot);
		if (found >= 0 || errno != EINVAL)
			return found;
	}
	found = kind == RING_FILE_RING ? RING_DAMAGED : RING_OTHER;
	if (ring_file_set_aside(place) == 0)
		return make_ring_file(ring, place, (enum ring_found)found,
				      boot);
	ring->taken = ".bad";
	return errno == EEXIST ? RING_FOREIGN : -1;
}

int ring_open_memory(struct ring *ring)
{
	if (set_map(ring, double_map_memory(RING_HEADER, RING_SIZE), -1) < 0)
		return -1;
	init_ring(ring, RING_BOOT_UNKNOWN);
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
