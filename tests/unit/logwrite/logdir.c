/*
 * A log directory: current is cut back only if it is that file, and room on a
 * full disk comes from all directories there.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <sys/stat.h>

#include "../scratch.h"
#include "logwrite/logdir.h"
#include "logwrite/recover.h"

static enum event_kind last;
static unsigned int told;

static void tell(const struct event *event)
{
	last = event->kind;
	told++;
}

static void open_one(struct logdir *d, const char *name, long keep)
{
	struct settings settings;

	script_defaults(&settings);
	settings.keep = keep;
	assert_int_equal(logdir_open(d, name, &settings, tell), 0);
}

static off_t size_of(const char *name)
{
	struct stat st;

	return stat(name, &st) == 0 ? st.st_size : -1;
}

/* A current in which "two" is being written after "one". */
static void begin_batch(struct logdir *d, struct ring_file *file)
{
	struct batch_part part;

	scratch_write("cut/current", "one\n");
	assert_int_equal(logdir_open_current(d), 0);
	batch_part_clear(&part);
	batch_part_add(&part, "two", 3);
	batch_part_add(&part, "\nthree\n", 7);
	logdir_know(d, &part, file);
	assert_int_equal(file->adds, 10);
}

/* Answers what logdir_cut does, and that it leaves so many bytes. */
static void cuts(struct logdir *d, const struct ring_file *file,
		 const char *text, bool partly, int want, off_t size)
{
	scratch_write("cut/current", text);
	assert_int_equal(logdir_cut(d, file, partly), want);
	assert_int_equal(size_of("cut/current"), size);
}

static void cut_if_it_is_that_file(void **state)
{
	struct ring_file file = {0}, other;
	struct logdir d;

	(void)state;
	open_one(&d, "cut", -1);
	assert_int_equal(logdir_cut(&d, &file, true), 0);
	begin_batch(&d, &file);
	cuts(&d, &file, "one\n", true, 1, 4);
	cuts(&d, &file, "one\nt", true, 1, 4);
	cuts(&d, &file, "one\ntwo\nthree\n", true, 1, 4);
	/* All of it is there, and stays. */
	cuts(&d, &file, "one\ntwo\nthree\n", false, 1, 14);
	cuts(&d, &file, "one\ntwo\nthree", false, 0, 13);
	/* Not what rlog has written: more, less, something else. */
	cuts(&d, &file, "one\ntwo\nthree\nf", true, 0, 15);
	cuts(&d, &file, "one", true, 0, 3);
	cuts(&d, &file, "oNe\ntwo\n", true, 0, 8);
	cuts(&d, &file, "one\ntWo\n", true, 0, 8);
	/* Not that number, or that age. */
	other = file;
	other.inode++;
	cuts(&d, &other, "one\ntwo\n", true, 0, 8);
	other = file;
	other.device++;
	cuts(&d, &other, "one\ntwo\n", true, 0, 8);
	other = file;
	other.birth++;
	cuts(&d, &other, "one\ntwo\n", true, 0, 8);
	logdir_abandon(&d);
}

static void nothing_else_is_cut(void **state)
{
	struct ring_file file = {0};
	struct logdir d;
	struct stat st;

	(void)state;
	open_one(&d, "cut", -1);
	begin_batch(&d, &file);
	scratch_write("cut/current", "one\ntwo\n");
	assert_int_equal(rename("cut/current", "target"), 0);
	assert_int_equal(symlink("../target", "cut/current"), 0);
	assert_int_equal(logdir_cut(&d, &file, true), 0);
	assert_int_equal(lstat("cut/current", &st), 0);
	file.inode = st.st_ino;
	assert_int_equal(logdir_cut(&d, &file, true), 0);
	assert_int_equal(size_of("target"), 8);
	logdir_abandon(&d);
}

/* The last bytes of the file, however they came there. */
static void last_bytes_are_known(void **state)
{
	char text[300];
	struct ring_file file, again;
	struct batch_part part;
	struct logdir d;
	size_t at = 0, n, i;

	(void)state;
	for (i = 0; i < sizeof text; i++)
		text[i] = (char)('a' + i * 7 % 26);
	open_one(&d, "last", -1);
	assert_int_equal(logdir_open_current(&d), 0);
	for (n = 1; at + n <= sizeof text; at += n, n += 5) {
		batch_part_clear(&part);
		batch_part_add(&part, text + at, n / 2 + 1);
		if (n > n / 2 + 1)
			batch_part_add(&part, text + at + n / 2 + 1,
				       n - n / 2 - 1);
		assert_true(write(d.current, text + at, n) == (ssize_t)n);
		logdir_done(&d, &part);
		batch_part_clear(&part);
		logdir_know(&d, &part, &file);
		assert_int_equal(logdir_open_current(&d), 0);
		logdir_know(&d, &part, &again);
		assert_true(file.last == again.last);
	}
	logdir_abandon(&d);
}

