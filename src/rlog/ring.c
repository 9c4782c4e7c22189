/* The file of the ring; see ring.h. */
#include "rlog/ring.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include <sys/mman.h>

enum {
	RING_FILE = RING_HEADER + RING_SIZE,
	RING_BLOCK = 4096,
	RING_ORDER = 0x01020304
};

_Static_assert(sizeof(struct ring_header) <= RING_HEADER, "header too big");
_Static_assert(offsetof(struct ring_header, armed) < RING_BLOCK - 8,
	       "header too long");

static int map(struct ring *ring, int fd)
{
	const int access = PROT_READ | PROT_WRITE;
	char *base = mmap(NULL, RING_FILE + RING_SIZE, PROT_NONE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (base == MAP_FAILED)
		return -1;
	if (mmap(base, RING_FILE, access, MAP_SHARED | MAP_FIXED, fd, 0) ==
		MAP_FAILED ||
	    mmap(base + RING_FILE, RING_SIZE, access, MAP_SHARED | MAP_FIXED,
		 fd, RING_HEADER) == MAP_FAILED) {
		munmap(base, RING_FILE + RING_SIZE);
		return -1;
	}
	ring->header = (struct ring_header *)(void *)base;
	ring->bytes = (unsigned char *)base + RING_HEADER;
	ring->fd = fd;
	return 0;
}

/* What of a new header is not 0; all of it is in the first block. */
static void set_header(char *block)
{
	const uint32_t order = RING_ORDER, size = RING_SIZE;
	const uint64_t armed = UINT64_MAX;

	memcpy(block, RING_MAGIC, sizeof RING_MAGIC);
	memcpy(block + offsetof(struct ring_header, order), &order,
	       sizeof order);
	memcpy(block + offsetof(struct ring_header, size), &size, sizeof size);
	memcpy(block + offsetof(struct ring_header, armed), &armed,
	       sizeof armed);
}

/* Could rlog have left these numbers? */
static bool sane(const struct ring_header *header)
{
	uint64_t begun = ring_load(&header->begun);
	uint64_t done = ring_load(&header->done);
	uint64_t head = header->state[done % 2].head;
	uint64_t next = header->state[begun % 2].head;
	uint64_t tail = ring_load(&header->tail);
	uint64_t armed = ring_load(&header->armed);

	return begun - done <= 1 && head <= next && next <= tail &&
	       tail - head <= RING_SIZE &&
	       (armed != tail || header->room <= RING_SIZE - (tail - head)) &&
	       header->files_n <= RING_FILES &&
	       header->note_size <= RING_SIZE &&
	       memchr(header->boot, 0, sizeof header->boot);
}

static bool trusted(const struct ring_header *header)
{
	return memcmp(header->magic, RING_MAGIC, sizeof RING_MAGIC) == 0 &&
	       header->order == RING_ORDER && header->size == RING_SIZE &&
	       sane(header);
}

/* RING_GOOD, or -1 and errno; EINVAL: it is damaged. */
static int take_old(struct ring *ring, const struct ring_place *place)
{
	int fd = ring_file_open(place, RING_FILE), error;

	if (fd < 0)
		return -1;
	if (map(ring, fd) < 0) {
		error = errno;
		close(fd);
		errno = error;
		return -1;
	}
	if (trusted(ring->header))
		return RING_GOOD;
	ring_close(ring);
	errno = EINVAL;
	return -1;
}

/* found, or RING_FOREIGN, or -1 and errno. */
static int make(struct ring *ring, const struct ring_place *place,
		enum ring_found found)
{
	char header[RING_BLOCK] = {0};
	const struct ring_image image = {header, RING_FILE, RING_SIZE};
	int fd, error;

	set_header(header);
	fd = ring_file_make(place, &image);
	if (fd < 0) {
		ring->taken = ".new";
		return errno == EEXIST ? RING_FOREIGN : -1;
	}
	if (map(ring, fd) == 0)
		return found;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

int ring_open(struct ring *ring, const struct ring_place *place)
{
	int kind = ring_file_kind(place), found;

	ring->taken = "";
	if (kind < 0)
		return -1;
	if (kind == RING_FILE_FOREIGN)
		return RING_FOREIGN;
	if (kind == RING_FILE_NONE)
		return make(ring, place, RING_NONE);
	found = take_old(ring, place);
	if (found >= 0 || errno != EINVAL)
		return found;
	if (ring_file_set_aside(place) == 0)
		return make(ring, place, RING_DAMAGED);
	ring->taken = ".bad";
	return errno == EEXIST ? RING_FOREIGN : -1;
}

/* A size of 0 has mremap map the same pages once more. */
int ring_open_memory(struct ring *ring)
{
	char *base = mmap(NULL, RING_FILE + RING_SIZE, PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (base == MAP_FAILED)
		return -1;
	if (mremap(base + RING_HEADER, 0, RING_SIZE,
		   MREMAP_MAYMOVE | MREMAP_FIXED,
		   base + RING_FILE) == MAP_FAILED) {
		munmap(base, RING_FILE + RING_SIZE);
		return -1;
	}
	ring->header = (struct ring_header *)(void *)base;
	ring->bytes = (unsigned char *)base + RING_HEADER;
	ring->fd = -1;
	return 0;
}

void ring_close(struct ring *ring)
{
	if (!ring->header)
		return;
	munmap(ring->header, RING_FILE + RING_SIZE);
	if (ring->fd >= 0)
		close(ring->fd);
	ring->header = NULL;
}
