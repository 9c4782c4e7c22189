/* What is taken in and put out; see intake.h. */
#include "rlog/intake.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <sys/mman.h>
#include <sys/stat.h>

#include "rlog/input.h"

enum { PAGE = 4096 };

static uint64_t head(const struct intake *intake)
{
	return intake_state(intake)->head;
}

static uint64_t tail(const struct intake *intake)
{
	return ring_load(&intake->ring.header->tail);
}

const struct ring_state *intake_state(const struct intake *intake)
{
	const struct ring_header *header = intake->ring.header;

	return &header->state[ring_load(&header->done) % 2];
}

/* What the read took in which the process died. */
static void take_armed(struct intake *intake)
{
	struct ring_header *header = intake->ring.header;
	uint64_t at = tail(intake), end = at + header->room;

	if (ring_load(&header->armed) != at)
		return;
	while (end > at && *ring_at(&intake->ring, end - 1) == RING_FILL)
		end--;
	ring_store(&header->tail, end);
}

void intake_open(struct intake *intake)
{
	take_armed(intake);
	intake->room = INTAKE_TRICKLE;
	intake->filled = tail(intake);
	intake->commit = head(intake);
	if (intake_busy(intake))
		intake->commit =
		    intake->ring.header
			->state[ring_load(&intake->ring.header->begun) % 2]
			.head;
	intake->clean = intake->ring.header->clean;
	intake->ring.header->clean = 0;
}

int intake_close(struct intake *intake)
{
	int r = 0;

	if (intake->ring.fd >= 0 && !intake_busy(intake)) {
		intake->ring.header->clean = 1;
		r = fdatasync(intake->ring.fd);
	}
	ring_close(&intake->ring);
	return r;
}

/*
 * Makes the next n bytes RING_FILL.  Those that are already are touched, so
 * that no fault lies in the middle of the read: a process that is killed in one
 * has copied bytes that it has not taken.
 */
static void prepare_room(struct intake *intake, uint64_t at, size_t n)
{
	volatile unsigned char *bytes = ring_at(&intake->ring, at);
	uint64_t end = at + n;
	size_t i;

	if (intake->filled < at)
		intake->filled = at;
	if (intake->filled < end) {
		memset(ring_at(&intake->ring, intake->filled), RING_FILL,
		       (size_t)(end - intake->filled));
		intake->filled = end;
	}
	for (i = 0; i < n; i += PAGE)
		bytes[i] = RING_FILL;
	bytes[n - 1] = RING_FILL;
}

/*
 * When nothing is held it begins at the ring's beginning again: then a trickle
 * needs a page or two of memory, and those stay in the processor's cache.  Only
 * what was taken since has to be RING_FILL again; what was ahead still is.
 */
static void begin_anew(struct intake *intake)
{
	struct ring_header *header = intake->ring.header;
	uint64_t at = tail(intake), base = ring_load(&header->base), ahead;

	if (head(intake) != at || intake_busy(intake) || base == at)
		return;
	if (intake->filled < at)
		intake->filled = at;
	ahead = intake->filled - base;
	ring_store(&header->armed, UINT64_MAX);
	ring_store(&header->base, at);
	intake->filled = at;
	if (ahead > RING_SIZE)
		return;
	memset(intake->ring.bytes, RING_FILL, (size_t)(at - base));
	intake->filled += ahead;
}

size_t intake_room(const struct intake *intake)
{
	return RING_SIZE - (size_t)(tail(intake) - head(intake));
}

bool intake_full(const struct intake *intake)
{
	return intake_room(intake) < INPUT_PACKET;
}

