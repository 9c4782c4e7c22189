/*
 * Any bytes as the file of the intake.  The first byte says how: the rest is
 * the file itself, or it is a whole one with places changed: of each change two
 * bytes say where, one how many bytes, and these follow; if the first byte is
 * even, all hashes are made right again, as who forges a ring can.  The file is
 * set aside, left alone or trusted; then a directory is put in order by it, and
 * all that it holds and a line more are put out: what is read ends, and is
 * inside of the ring.
 */
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "logwrite/checkpoint.h"
#include "logwrite/intake.h"
#include "logwrite/logdir.h"
#include "logwrite/recover.h"
#include "logwrite/script.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	PATH = 64,
	WHOLE = RING_HEADER + RING_SIZE,
	BOOT = 1,
	/* The header, with the files that matter. */
	CHANGED =
	    offsetof(struct ring_header, files) + 2 * sizeof(struct ring_file)
};

static char base[] = "/dev/shm/recio-fuzz.XXXXXX";
static char directory[PATH], file[PATH], aside[PATH], current[PATH];
static char whole[WHOLE];

static void check_at(int right, int line)
{
	if (right)
		return;
	fprintf(stderr, "line %d does not hold\n", line);
	abort();
}

#define check(right) check_at(right, __LINE__)

static void tell(const struct event *event)
{
	(void)event;
}

static void clean_up(void)
{
	char command[PATH + 16];

	snprintf(command, sizeof command, "rm -rf %s", base);
	check(system(command) == 0);
}

/* A file as ring_open makes it, with a line in it. */
static void make_whole(void)
{
	struct ring_place place = {AT_FDCWD, file};
	struct intake intake;
	int fd;

	check(ring_open(&intake.ring, &place, BOOT) == RING_NONE);
	check(intake_open(&intake, BOOT) == 0);
	intake_put(&intake, "part of a line", 14);
	ring_close(&intake.ring);
	fd = open(file, O_RDONLY);
	check(read(fd, whole, WHOLE) == WHOLE);
	close(fd);
}

static void begin(void)
{
	static int begun;

	if (begun)
		return;
	begun = 1;
	check(mkdtemp(base) != NULL);
	atexit(clean_up);
	snprintf(directory, PATH, "%s/d", base);
	snprintf(file, PATH, "%s/d/intake", base);
	snprintf(aside, PATH, "%s/d/intake.bad", base);
	snprintf(current, PATH, "%s/d/current", base);
	check(mkdir(directory, 0700) == 0);
	make_whole();
}

static void put(const char *path, const char *bytes, size_t n)
{
	FILE *out = fopen(path, "w");

	check(out && fwrite(bytes, 1, n, out) == n);
	fclose(out);
}

/* The ring's own `current` is the one that is there. */
static void know_current(struct ring *ring)
{
	struct ring_file *known = ring_next_files(ring);
	struct stat st;

	check(stat(current, &st) == 0);
	memset(known, 0, sizeof *known);
	known->device = st.st_dev;
	known->inode = st.st_ino;
	ring_set_files(ring, 1);
	ring->now.vouched = 1;
	ring_publish(ring);
}

/* A ring in these bytes: only what its header says is read. */
static void map(struct ring *ring, char *bytes)
{
	struct ring_header *header = (struct ring_header *)(void *)bytes;

	memset(ring, 0, sizeof *ring);
	ring->header = header;
	ring->bytes = (unsigned char *)bytes + RING_HEADER;
	ring->fd = -1;
	ring->now = header->slot[(header->published >> 16) % 2].state;
}

/* Hashes that fit what the states say, as far as they say what can be. */
static void forge(char *bytes)
{
	struct ring ring;
	struct ring_state *now = &ring.now;

	map(&ring, bytes);
	now->files_at %= 2;
	if (now->files_n <= RING_FILES)
		now->files_hash =
		    ring_hash_files(ring_files(&ring), now->files_n);
	if (now->line.selection_n > RING_SELECTION)
		return;
	if (now->tail - ring_block(&ring, now->head) <= RING_SIZE)
		ring_set_tail(&ring, now->tail);
	ring_publish(&ring);
	ring_publish(&ring);
}

