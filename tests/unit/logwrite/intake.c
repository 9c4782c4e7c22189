/*
 * The intake: nothing gets lost or moved out of order, also when the process
 * ends at any point and another one opens the ring.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <sys/stat.h>
#include <sys/wait.h>

#include "../scratch.h"
#include "logwrite/intake.h"

enum { BOOT = 1, OTHER_BOOT };

static const struct ring_place place = {.directory = AT_FDCWD,
					.name = "intake"};

static unsigned char byte_at(size_t i)
{
	return (unsigned char)(i * 31 + i / 251);
}

static void open_in_memory(struct intake *intake)
{
	memset(intake, 0, sizeof *intake);
	assert_int_equal(ring_open_memory(&intake->ring), 0);
	assert_int_equal(intake_open(intake, BOOT), 0);
}

static void open_boot(struct intake *intake, enum ring_found want,
		      uint64_t boot)
{
	memset(intake, 0, sizeof *intake);
	assert_int_equal(ring_open(&intake->ring, &place, boot), want);
	assert_int_equal(intake_open(intake, boot), 0);
}

static void open_again(struct intake *intake, enum ring_found want)
{
	open_boot(intake, want, BOOT);
}

/* As a kill does. */
static void abandon(struct intake *intake)
{
	ring_close(&intake->ring);
}

static void begin(struct intake *intake, size_t n)
{
	const struct tain_s clock = {{12345}, 678};

	intake_prepare(intake, n, &clock)->midline = 0;
	intake_begin(intake);
}

static void assert_bytes(const struct intake *intake, const char *want)
{
	size_t n;
	const char *bytes = intake_bytes(intake, &n);

	assert_int_equal(n, strlen(want));
	assert_memory_equal(bytes, want, n);
}

/* Any sizes of reads, and of what is put out, give the same bytes. */
static void same_bytes_in_order(void **state)
{
	struct intake intake;
	size_t in = 0, out = 0, n, i, put;
	unsigned char chunk[5000];
	const char *bytes;
	int fds[2], round;

	(void)state;
	assert_int_equal(pipe(fds), 0);
	open_in_memory(&intake);
	for (round = 0; round < 3000; round++) {
		n = (size_t)round * 7919 % sizeof chunk + 1;
		for (i = 0; i < n; i++)
			chunk[i] = byte_at(in + i);
		assert_int_equal(write(fds[1], chunk, n), n);
		in += n;
		while (n > 0) {
			ssize_t r = intake_take(&intake, fds[0], n);

			assert_true(r > 0);
			n -= (size_t)r;
		}
		bytes = intake_bytes(&intake, &n);
		put = round % 5 ? n * (size_t)(round % 4) / 3 : n;
		for (i = 0; i < put; i++)
			assert_int_equal((unsigned char)bytes[i],
					 byte_at(out + i));
		begin(&intake, put);
		intake_done(&intake);
		out += put;
	}
	intake_bytes(&intake, &n);
	assert_int_equal(in - out, n);
	intake_close(&intake);
	close(fds[0]);
	close(fds[1]);
}

static void full_and_empty_again(void **state)
{
	struct intake intake;
	static char zeros[4096];
	size_t n;
	int fds[2], i;

	(void)state;
	assert_int_equal(pipe(fds), 0);
	open_in_memory(&intake);
	for (i = 0; i < INTAKE_SIZE / 4096; i++) {
		assert_false(intake_full(&intake));
		assert_int_equal(write(fds[1], zeros, 4096), 4096);
		assert_int_equal(intake_take(&intake, fds[0], INTAKE_SIZE),
				 4096);
	}
	assert_true(intake_full(&intake));
	assert_int_equal(intake_take(&intake, fds[0], INTAKE_SIZE), 0);
	intake_bytes(&intake, &n);
	assert_int_equal(n, INTAKE_SIZE);
	begin(&intake, n);
	intake_bytes(&intake, &n);
	assert_int_equal(n, 0);
	assert_true(intake_full(&intake));
	intake_done(&intake);
	assert_false(intake_full(&intake));
	/* Where a packet would be cut, there is no room. */
	assert_int_equal(write(fds[1], zeros, 1), 1);
	assert_int_equal(intake_take(&intake, fds[0], INTAKE_SIZE), 1);
	for (i = 0; !intake_full(&intake); i++) {
		assert_int_equal(write(fds[1], zeros, 4096), 4096);
		assert_int_equal(intake_take(&intake, fds[0], INTAKE_SIZE),
				 4096);
	}
	assert_int_equal(i, INTAKE_SIZE / 4096 - 1);
	assert_int_equal(intake_room(&intake), 4095);
	intake_close(&intake);
	close(fds[0]);
	close(fds[1]);
}

