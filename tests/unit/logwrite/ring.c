/*
 * Every bit of a ring, flipped: it makes no difference at all, or the ring is
 * damaged.  After another boot, what is left of it may be used, too.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <sys/stat.h>

#include "../scratch.h"
#include "logwrite/intake.h"
#include "logwrite/ring.h"

enum {
	BOOT = 1,
	OTHER_BOOT,
	FILE_SIZE = RING_HEADER + RING_SIZE,
	FIRST = offsetof(struct ring_header, files),
	FILES = 2
};

static const struct ring_place place = {.directory = AT_FDCWD,
					.name = "intake"};

/* A process that has a ring in which bytes are, and files. */
static void open_new(struct intake *intake)
{
	struct ring_file *file;
	size_t i;

	memset(intake, 0, sizeof *intake);
	assert_true(ring_open(&intake->ring, &place, BOOT) >= 0);
	assert_int_equal(intake_open(intake, BOOT), 0);
	file = ring_next_files(&intake->ring);
	memset(file, 0, FILES * sizeof *file);
	for (i = 0; i < FILES; i++)
		file[i].inode = i + 1;
	ring_set_files(&intake->ring, FILES);
	intake->ring.now.vouched = 1;
}

static void begin(struct intake *intake, size_t n)
{
	const struct tain_s clock = {{12345}, 678};
	struct ring_line *line = intake_prepare(intake, n, &clock);

	line->midline = 1;
	line->script = 4711;
	line->selection_n = 1;
	line->selection[0] = 1;
	intake_begin(intake);
}

static void batch_begun(struct intake *intake)
{
	intake_put(intake, "one\ntwo\nthr", 11);
	begin(intake, 8);
}

static void partial_line(struct intake *intake)
{
	batch_begun(intake);
	intake_done(intake);
}

static void marked(struct intake *intake)
{
	unsigned char mark[RING_MARK];

	memset(mark, 'm', sizeof mark);
	intake_put_marked(intake, "one\ntwo\nthr", 11, mark);
	begin(intake, 8);
	intake_done(intake);
}

static void many_blocks(struct intake *intake)
{
	static char text[3 * RING_BLOCK + 77];
	size_t i;

	for (i = 0; i < sizeof text; i++)
		text[i] = (char)('a' + i % 23);
	intake_put(intake, text, sizeof text);
	begin(intake, RING_BLOCK + 5);
	intake_done(intake);
}

static void dropping(struct intake *intake)
{
	partial_line(intake);
	intake->ring.now.dropped.bytes = 77;
	intake->ring.now.dropped.lines = 3;
	intake->ring.now.dropped.midline = 1;
	ring_publish(&intake->ring);
}

/* A line is in it, and a read that has taken no byte yet. */
static void in_a_read(struct intake *intake)
{
	partial_line(intake);
	memset(ring_at(&intake->ring, intake->ring.now.tail), RING_FILL, 4096);
	ring_arm(&intake->ring, 4096);
}

/* The same memory, mapped as rlog maps it. */
struct image {
	struct intake intake; /* as it was trusted */
	unsigned char bytes[FILE_SIZE];
	unsigned char used[RING_SIZE]; /* what it holds then */
	size_t used_n;
};

static void restore(struct ring *ring, const struct image *image)
{
	memcpy(ring->header, image->bytes, RING_HEADER);
	memcpy(ring->bytes, image->bytes + RING_HEADER, RING_SIZE);
}

/* What trusting it has stored is in these. */
static void restore_little(struct ring *ring, const struct image *image)
{
	memcpy(ring->header, image->bytes, FIRST);
}

static bool same_mark(const struct ring *ring, const struct ring *want)
{
	unsigned char mark[RING_MARK], wanted[RING_MARK];

	if (!ring_get_mark(want, wanted))
		return !ring_get_mark(ring, mark);
	return ring_get_mark(ring, mark) &&
	       memcmp(mark, wanted, sizeof mark) == 0;
}

static bool same(const struct ring *ring, const struct image *image)
{
	const struct ring *want = &image->intake.ring;

	return same_mark(ring, want) &&
	       memcmp(&ring->now, &want->now, sizeof ring->now) == 0 &&
	       ring->same_boot == want->same_boot && ring->lost == want->lost &&
	       memcmp(ring_at(ring, ring->now.head), image->used,
		      image->used_n) == 0 &&
	       memcmp(ring_files(ring),
		      image->bytes + FIRST +
			  want->now.files_at * sizeof ring->header->files[0],
		      ring->now.files_n * sizeof(struct ring_file)) == 0;
}

/* After another boot it may be less, or older, and that is said. */
static bool said(const struct ring *ring, const struct image *image)
{
	if (ring->same_boot)
		return false;
	if (ring->lost)
		return true;
	if (ring->now.generation != image->intake.ring.now.generation)
		return !ring->now.clean;
	/* Which files there were is only for a line in progress. */
	return ring->now.files_n == 0;
}

static unsigned long flipped, found, less;