static void make_file(const uint8_t *data, size_t size)
{
	/* The second half is what is mapped behind it. */
	static _Alignas(struct ring_header) char bytes[WHOLE + RING_SIZE];
	const int forged = size && !(*data & 1);
	struct ring ring;
	size_t at, n;

	if (size && !*data) {
		put(file, (const char *)data + 1, size - 1);
		return;
	}
	memcpy(bytes, whole, WHOLE);
	map(&ring, bytes);
	know_current(&ring);
	for (data++; size > 3; data += 3 + n, size -= 3 + n) {
		at = (size_t)(data[0] | data[1] << 8) % CHANGED;
		n = data[2] % 32 < size - 3 ? data[2] % 32 : size - 4;
		memcpy(bytes + at, data + 3, n);
	}
	if (forged)
		forge(bytes);
	put(file, bytes, WHOLE);
}

/* The batches that there are, into the directory, with `more` behind them. */
static void put_out(struct checkpoint *checkpoint, enum batch_more more)
{
	struct tain_s now = {.sec = {.x = TAI_MAGIC}, .nano = 0}, never;
	struct batch *batch = checkpoint->batch;
	struct batch_input input = {.more = more, .now = now};
	struct logdir *d = &checkpoint->directories->logdir;
	size_t taken;

	do {
		batch_set_bytes(batch, 0, d->bytes);
		input.bytes = intake_bytes(checkpoint->intake, &input.n);
		check(input.n <= RING_SIZE);
		taken = batch_build(batch, &input);
		check(taken <= input.n);
		checkpoint_keep(checkpoint, intake_prepare(checkpoint->intake,
							   taken, &now));
		checkpoint_keep_files(checkpoint);
		intake_begin(checkpoint->intake);
		check(logdir_append(d, &batch->outputs->part, &now, &never));
		logdir_done(d, &batch->outputs->part);
		intake_done(checkpoint->intake);
	} while (taken);
}

/* Opened by what the file says, as rlog does. */
static void use(struct intake *intake, const struct script *script)
{
	struct directory *output = calloc(1, sizeof *output);
	struct logdir *d = &output->logdir;
	struct batch *batch = calloc(1, sizeof *batch);
	struct checkpoint checkpoint;
	size_t n;

	check(output && batch && batch_open(batch, script) == 0);
	checkpoint_init(&checkpoint, intake, batch, output);
	check(logdir_open(d, directory, script->actions->settings, tell) == 0);
	check(intake_open(intake, BOOT) == 0);
	check(checkpoint_files(&checkpoint) == NULL && recover_start(d) == 0);
	checkpoint_state(&checkpoint);
	put_out(&checkpoint, intake_full(intake) ? BATCH_FULL : BATCH_MORE);
	if (intake_room(intake) >= 9) {
		intake_put(intake, "\nthe end\n", 9);
		put_out(&checkpoint, BATCH_MORE);
		intake_bytes(intake, &n);
		check(n == 0);
	}
	check(intake_close(intake) == 0 && logdir_close(d) == 0);
	checkpoint_free(&checkpoint);
	batch_close(batch);
	free(batch);
	free(output);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *argv[] = {"t", "s100m", directory, NULL};
	struct ring_place place = {AT_FDCWD, file};
	struct intake intake = {.room = 0};
	struct script script;
	struct stat st;
	int found;

	begin();
	put(current, "old\n", 4);
	make_file(data, size);
	check(script_parse(&script, argv) == 1);
	found = ring_open(&intake.ring, &place, BOOT);
	check(found == RING_GOOD || found == RING_DAMAGED ||
	      found == RING_OTHER || found == RING_FOREIGN);
	check((found == RING_DAMAGED || found == RING_OTHER) ==
	      (stat(aside, &st) == 0));
	if (found != RING_FOREIGN)
		use(&intake, &script);
	script_free(&script);
	unlink(aside);
	unlink(file);
	return 0;
}