/* As a kill does in a read that has taken these bytes. */
static void abandon_in_a_read(struct intake *intake, const char *at, size_t len)
{
	unsigned char *end = ring_at(&intake->ring, intake->ring.now.tail);

	memset(end, RING_FILL, 5000);
	ring_arm(&intake->ring, 5000);
	memcpy(end, at, len);
	abandon(intake);
}

/* The bytes are there, but nobody was told: the read was the last call. */
static void killed_in_a_read(void **state)
{
	static const char *const texts[] = {"one\ntwo\nthr", "x", "a\0b\0", ""};
	struct intake intake;
	size_t i, n;

	(void)state;
	for (i = 0; i < sizeof texts / sizeof *texts; i++) {
		n = i == 2 ? 4 : strlen(texts[i]);
		open_again(&intake, i ? RING_GOOD : RING_NONE);
		abandon_in_a_read(&intake, texts[i], n);

		open_again(&intake, RING_GOOD);
		intake_bytes(&intake, &n);
		assert_int_equal(n, i == 2 ? 4 : strlen(texts[i]));
		assert_memory_equal(intake_bytes(&intake, &n), texts[i], n);
		/* Not a second time. */
		abandon(&intake);
		open_again(&intake, RING_GOOD);
		assert_memory_equal(intake_bytes(&intake, &n), texts[i], n);
		begin(&intake, n);
		intake_done(&intake);
		abandon(&intake);
	}
}

/* The next process ends, too, before it takes the ring over. */
static void killed_in_a_read_and_at_the_start(void **state)
{
	struct intake intake;
	struct ring ring = {.fd = -1};
	size_t n;

	(void)state;
	open_again(&intake, RING_GOOD);
	abandon_in_a_read(&intake, "one\ntw", 6);

	assert_int_equal(ring_open(&ring, &place, BOOT), RING_GOOD);
	ring_close(&ring);

	open_again(&intake, RING_GOOD);
	assert_bytes(&intake, "one\ntw");
	intake_bytes(&intake, &n);
	begin(&intake, n);
	intake_done(&intake);
	abandon(&intake);
}

/*
 * Of another boot: what a read took is not known, and is not taken by a third
 * process either, if the second ends after it has published one state.
 */
static void armed_in_another_boot(void **state)
{
	struct intake intake;
	struct ring ring = {.fd = -1};

	(void)state;
	open_again(&intake, RING_GOOD);
	abandon_in_a_read(&intake, "one\ntw", 6);

	assert_int_equal(ring_open(&ring, &place, OTHER_BOOT), RING_GOOD);
	ring.now.boot = OTHER_BOOT;
	ring_publish(&ring);
	ring_close(&ring);

	open_boot(&intake, RING_GOOD, OTHER_BOOT);
	assert_bytes(&intake, "");
	abandon(&intake);
	unlink("intake");
	open_again(&intake, RING_NONE);
	abandon(&intake);
}

