/*
 * The intake.  Every change is stored in the ring before the act that it tells
 * of: a read is armed before it, a batch begins before its first byte is
 * written. intake.h has the argument.
 */
#include "logwrite/intake.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "base/hash.h"
#include "compat/system_facts.h"

enum { PAGE = 4096, BOOT_ID = 64 };

int intake_open(struct intake *intake, uint64_t boot)
{
	const struct ring_state *now = &intake->ring.now;

	intake->clean = now->clean;
	intake->replay = now->busy;
	intake->crashed = ring_is_crashed(&intake->ring);
	ring_take_over(&intake->ring, boot);
	intake->room = INTAKE_TRICKLE;
	intake->filled = now->tail;
	intake->commit = now->head + now->batch;
	return intake->clean || !intake->ring.same_boot
		   ? ring_sync(&intake->ring)
		   : 0;
}

int intake_close(struct intake *intake)
{
	int r = 0;

	if (intake->ring.fd >= 0 && !intake_busy(intake))
		r = ring_end(&intake->ring);
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

	if (intake->filled < at)
		intake->filled = at;
	if (intake->filled < end) {
		memset(ring_at(&intake->ring, intake->filled), RING_FILL,
		       (size_t)(end - intake->filled));
		intake->filled = end;
	}
	for (size_t i = 0; i < n; i += PAGE)
		bytes[i] = RING_FILL;
	bytes[n - 1] = RING_FILL;
}

size_t intake_room(const struct intake *intake)
{
	return (size_t)(ring_limit(&intake->ring) - intake->ring.now.tail);
}

bool intake_full(const struct intake *intake)
{
	return intake_room(intake) < INTAKE_PACKET;
}

ssize_t intake_take(struct intake *intake, int fd, size_t most)
{
	struct ring *ring = &intake->ring;
	const uint64_t at = ring->now.tail;
	size_t room = intake_room(intake);
	ssize_t r;
	int error;

	if (most > intake->room)
		most = intake->room;
	if (room > most)
		room = most;
	if (!room)
		return 0;
	prepare_room(intake, at, room);
	ring_arm(ring, room);
	r = read(fd, ring_at(ring, at), room);
	error = errno;
	if (r > 0) {
		ring_set_tail(ring, at + (uint64_t)r);
		ring_publish(ring);
		intake->room =
		    (size_t)r >= INTAKE_TRICKLE ? INTAKE_READ : INTAKE_TRICKLE;
	}
	ring_disarm(ring);
	errno = error;
	return r;
}

void intake_put(struct intake *intake, const char *bytes, size_t n)
{
	const uint64_t at = intake->ring.now.tail;

	if (n)
		memcpy(ring_at(&intake->ring, at), bytes, n);
	ring_set_tail(&intake->ring, at + n);
	ring_publish(&intake->ring);
}

void intake_put_marked(struct intake *intake, const char *bytes, size_t n,
		       const void *mark)
{
	ring_set_mark(&intake->ring, mark);
	intake_put(intake, bytes, n);
}

bool intake_mark(const struct intake *intake, void *mark)
{
	return ring_get_mark(&intake->ring, mark);
}

void intake_drop(struct intake *intake, size_t n)
{
	ring_set_tail(&intake->ring, intake->ring.now.tail - n);
	ring_publish(&intake->ring);
	intake->filled = intake->ring.now.tail;
}

const char *intake_bytes(const struct intake *intake, size_t *n)
{
	*n = (size_t)(intake->ring.now.tail - intake->commit);
	return (const char *)ring_at(&intake->ring, intake->commit);
}

struct ring_line *intake_prepare(struct intake *intake, size_t n,
				 const struct tain_s *clock)
{
	ring_prepare_batch(&intake->ring, n, clock);
	intake->commit = intake->ring.now.head + n;
	return &intake->after;
}

void intake_begin(struct intake *intake)
{
	ring_begin_batch(&intake->ring);
}

/*
 * When nothing is held it begins at the ring's beginning again: then a trickle
 * needs a page or two of memory, and those stay in the processor's cache.  Only
 * what was taken since has to be RING_FILL again; what was ahead still is.
 */
static void begin_anew(struct intake *intake)
{
	const struct ring_state *now = &intake->ring.now;
	const uint64_t used = now->tail - now->base;
	const uint64_t ahead =
	    intake->filled > now->tail ? intake->filled - now->base : used;

	ring_rebase(&intake->ring);
	intake->filled = now->tail;
	if (ahead > RING_SIZE)
		return;
	memset(intake->ring.bytes, RING_FILL, (size_t)used);
	intake->filled += ahead;
}

void intake_done(struct intake *intake)
{
	const struct ring_state *now = &intake->ring.now;

	ring_end_batch(&intake->ring, &intake->after);
	if (now->head == now->tail && now->base != now->tail)
		begin_anew(intake);
	else
		ring_publish(&intake->ring);
}

void intake_redo(struct intake *intake)
{
	intake->commit = intake->ring.now.head;
	ring_undo_batch(&intake->ring);
}

bool intake_busy(const struct intake *intake)
{
	return intake->ring.now.busy;
}

void intake_clock(const struct intake *intake, struct tain_s *clock)
{
	clock->sec.x = (uint64_t)intake->ring.now.clock[0];
	clock->nano = (uint32_t)intake->ring.now.clock[1];
}

size_t intake_split(const struct intake *intake, size_t n, bool *note)
{
	const struct ring_state *now = &intake->ring.now;
	const uint64_t end = now->note_at + now->note_size;

	*note = now->note_size && intake->commit >= now->note_at &&
		intake->commit < end;
	if (*note && n > end - intake->commit)
		return (size_t)(end - intake->commit);
	if (now->note_size && intake->commit < now->note_at &&
	    n > now->note_at - intake->commit)
		return (size_t)(now->note_at - intake->commit);
	return n;
}

static uint64_t read_boot(void)
{
	char id[BOOT_ID];
	const size_t n = system_facts_boot_id(id, sizeof id);

	return n ? hash_bytes(BOOT_ID, id, n) : RING_BOOT_UNKNOWN;
}

int intake_source(struct intake_source *source, int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -1;
	source->is.boot = read_boot();
	source->is.device = st.st_dev;
	source->is.inode = st.st_ino;
	source->beginning = S_ISREG(st.st_mode) && lseek(fd, 0, SEEK_CUR) == 0;
	return 0;
}

bool intake_same_source(const struct intake *intake,
			const struct intake_source *source)
{
	const struct ring_source *is = &intake->ring.now.source;

	return !source->beginning && is->boot != RING_BOOT_UNKNOWN &&
	       is->boot == source->is.boot && is->device == source->is.device &&
	       is->inode == source->is.inode;
}

void intake_adopt(struct intake *intake, const struct intake_source *source)
{
	ring_set_source(&intake->ring, &source->is);
}
