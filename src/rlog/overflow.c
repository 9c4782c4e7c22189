/*
 * Overflow.  What is dropped is counted in the ring right after each read, and
 * a read whose bytes are not counted yet is known by ring_scratched: a process
 * that is killed at any place leaves a count that is right.
 */
#include "rlog/overflow.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/label.h"

enum { DROP_NOTE = 256 };

static struct ring_dropped *dropped_of(const struct overflow *overflow)
{
	return ring_dropped(&overflow->intake->ring);
}

/* The bytes after the last newline of intake_bytes. */
static size_t measure_partial(const struct intake *intake)
{
	const char *bytes, *newline;
	size_t n;

	bytes = intake_bytes(intake, &n);
	newline = memrchr(bytes, '\n', n);
	return newline ? (size_t)(bytes + n - newline) - 1 : n;
}

static void mark_time(struct ring_dropped *dropped)
{
	struct tain_s now;

	label_now(&now);
	dropped->to[0] = (int64_t)now.sec.x;
	dropped->to[1] = now.nano;
	if (dropped->bytes)
		return;
	dropped->from[0] = dropped->to[0];
	dropped->from[1] = dropped->to[1];
}

void overflow_begin(struct overflow *overflow, bool midline)
{
	struct ring_dropped *dropped = dropped_of(overflow);
	size_t part = measure_partial(overflow->intake), all;

	intake_bytes(overflow->intake, &all);
	overflow->on = true;
	memset(dropped, 0, sizeof *dropped);
	mark_time(dropped);
	dropped->cut = midline && part == all;
	dropped->midline = dropped->cut || part;
	if (dropped->cut)
		part = 0;
	dropped->lines = part > 0;
	dropped->bytes = part;
	intake_drop(overflow->intake, part);
}

/* A line counts when a byte of it is dropped. */
static void count_lines(struct ring_dropped *dropped, const char *bytes,
			size_t n)
{
	const char *end = bytes + n, *newline;

	/* Of one that the log has begun, no byte was dropped before. */
	dropped->lines += dropped->midline && !dropped->bytes;
	while (bytes < end) {
		dropped->lines += !dropped->midline;
		newline = memchr(bytes, '\n', (size_t)(end - bytes));
		dropped->midline = !newline;
		bytes = newline ? newline + 1 : end;
	}
	dropped->bytes += n;
}

/* Counts what was read, so that a process that is killed before knows of it. */
static void count_read(struct overflow *overflow, size_t n)
{
	struct ring *ring = &overflow->intake->ring;

	mark_time(dropped_of(overflow));
	count_lines(dropped_of(overflow), ring_scratch_bytes(ring), n);
	ring_publish(ring);
	ring_give_up_scratch(ring);
}

bool overflow_midline(const struct overflow *overflow)
{
	return dropped_of(overflow)->midline && dropped_of(overflow)->bytes;
}

static void format_label(char *text, const int64_t *label)
{
	const struct tain_s stamp = {{(uint64_t)label[0]}, (uint32_t)label[1]};

	label_format(text, &stamp);
	text[LABEL_LEN] = 0;
}

/* Puts the note into the intake, and the bytes behind it. */
static void put_note(struct overflow *overflow, bool cut, const char *bytes,
		     size_t len)
{
	struct ring *ring = &overflow->intake->ring;
	const struct ring_dropped *dropped = ring_dropped(ring);
	char from[LABEL_LEN + 1], to[LABEL_LEN + 1];
	char note[DROP_NOTE + RING_SCRATCH];
	int n;

	format_label(from, dropped->from);
	format_label(to, dropped->to);
	n = snprintf(note, DROP_NOTE,
		     "%srlog: dropped %" PRIu64 " lines, %" PRIu64
		     " bytes, from %s to %s\n",
		     cut ? "\n" : "", dropped->lines, dropped->bytes, from, to);
	ring_set_note(ring, ring->now.tail + cut, (uint64_t)n - cut);
	memset(ring_dropped(ring), 0, sizeof(struct ring_dropped));
	memcpy(note + n, bytes, len);
	/* This publishes the note and that it was told. */
	intake_put(overflow->intake, note, (size_t)n + len);
}

void overflow_end(struct overflow *overflow, bool midline)
{
	struct ring_dropped *dropped = dropped_of(overflow);

	if (dropped->lines)
		put_note(overflow, midline, "", 0);
	memset(dropped, 0, sizeof *dropped);
	overflow->on = false;
}

/* Counts n bytes that were read, up to the newline of the line in progress. */
static void finish_read(struct overflow *overflow, size_t n, bool midline)
{
	struct ring *ring = &overflow->intake->ring;
	const char *bytes = ring_scratch_bytes(ring);
	const char *newline = memchr(bytes, '\n', n);
	size_t len;

	if (!newline) {
		count_read(overflow, n);
		return;
	}
	len = (size_t)(newline - bytes) + 1;
	mark_time(dropped_of(overflow));
	count_lines(dropped_of(overflow), bytes, len);
	put_note(overflow, midline, newline + 1, n - len);
	overflow->on = false;
	ring_give_up_scratch(ring);
}

/*
 * True if n bytes may have been read by overflow_finish, in a process that was
 * killed, and can be put where it would have put them.
 */
static bool may_finish(const struct overflow *overflow, size_t n)
{
	const struct ring_state *now = &overflow->intake->ring.now;

	return overflow_midline(overflow) &&
	       now->note_at + now->note_size <= now->head &&
	       intake_room(overflow->intake) >= DROP_NOTE + n;
}

void overflow_open(struct overflow *overflow, struct intake *intake,
		   bool same_source)
{
	size_t n = ring_scratched(&intake->ring);

	overflow->intake = intake;
	if (n && may_finish(overflow, n))
		finish_read(overflow, n, dropped_of(overflow)->cut);
	else if (n)
		count_read(overflow, n);
	ring_give_up_scratch(&intake->ring);
	overflow->on = dropped_of(overflow)->bytes > 0;
	if (overflow->on && !same_source)
		dropped_of(overflow)->midline = false;
}

ssize_t overflow_take(struct overflow *overflow, int fd, size_t most)
{
	const size_t room = most < RING_SCRATCH ? most : RING_SCRATCH;
	ssize_t r = read(fd, ring_scratch(&overflow->intake->ring, room), room);

	if (r > 0)
		count_read(overflow, (size_t)r);
	else
		ring_give_up_scratch(&overflow->intake->ring);
	return r;
}

ssize_t overflow_finish(struct overflow *overflow, int fd, bool midline)
{
	struct ring *ring = &overflow->intake->ring;
	ssize_t r = read(fd, ring_scratch(ring, RING_SCRATCH), RING_SCRATCH);

	if (r > 0)
		finish_read(overflow, (size_t)r, midline);
	else
		ring_give_up_scratch(ring);
	return r;
}