/* A process in a read of an empty pipe: what it has made of the ring. */
static void in_a_read(struct intake *intake)
{
	const struct ring_header *header = intake->ring.header;
	int fds[2], tries, status;
	pid_t child;

	assert_int_equal(pipe(fds), 0);
	child = fork();
	if (child == 0) {
		intake_take(intake, fds[0], INTAKE_SIZE);
		_exit(0);
	}
	assert_true(child > 0);
	for (tries = 0; tries < 10000 && !header->armed; tries++)
		poll(NULL, 0, 1);
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	assert_true(header->armed != 0);
	close(fds[0]);
	close(fds[1]);
}

/* What the ring held before is not taken for what the read took. */
static void killed_where_other_bytes_were(void **state)
{
	static char old[3 * 4096];
	struct intake intake;
	int fds[2];
	size_t n;

	(void)state;
	assert_int_equal(pipe(fds), 0);
	memset(old, 'o', sizeof old);
	open_again(&intake, RING_GOOD);
	intake_put(&intake, old, sizeof old);
	intake_bytes(&intake, &n);
	begin(&intake, n);
	intake_done(&intake);
	assert_int_equal(write(fds[1], "longer", 6), 6);
	assert_int_equal(intake_take(&intake, fds[0], INTAKE_SIZE), 6);
	begin(&intake, 6);
	intake_done(&intake);
	in_a_read(&intake);
	memcpy(ring_at(&intake.ring, intake.ring.now.tail), "new", 3);
	abandon(&intake);
	open_again(&intake, RING_GOOD);
	assert_bytes(&intake, "new");
	begin(&intake, 3);
	intake_done(&intake);
	abandon(&intake);
	close(fds[0]);
	close(fds[1]);
}

/* When all is put out, a trickle stays on the same bytes of the ring. */
static void begins_anew(void **state)
{
	struct intake intake;
	int fds[2], i;
	size_t n;

	(void)state;
	assert_int_equal(pipe(fds), 0);
	open_in_memory(&intake);
	for (i = 0; i < 5; i++) {
		assert_int_equal(write(fds[1], "line\n", 5), 5);
		assert_int_equal(intake_take(&intake, fds[0], INTAKE_SIZE), 5);
		assert_ptr_equal(intake_bytes(&intake, &n), intake.ring.bytes);
		/* But not as long as anything is held. */
		intake_put(&intake, "more", 4);
		begin(&intake, 5);
		intake_done(&intake);
		assert_int_equal(write(fds[1], "x", 1), 1);
		assert_int_equal(intake_take(&intake, fds[0], INTAKE_SIZE), 1);
		assert_bytes(&intake, "morex");
		assert_ptr_equal(intake_bytes(&intake, &n),
				 intake.ring.bytes + 5);
		begin(&intake, 5);
		intake_done(&intake);
	}
	intake_close(&intake);
	close(fds[0]);
	close(fds[1]);
}

/* A read that took nothing, or was not made, leaves nothing to be found. */
static void armed_only_in_a_read(void **state)
{
	struct intake intake;
	const struct ring_header *header;
	int fds[2];

	(void)state;
	assert_int_equal(pipe2(fds, O_NONBLOCK), 0);
	open_in_memory(&intake);
	header = intake.ring.header;
	assert_int_equal(write(fds[1], "line\n", 5), 5);
	assert_int_equal(intake_take(&intake, fds[0], INTAKE_SIZE), 5);
	assert_true(header->armed == 0);
	assert_int_equal(intake_take(&intake, fds[0], INTAKE_SIZE), -1);
	assert_int_equal(errno, EAGAIN);
	assert_true(header->armed == 0);
	begin(&intake, 5);
	intake_done(&intake);
	assert_true(intake.ring.now.base == 5);
	intake_close(&intake);
	close(fds[0]);
	close(fds[1]);
}