ssize_t intake_take(struct intake *intake, int fd, size_t most)
{
	struct ring_header *header = intake->ring.header;
	uint64_t at = tail(intake);
	size_t room = intake_room(intake);
	ssize_t r;

	begin_anew(intake);

	if (most > intake->room)
		most = intake->room;
	if (room > most)
		room = most;
	if (!room)
		return 0;
	prepare_room(intake, at, room);
	header->room = room;
	ring_store(&header->armed, at);
	r = read(fd, ring_at(&intake->ring, at), room);
	if (r <= 0)
		return r;
	ring_store(&header->tail, at + (uint64_t)r);
	intake->room =
	    (size_t)r >= INTAKE_TRICKLE ? INTAKE_READ : INTAKE_TRICKLE;
	return r;
}

/* Not armed while they are copied: a part of them would be taken for all. */
void intake_put(struct intake *intake, const char *bytes, size_t n)
{
	uint64_t at = tail(intake);

	ring_store(&intake->ring.header->armed, UINT64_MAX);
	memcpy(ring_at(&intake->ring, at), bytes, n);
	ring_store(&intake->ring.header->tail, at + n);
}

void intake_drop(struct intake *intake, size_t n)
{
	ring_store(&intake->ring.header->armed, UINT64_MAX);
	ring_store(&intake->ring.header->tail, tail(intake) - n);
	intake->filled = tail(intake);
}

const char *intake_bytes(const struct intake *intake, size_t *n)
{
	*n = (size_t)(tail(intake) - intake->commit);
	return (const char *)ring_at(&intake->ring, intake->commit);
}

struct ring_state *intake_prepare(struct intake *intake, size_t n,
				  const struct tain_s *clock)
{
	struct ring_header *header = intake->ring.header;
	struct ring_state *after =
	    &header->state[(ring_load(&header->done) + 1) % 2];

	after->head = intake->commit = head(intake) + n;
	header->clock[0] = (int64_t)clock->sec.x;
	header->clock[1] = clock->nano;
	return after;
}

void intake_begin(struct intake *intake)
{
	struct ring_header *header = intake->ring.header;

	ring_store(&header->begun, ring_load(&header->done) + 1);
}

void intake_done(struct intake *intake)
{
	struct ring_header *header = intake->ring.header;

	ring_store(&header->done, ring_load(&header->begun));
}

void intake_redo(struct intake *intake)
{
	struct ring_header *header = intake->ring.header;

	ring_store(&header->begun, ring_load(&header->done));
	intake->commit = head(intake);
}

bool intake_busy(const struct intake *intake)
{
	const struct ring_header *header = intake->ring.header;

	return ring_load(&header->begun) != ring_load(&header->done);
}

void intake_clock(const struct intake *intake, struct tain_s *clock)
{
	clock->sec.x = (uint64_t)intake->ring.header->clock[0];
	clock->nano = (uint32_t)intake->ring.header->clock[1];
}

static void read_boot(char *boot, size_t size)
{
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	ssize_t r = -1;

	if (fd >= 0) {
		r = read(fd, boot, size - 1);
		close(fd);
	}
	boot[r > 0 ? r : 0] = 0;
}

int intake_source(struct intake_source *source, int fd)
{
	struct stat st;

	memset(source, 0, sizeof *source);
	if (fstat(fd, &st) < 0)
		return -1;
	read_boot(source->boot, sizeof source->boot);
	source->device = st.st_dev;
	source->inode = st.st_ino;
	source->beginning = S_ISREG(st.st_mode) && lseek(fd, 0, SEEK_CUR) == 0;
	return 0;
}

bool intake_same_boot(const struct intake *intake,
		      const struct intake_source *source)
{
	return strcmp(intake->ring.header->boot, source->boot) == 0;
}

bool intake_same_source(const struct intake *intake,
			const struct intake_source *source)
{
	const struct ring_header *header = intake->ring.header;

	return intake_same_boot(intake, source) && !source->beginning &&
	       header->device == source->device &&
	       header->inode == source->inode;
}

void intake_adopt(struct intake *intake, const struct intake_source *source)
{
	struct ring_header *header = intake->ring.header;

	memcpy(header->boot, source->boot, sizeof header->boot);
	header->device = source->device;
	header->inode = source->inode;
}
