/* The file of the ring; see ring.h. */
#include "rlog/ring.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include "rlog/lock.h"

enum {
	RING_FILE = RING_HEADER + RING_SIZE,
	RING_BLOCK = 4096,
	RING_ORDER = 0x01020304
};

_Static_assert(sizeof(struct ring_header) <= RING_HEADER, "header too big");
_Static_assert(offsetof(struct ring_header, armed) < RING_BLOCK - 8,
	       "header too long");

static void close_keeping_errno(int fd)
{
	int error = errno;

	close(fd);
	errno = error;
}

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

/* Writes the block n times.  0, or -1 and errno. */
static int repeat(int fd, char *block, int n)
{
	struct iovec v[RING_SIZE / RING_BLOCK];
	ssize_t w;
	int i;

	for (i = 0; i < n; i++)
		v[i] = (struct iovec){block, RING_BLOCK};
	w = writev(fd, v, n);
	if (w >= 0 && w < (ssize_t)n * RING_BLOCK) {
		errno = ENOSPC;
		return -1;
	}
	return w < 0 ? -1 : 0;
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

/* Writes a new ring to fd, and has all of it allocated. */
static int fill(int fd)
{
	char block[RING_BLOCK] = {0};
	int r;

	set_header(block);
	if (repeat(fd, block, 1) < 0)
		return -1;
	memset(block, 0, sizeof block);
	if (repeat(fd, block, RING_HEADER / RING_BLOCK - 1) < 0)
		return -1;
	memset(block, RING_FILL, sizeof block);
	if (repeat(fd, block, RING_SIZE / RING_BLOCK) < 0)
		return -1;
	r = posix_fallocate(fd, 0, RING_FILE);
	if (r && r != EINVAL && r != EOPNOTSUPP) {
		errno = r;
		return -1;
	}
	return 0;
}

/* It gets its name when it is whole. */
static int make(const struct ring_place *place)
{
	char fresh[PATH_MAX];
	int fd;

	if (snprintf(fresh, sizeof fresh, "%s.new", place->name) >= PATH_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if (unlinkat(place->directory, fresh, 0) < 0 && errno != ENOENT)
		return -1;
	fd = openat(place->directory, fresh,
		    O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -1;
	if (lock_flock(fd) == 0 && fill(fd) == 0 &&
	    renameat(place->directory, fresh, place->directory, place->name) ==
		0)
		return fd;
	close_keeping_errno(fd);
	fd = errno;
	unlinkat(place->directory, fresh, 0);
	errno = fd;
	return -1;
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

/* A descriptor of the ring that is there, -1 and errno; EINVAL: it is none. */
static int open_old(const struct ring_place *place)
{
	int fd = openat(place->directory, place->name,
			O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;

	if (fd < 0) {
		if (errno == ELOOP || errno == EISDIR || errno == ENXIO)
			errno = EINVAL;
		return -1;
	}
	if (fstat(fd, &st) == 0) {
		if (S_ISREG(st.st_mode) && st.st_size == RING_FILE)
			return fd;
		errno = EINVAL;
	}
	close_keeping_errno(fd);
	return -1;
}

/* RING_GOOD, or -1 and errno; EINVAL: it is not to be trusted. */
static int take_old(struct ring *ring, const struct ring_place *place)
{
	int fd = open_old(place), r;

	if (fd < 0)
		return -1;
	r = lock_flock(fd);
	if (r == 0) {
		/* Holes, which a copy may have, would not survive a full
		 * disk. */
		r = posix_fallocate(fd, 0, RING_FILE);
		if (r && r != EINVAL && r != EOPNOTSUPP) {
			errno = r;
			r = -1;
		} else {
			r = map(ring, fd);
		}
	}
	if (r < 0) {
		close_keeping_errno(fd);
		return -1;
	}
	if (trusted(ring->header))
		return RING_GOOD;
	ring_close(ring);
	errno = EINVAL;
	return -1;
}

static int set_aside(const struct ring_place *place)
{
	char aside[PATH_MAX];

	if (snprintf(aside, sizeof aside, "%s.bad", place->name) >= PATH_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return renameat(place->directory, place->name, place->directory, aside);
}

int ring_open(struct ring *ring, const struct ring_place *place)
{
	int found = take_old(ring, place), fd;

	if (found >= 0)
		return found;
	if (errno == ENOENT)
		found = RING_NONE;
	else if (errno == EINVAL && set_aside(place) == 0)
		found = RING_DAMAGED;
	else
		return -1;
	fd = make(place);
	if (fd < 0)
		return -1;
	if (map(ring, fd) < 0) {
		close_keeping_errno(fd);
		return -1;
	}
	return found;
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