/* Bytes that are dropped again are not what a read has taken. */
static void dropped_and_killed(void **state)
{
	struct intake intake;
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	open_again(&intake, RING_GOOD);
	assert_int_equal(write(fds[1], "gone", 4), 4);
	assert_int_equal(intake_take(&intake, fds[0], INTAKE_SIZE), 4);
	intake_drop(&intake, 4);
	abandon(&intake);
	open_again(&intake, RING_GOOD);
	assert_bytes(&intake, "");
	/* And nothing of them is left for the next read to find. */
	in_a_read(&intake);
	abandon(&intake);
	open_again(&intake, RING_GOOD);
	assert_bytes(&intake, "");
	abandon(&intake);
	close(fds[0]);
	close(fds[1]);
}

static void assert_marked(const struct intake *intake, char want)
{
	char mark[RING_MARK], wanted[RING_MARK];

	assert_true(intake_mark(intake, mark));
	memset(wanted, want, sizeof wanted);
	assert_memory_equal(mark, wanted, sizeof mark);
}

static void put_marked(struct intake *intake, const char *text, char with)
{
	char mark[RING_MARK];

	memset(mark, with, sizeof mark);
	intake_put_marked(intake, text, strlen(text), mark);
	assert_marked(intake, with);
}

/* The mark of the bytes that were put last outlives all that becomes of them.
 */
static void mark_outlives_the_process(void **state)
{
	struct intake intake;
	char mark[RING_MARK];

	(void)state;
	unlink("intake");
	open_again(&intake, RING_NONE);
	assert_false(intake_mark(&intake, mark));
	intake_put(&intake, "no mark", 7);
	assert_false(intake_mark(&intake, mark));
	put_marked(&intake, "one\n", 'a');
	abandon(&intake);

	open_again(&intake, RING_GOOD);
	assert_marked(&intake, 'a');
	assert_bytes(&intake, "no markone\n");
	begin(&intake, 11);
	assert_marked(&intake, 'a');
	abandon(&intake);

	open_again(&intake, RING_GOOD);
	assert_marked(&intake, 'a');
	intake_done(&intake);
	/* Of bytes that are not taken. */
	put_marked(&intake, "", 'b');
	assert_bytes(&intake, "");
	assert_int_equal(intake_close(&intake), 0);

	open_again(&intake, RING_GOOD);
	assert_marked(&intake, 'b');
	/* A program without marks leaves it. */
	intake_put(&intake, "two\n", 4);
	assert_marked(&intake, 'b');
	begin(&intake, 4);
	intake_done(&intake);
	assert_int_equal(intake_close(&intake), 0);
	unlink("intake");
}

/* After another boot it is of the bytes that are whole, or there is none. */
static void mark_of_lost_bytes_is_lost(void **state)
{
	struct intake intake;
	char mark[RING_MARK];

	(void)state;
	unlink("intake");
	open_again(&intake, RING_NONE);
	put_marked(&intake, "one\n", 'a');
	abandon(&intake);
	open_boot(&intake, RING_GOOD, OTHER_BOOT);
	assert_bytes(&intake, "one\n");
	assert_marked(&intake, 'a');
	put_marked(&intake, "two\n", 'b');
	intake.ring.bytes[5] ^= 1;
	abandon(&intake);
	open_again(&intake, RING_GOOD);
	assert_int_equal(intake.ring.lost, 8);
	assert_false(intake_mark(&intake, mark));
	assert_int_equal(intake_close(&intake), 0);
	unlink("intake");
}