static void no_link_is_written_through(void **state)
{
	struct logdir d;

	(void)state;
	scratch_write("precious", "precious");
	assert_int_equal(mkdir("link", 0700), 0);
	assert_int_equal(symlink("../precious", "link/current"), 0);
	open_one(&d, "link", -1);
	assert_int_equal(logdir_open_current(&d), -1);
	assert_int_equal(d.failure.error, ELOOP);
	assert_int_equal(recover_start(&d), -1);
	logdir_abandon(&d);
	assert_int_equal(size_of("precious"), 8);
}

static unsigned int archives(const char *name)
{
	char file[64];
	unsigned int i, n = 0;

	for (i = 0; i < 9; i++) {
		snprintf(file, sizeof file, "%s/@40000000500000000000000%u.s",
			 name, i);
		n += size_of(file) >= 0;
	}
	return n;
}

static void make_archives(const char *name, unsigned int n)
{
	char file[64];

	while (n--) {
		snprintf(file, sizeof file, "%s/@40000000500000000000000%u.s",
			 name, n);
		scratch_write(file, "x\n");
	}
}

/* First its own, then the others', and nobody gives what is to be kept. */
static void directories_make_room(void **state)
{
	const struct tain_s now = {.sec = {1000}};
	struct logdir d[3];
	int i;

	(void)state;
	open_one(&d[0], "r0", 2);
	open_one(&d[1], "r1", -1);
	open_one(&d[2], "r2", 1);
	for (i = 0; i < 3; i++) {
		logdir_link(&d[i], d, i < 2 ? &d[i + 1] : NULL);
		make_archives(d[i].name, 3);
	}
	told = 0;
	assert_false(logdir_make_room(&d[0], EIO, &now));
	assert_true(logdir_make_room(&d[0], ENOSPC, &now));
	assert_int_equal(archives("r0"), 2);
	assert_int_equal(told, 1);
	assert_int_equal(last, EVENT_DISK_FULL);
	d[2].device++;
	assert_false(logdir_make_room(&d[0], ENOSPC, &now));
	d[2].device--;
	assert_true(logdir_make_room(&d[0], ENOSPC, &now));
	/* Who has to keep all asks the others, too. */
	assert_true(logdir_make_room(&d[1], EDQUOT, &now));
	assert_false(logdir_make_room(&d[1], EDQUOT, &now));
	assert_false(logdir_make_room(&d[0], ENOSPC, &now));
	assert_int_equal(archives("r0"), 2);
	assert_int_equal(archives("r1"), 3);
	assert_int_equal(archives("r2"), 1);
	/* Told once a minute and directory. */
	assert_int_equal(told, 2);
	for (i = 0; i < 3; i++)
		logdir_abandon(&d[i]);
}

static uint64_t append_at(struct logdir *d, uint64_t at)
{
	const struct tain_s now = {.sec = {at}};
	struct tain_s deadline = tain_infinite;
	struct batch_part part;

	batch_part_clear(&part);
	batch_part_add(&part, "line\n", 5);
	assert_true(logdir_append(d, &part, &now, &deadline));
	logdir_sync(d, &now, &deadline);
	return deadline.sec.x;
}

/* What comes later does not put off the sync of what was there before. */
static void synced_when_it_is_time(void **state)
{
	struct settings settings;
	struct logdir d;

	(void)state;
	script_defaults(&settings);
	settings.sync = 5000;
	assert_int_equal(logdir_open(&d, "sync", &settings, tell), 0);
	assert_int_equal(recover_start(&d), 0);
	assert_int_equal(append_at(&d, 1000), 1005);
	assert_int_equal(append_at(&d, 1004), 1005);
	assert_true(d.unsynced);
	append_at(&d, 1005);
	assert_false(d.unsynced);
	assert_int_equal(append_at(&d, 1007), 1012);
	logdir_abandon(&d);
}

static void second_lock_is_refused(void **state)
{
	struct settings settings;
	struct logdir d, other;

	(void)state;
	open_one(&d, "lock", -1);
	script_defaults(&settings);
	assert_int_equal(logdir_open(&other, "lock", &settings, tell), -1);
	assert_int_equal(other.failure.error, EBUSY);
	logdir_abandon(&d);
	open_one(&d, "lock", -1);
	logdir_abandon(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(cut_if_it_is_that_file),
	    cmocka_unit_test(nothing_else_is_cut),
	    cmocka_unit_test(last_bytes_are_known),
	    cmocka_unit_test(no_link_is_written_through),
	    cmocka_unit_test(directories_make_room),
	    cmocka_unit_test(synced_when_it_is_time),
	    cmocka_unit_test(second_lock_is_refused),
	};

	return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