static void flip(struct ring *ring, const struct image *image, uint64_t boot,
		 size_t at, int bit)
{
	unsigned char *byte = (unsigned char *)ring->header + at;

	*byte ^= (unsigned char)(1 << bit);
	flipped++;
	if (!ring_trust(ring, boot))
		found++;
	else if (!same(ring, image)) {
		less++;
		if (!said(ring, image))
			fail_msg("byte %zu, bit %d", at, bit);
	}
	restore_little(ring, image);
	*byte = image->bytes[at];
}

/* What is used of it, when nothing is flipped. */
static void take_image(struct ring *ring, struct image *image, uint64_t boot)
{
	memcpy(image->bytes, ring->header, RING_HEADER);
	memcpy(image->bytes + RING_HEADER, ring->bytes, RING_SIZE);
	assert_true(ring_trust(ring, boot));
	image->used_n = (size_t)(ring->now.tail - ring->now.head);
	memcpy(image->used, ring_at(ring, ring->now.head), image->used_n);
	image->intake.ring = *ring;
	restore(ring, image);
}

/* Of the tables, the places that nobody uses are only sampled. */
static size_t step(size_t at)
{
	const size_t table = RING_FILES * sizeof(struct ring_file);
	const size_t in_table = at < FIRST ? 0 : (at - FIRST) % table;

	if (in_table < FILES * sizeof(struct ring_file))
		return 1;
	return table - in_table < 997 ? table - in_table : 997;
}

static void flip_all(void (*prepare)(struct intake *), bool clean,
		     uint64_t boot)
{
	static struct image image;
	struct intake intake;
	uint64_t head, tail;
	size_t at;
	int bit;

	unlink("intake");
	open_new(&intake);
	prepare(&intake);
	head = intake.ring.now.head;
	tail = intake.ring.now.tail;
	if (clean) {
		assert_int_equal(intake_close(&intake), 0);
		memset(&intake, 0, sizeof intake);
		assert_int_equal(ring_open(&intake.ring, &place, BOOT),
				 RING_GOOD);
	}
	take_image(&intake.ring, &image, boot);
	flipped = found = less = 0;
	for (at = sizeof(RING_MAGIC) - 1; at < RING_HEADER; at += step(at))
		for (bit = 0; bit < 8; bit++)
			flip(&intake.ring, &image, boot, at, bit);
	for (; head < tail; head++)
		for (bit = 0; bit < 8; bit++)
			flip(&intake.ring, &image, boot,
			     (size_t)(ring_at(&intake.ring, head) -
				      (unsigned char *)intake.ring.header),
			     bit);
	ring_close(&intake.ring);
	print_message("%lu flipped, %lu found, %lu used less\n", flipped, found,
		      less);
	assert_true(boot == BOOT ? found > 1000 : found > 0);
	if (boot == BOOT)
		assert_int_equal(less, 0);
}

static void every_bit(void **state)
{
	static void (*const prepare[])(struct intake *) = {
	    batch_begun, partial_line, dropping,
	    in_a_read,   many_blocks,  marked};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof prepare / sizeof *prepare; i++) {
		flip_all(prepare[i], false, BOOT);
		flip_all(prepare[i], false, OTHER_BOOT);
		if (i == 0)
			continue;
		flip_all(prepare[i], true, BOOT);
		flip_all(prepare[i], true, OTHER_BOOT);
	}
}

/* Who can write to the ring can give it right hashes: it is read in bounds. */
static void forged(void **state)
{
	struct intake intake;
	struct ring_state *now = &intake.ring.now;
	struct ring_state good;
	size_t i;

	(void)state;
	for (i = 0; i < 9; i++) {
		unlink("intake");
		open_new(&intake);
		partial_line(&intake);
		good = *now;
		switch (i) {
		case 0: now->base = now->tail + 1; break;
		case 1: now->head = now->tail + 1; break;
		case 2: now->tail = now->head + RING_SIZE + 1; break;
		case 3: now->batch = 4; break;
		case 4: now->files_n = RING_FILES + 1; break;
		case 5: now->files_at = 2; break;
		case 6: now->line.selection_n = RING_SELECTION + 1; break;
		case 7: now->note_size = RING_SIZE + 1; break;
		default: break;
		}
		ring_publish(&intake.ring);
		ring_publish(&intake.ring);
		*now = good;
		if (i == 8)
			ring_arm(&intake.ring, RING_SIZE);
		ring_close(&intake.ring);
		assert_int_equal(ring_open(&intake.ring, &place, BOOT),
				 RING_DAMAGED);
		ring_close(&intake.ring);
	}
}

/* Killed between any two stores of a publication: the last one counts. */
static void killed_while_publishing(void **state)
{
	struct intake intake;
	struct ring_slot *slot;
	size_t i;

	(void)state;
	unlink("intake");
	open_new(&intake);
	partial_line(&intake);
	slot = &intake.ring.header->slot[(intake.ring.now.generation + 1) % 2];
	for (i = 0; i < sizeof *slot; i++) {
		((unsigned char *)slot)[i] ^= 0x55;
		assert_true(ring_trust(&intake.ring, BOOT));
		assert_int_equal(intake.ring.now.tail, 11);
		assert_int_equal(intake.ring.now.head, 8);
	}
	ring_close(&intake.ring);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_bit),
	    cmocka_unit_test(forged),
	    cmocka_unit_test(killed_while_publishing),
	};

	return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