static void killed_while_writing(void **state)
{
	struct intake intake;
	struct tain_s clock;

	(void)state;
	open_again(&intake, RING_GOOD);
	intake_put(&intake, "one\ntwo\nthr", 11);
	begin(&intake, 8);
	assert_bytes(&intake, "thr");
	abandon(&intake);

	open_again(&intake, RING_GOOD);
	assert_true(intake_busy(&intake));
	assert_false(intake.clean);
	assert_bytes(&intake, "thr");
	intake_clock(&intake, &clock);
	assert_int_equal(clock.sec.x, 12345);
	assert_int_equal(clock.nano, 678);
	intake_redo(&intake);
	assert_bytes(&intake, "one\ntwo\nthr");
	begin(&intake, 8);
	intake_done(&intake);
	abandon(&intake);

	open_again(&intake, RING_GOOD);
	assert_false(intake_busy(&intake));
	assert_bytes(&intake, "thr");
	intake_drop(&intake, 2);
	assert_bytes(&intake, "t");
	assert_int_equal(intake_close(&intake), 0);
	open_again(&intake, RING_GOOD);
	assert_true(intake.clean);
	assert_bytes(&intake, "t");
	begin(&intake, 1);
	intake_done(&intake);
	intake_close(&intake);
}

/* In a boot that has an id, whatever the system. */
static void find_source(struct intake_source *source, int fd)
{
	assert_int_equal(intake_source(source, fd), 0);
	source->is.boot = BOOT;
}

static void where_it_came_from(void **state)
{
	struct intake_source source, other;
	struct intake intake;
	int fds[2], file;

	(void)state;
	assert_int_equal(pipe(fds), 0);
	open_again(&intake, RING_GOOD);
	find_source(&source, fds[0]);
	assert_false(intake_same_source(&intake, &source));
	intake_adopt(&intake, &source);
	abandon(&intake);
	open_again(&intake, RING_GOOD);
	assert_true(intake_same_source(&intake, &source));
	other = source;
	other.is.boot ^= 1;
	assert_false(intake_same_source(&intake, &other));

	/* A file that is read from its beginning is not the same again. */
	file = openat(place.directory, "intake", O_RDONLY);
	find_source(&other, file);
	intake_adopt(&intake, &other);
	assert_false(intake_same_source(&intake, &other));
	assert_int_equal(lseek(file, 100, SEEK_SET), 100);
	find_source(&other, file);
	assert_true(intake_same_source(&intake, &other));
	close(file);
	close(fds[0]);
	close(fds[1]);
	abandon(&intake);
}

static void write_file(const char *name, const void *bytes, size_t n)
{
	int fd =
	    openat(place.directory, name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_int_equal(write(fd, bytes, n), n);
	close(fd);
}

static void size_of_aside(off_t want)
{
	struct stat st;

	assert_int_equal(
	    fstatat(place.directory, "intake.bad", &st, AT_SYMLINK_NOFOLLOW),
	    0);
	assert_int_equal(st.st_size, want);
	assert_int_equal(unlinkat(place.directory, "intake.bad", 0), 0);
}

static void rings_of_a_wrong_size_are_set_aside(void **state)
{
	static unsigned char bytes[RING_HEADER + RING_SIZE];
	const size_t sizes[] = {sizeof RING_MAGIC, 4096, sizeof bytes - 1,
				sizeof bytes};
	struct intake intake;
	size_t i;

	(void)state;
	memcpy(bytes, RING_MAGIC, sizeof RING_MAGIC);
	for (i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		write_file("intake", bytes, sizes[i]);
		open_again(&intake, RING_DAMAGED);
		assert_bytes(&intake, "");
		abandon(&intake);
		size_of_aside((off_t)sizes[i]);
	}
}

/* All whole: but nobody knows of the files, or what a read was taking. */
static void boot_again(struct intake *intake, uint64_t before, uint64_t now)
{
	unlinkat(place.directory, "intake", 0);
	open_boot(intake, RING_NONE, before);
	intake_put(intake, "one\ntwo\nthr", 11);
	intake->ring.now.vouched = 1;
	begin(intake, 8);
	ring_arm(&intake->ring, 100);
	memcpy(ring_at(&intake->ring, intake->ring.now.tail), "ee", 2);
	abandon(intake);
	open_boot(intake, RING_GOOD, now);
	assert_false(intake->ring.same_boot);
	assert_true(intake->crashed);
	assert_false(intake_busy(intake));
	assert_true(intake->replay);
	assert_false(intake->ring.now.vouched);
	assert_int_equal(intake->ring.lost, 0);
	assert_bytes(intake, "one\ntwo\nthr");
}

static void another_boot(void **state)
{
	struct intake intake;

	(void)state;
	boot_again(&intake, BOOT, OTHER_BOOT);
	abandon(&intake);
	/* It is of this boot now, in both slots. */
	open_boot(&intake, RING_GOOD, OTHER_BOOT);
	assert_true(intake.ring.same_boot);
	assert_true(intake.ring.header->slot[0].state.boot == OTHER_BOOT);
	assert_true(intake.ring.header->slot[1].state.boot == OTHER_BOOT);
	assert_bytes(&intake, "one\ntwo\nthr");
	begin(&intake, 11);
	intake_done(&intake);
	abandon(&intake);
}

/* Where the system has no boot id, each start may be after another boot. */
static void unknown_boot(void **state)
{
	struct intake_source source;
	struct intake intake;
	int fds[2];

	(void)state;
	boot_again(&intake, RING_BOOT_UNKNOWN, RING_BOOT_UNKNOWN);
	abandon(&intake);
	boot_again(&intake, RING_BOOT_UNKNOWN, BOOT);
	abandon(&intake);
	boot_again(&intake, BOOT, RING_BOOT_UNKNOWN);
	/* A pipe of another boot may have the same numbers. */
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(intake_source(&source, fds[0]), 0);
	source.is.boot = RING_BOOT_UNKNOWN;
	intake_adopt(&intake, &source);
	assert_false(intake_same_source(&intake, &source));
	close(fds[0]);
	close(fds[1]);
	abandon(&intake);
}

/* Of blocks that did not reach the disk, the first one ends it. */
static void half_on_the_disk(void **state)
{
	static char text[5 * RING_BLOCK + 100];
	struct intake intake;
	size_t i, n;

	(void)state;
	memset(text, 'x', sizeof text);
	for (i = 0; i < 7; i++) {
		unlinkat(place.directory, "intake", 0);
		open_again(&intake, RING_NONE);
		intake_put(&intake, text, sizeof text);
		/* From within the second block on. */
		begin(&intake, RING_BLOCK + 10);
		intake_done(&intake);
		*ring_at(&intake.ring,
			 i < 6 ? i * RING_BLOCK + 90 : sizeof text) = 'y';
		abandon(&intake);
		open_boot(&intake, RING_GOOD, OTHER_BOOT);
		intake_bytes(&intake, &n);
		assert_int_equal(intake.ring.held,
				 sizeof text - RING_BLOCK - 10);
		assert_int_equal(n, intake.ring.held - intake.ring.lost);
		/* What is written already does not matter. */
		if (i == 0 || i == 6)
			assert_int_equal(intake.ring.lost, 0);
		else if (i == 1)
			assert_int_equal(n, 0);
		else
			assert_int_equal(n, (i - 1) * RING_BLOCK - 10);
		abandon(&intake);
	}
}

/* What says so is on the disk when it is opened: here, in the file. */
static void clean_is_taken_back(void **state)
{
	struct intake intake;

	(void)state;
	open_again(&intake, RING_GOOD);
	assert_int_equal(intake_close(&intake), 0);
	open_again(&intake, RING_GOOD);
	assert_true(intake.clean);
	assert_false(intake.ring.header->slot[0].state.clean);
	assert_false(intake.ring.header->slot[1].state.clean);
	abandon(&intake);
	open_again(&intake, RING_GOOD);
	assert_false(intake.clean);
	abandon(&intake);
}

/* It is left alone. */
static void assert_foreign(void)
{
	struct stat before, after;
	struct ring ring;

	assert_int_equal(
	    fstatat(place.directory, "intake", &before, AT_SYMLINK_NOFOLLOW),
	    0);
	assert_int_equal(ring_open(&ring, &place, BOOT), RING_FOREIGN);
	assert_string_equal(ring.taken, "");
	assert_int_equal(
	    fstatat(place.directory, "intake", &after, AT_SYMLINK_NOFOLLOW), 0);
	assert_true(before.st_ino == after.st_ino);
	assert_true(before.st_size == after.st_size);
	assert_int_equal(remove("intake"), 0);
}

static void what_is_no_ring_is_left_alone(void **state)
{
	(void)state;
	unlinkat(place.directory, "intake", 0);
	assert_int_equal(symlinkat("target", place.directory, "intake"), 0);
	write_file("target", "precious", 8);
	assert_foreign();
	assert_int_equal(mkfifoat(place.directory, "intake", 0600), 0);
	assert_foreign();
	assert_int_equal(mkdirat(place.directory, "intake", 0700), 0);
	assert_foreign();
	write_file("intake", "precious", 8);
	assert_foreign();
	write_file("intake", "", 0);
	assert_foreign();
}

/* Its name has no room for what would be put behind it. */
static void long_name_stays(void **state)
{
	char name[PATH_MAX] = "";
	const struct ring_place far = {.directory = AT_FDCWD, .name = name};
	struct ring ring;
	size_t n;

	(void)state;
	for (n = 0; n + 2 < sizeof name - sizeof "long"; n += 2)
		memcpy(name + n, "./", 2);
	strcpy(name + n, "long");
	assert_true(strlen(name) > sizeof name - 4);
	assert_int_equal(ring_open(&ring, &far, BOOT), -1);
	assert_int_equal(errno, ENAMETOOLONG);
	write_file("long", RING_MAGIC, sizeof RING_MAGIC);
	assert_int_equal(ring_open(&ring, &far, BOOT), -1);
	assert_int_equal(errno, ENAMETOOLONG);
	assert_int_equal(unlink("long"), 0);
}

/* Not even to another ring. */
static void no_link_is_followed(void **state)
{
	struct intake intake;

	(void)state;
	unlinkat(place.directory, "intake", 0);
	open_again(&intake, RING_NONE);
	intake_put(&intake, "another's", 9);
	abandon(&intake);
	assert_int_equal(
	    renameat(place.directory, "intake", place.directory, "other"), 0);
	assert_int_equal(symlinkat("other", place.directory, "intake"), 0);
	assert_foreign();
}

static void only_one_process(void **state)
{
	struct intake intake;
	struct ring other;

	(void)state;
	open_again(&intake, RING_NONE);
	assert_int_equal(ring_open(&other, &place, BOOT), -1);
	assert_int_equal(errno, EBUSY);
	abandon(&intake);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(same_bytes_in_order),
	    cmocka_unit_test(full_and_empty_again),
	    cmocka_unit_test(killed_in_a_read),
	    cmocka_unit_test(killed_in_a_read_and_at_the_start),
	    cmocka_unit_test(armed_in_another_boot),
	    cmocka_unit_test(killed_where_other_bytes_were),
	    cmocka_unit_test(begins_anew),
	    cmocka_unit_test(armed_only_in_a_read),
	    cmocka_unit_test(dropped_and_killed),
	    cmocka_unit_test(killed_while_writing),
	    cmocka_unit_test(where_it_came_from),
	    cmocka_unit_test(rings_of_a_wrong_size_are_set_aside),
	    cmocka_unit_test(another_boot),
	    cmocka_unit_test(unknown_boot),
	    cmocka_unit_test(half_on_the_disk),
	    cmocka_unit_test(clean_is_taken_back),
	    cmocka_unit_test(what_is_no_ring_is_left_alone),
	    cmocka_unit_test(long_name_stays),
	    cmocka_unit_test(no_link_is_followed),
	    cmocka_unit_test(only_one_process),
	    cmocka_unit_test(mark_outlives_the_process),
	    cmocka_unit_test(mark_of_lost_bytes_is_lost),
	};

	return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
