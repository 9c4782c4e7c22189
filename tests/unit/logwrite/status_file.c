/* Status files: as a whole where possible, in place where not. */
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
#include "logwrite/output/status_file.h"

static size_t contents(const char *file, char *text, size_t size)
{
	FILE *f = fopen(file, "r");
	size_t n;

	assert_non_null(f);
	n = fread(text, 1, size, f);
	fclose(f);
	return n;
}

static void padded_and_cut(void **state)
{
	struct status_file status;
	char line[1500], text[2000];

	(void)state;
	memset(line, 'x', sizeof line);
	assert_int_equal(status_file_open(&status, "st", 1001), 0);
	assert_true(status.directory >= 0);
	assert_int_equal(contents("st", text, sizeof text), 0);
	status_file_set(&status, line, 3);
	assert_true(status.pending);
	assert_int_equal(status_file_write(&status), 0);
	assert_false(status.pending);
	assert_int_equal(contents("st", text, sizeof text), 1001);
	assert_memory_equal(text, "xxx\n\n", 5);
	status_file_set(&status, line, sizeof line);
	assert_int_equal(status_file_write(&status), 0);
	assert_int_equal(contents("st", text, sizeof text), 1001);
	assert_memory_equal(text + 998, "xx\n", 3);
	status_file_close(&status);
}

static void failure_keeps_the_text(void **state)
{
	struct status_file status;
	char text[2000];

	(void)state;
	assert_int_equal(status_file_open(&status, "st", 1001), 0);
	assert_int_equal(mkdir("st.new", 0700), 0);
	status_file_set(&status, "late", 4);
	assert_int_equal(status_file_write(&status), -1);
	assert_true(status.pending);
	assert_string_equal(status.failure.verb, "write to");
	assert_int_equal(rmdir("st.new"), 0);
	assert_int_equal(status_file_write(&status), 0);
	contents("st", text, sizeof text);
	assert_memory_equal(text, "late\n", 5);
	status_file_close(&status);
}

/* One word an episode, one try a pause, and a deadline for the next. */
static void tried_again_after_a_pause(void **state)
{
	struct tain_s now = {.sec = {1000}}, deadline = tain_infinite;
	struct status_file status;

	(void)state;
	assert_int_equal(status_file_open(&status, "st", 1001), 0);
	status.trouble.pause = 3000;
	assert_int_equal(mkdir("st.new", 0700), 0);
	assert_int_equal(status_file_put(&status, &now, &deadline), 0);
	status_file_set(&status, "late", 4);
	assert_int_equal(status_file_put(&status, &now, &deadline), -1);
	assert_int_equal(deadline.sec.x, 1003);
	now.sec.x = 1003;
	deadline = tain_infinite;
	assert_int_equal(status_file_put(&status, &now, &deadline), 0);
	assert_int_equal(deadline.sec.x, 1006);
	assert_int_equal(rmdir("st.new"), 0);
	now.sec.x = 1005;
	deadline = tain_infinite;
	assert_int_equal(status_file_put(&status, &now, &deadline), 0);
	assert_true(status.pending);
	assert_int_equal(deadline.sec.x, 1006);
	now.sec.x = 1006;
	deadline = tain_infinite;
	assert_int_equal(status_file_put(&status, &now, &deadline), 0);
	assert_false(status.pending);
	assert_false(tain_less(&deadline, &tain_infinite));
	assert_false(status.trouble.on);
	status_file_close(&status);
}

static void no_regular_file_is_written_in_place(void **state)
{
	struct status_file status;
	char text[2000];
	int r;

	(void)state;
	assert_int_equal(mkfifo("fifo", 0600), 0);
	assert_int_equal(status_file_open(&status, "fifo", 1001), -1);
	assert_int_equal(status_file_open(&status, "/dev/null", 1001), 0);
	assert_int_equal(status.directory, -1);
	status_file_set(&status, "x", 1);
	assert_int_equal(status_file_write(&status), 0);
	status_file_close(&status);
	/* In a directory that is not ours; root may write to all of them. */
	if (getuid() != 0) {
		assert_int_equal(chmod(".", 0500), 0);
		assert_int_equal(status_file_open(&status, "st", 1001), 0);
		assert_int_equal(status.directory, -1);
		status_file_set(&status, "here", 4);
		r = status_file_write(&status);
		assert_int_equal(chmod(".", 0700), 0);
		assert_int_equal(r, 0);
		contents("st", text, sizeof text);
		assert_memory_equal(text, "here\n", 5);
		status_file_close(&status);
	}
}

/* Of the size that is wanted, or as long as its line. */
static void sizes(void **state)
{
	static const char line[] = "0123456789";
	struct status_file status;
	char text[2000];
	size_t size;

	(void)state;
	for (size = 1; size < 20; size++) {
		assert_int_equal(status_file_open(&status, "st", size), 0);
		status_file_set(&status, line, 10);
		assert_int_equal(status_file_write(&status), 0);
		assert_int_equal(contents("st", text, sizeof text), size);
		assert_int_equal(text[size - 1], '\n');
		status_file_close(&status);
	}
	assert_int_equal(status_file_open(&status, "st", 0), 0);
	status_file_set(&status, line, 10);
	assert_int_equal(status_file_write(&status), 0);
	assert_int_equal(contents("st", text, sizeof text), 11);
	assert_memory_equal(text, "0123456789\n", 11);
	status_file_close(&status);
}

/* Mode and owner come from the file, not from what a link leads to. */
static void replaced_by_a_link(void **state)
{
	struct status_file status;
	struct stat st;

	(void)state;
	assert_int_equal(status_file_open(&status, "st", 6), 0);
	assert_int_equal(mkdir("other", 0700), 0);
	assert_int_equal(close(creat("other/file", 0600)), 0);
	assert_int_equal(chmod("other/file", 0666), 0);
	assert_int_equal(unlink("st"), 0);
	assert_int_equal(symlink("other/file", "st"), 0);
	status_file_set(&status, "text", 4);
	assert_int_equal(status_file_write(&status), 0);
	assert_int_equal(lstat("st", &st), 0);
	assert_int_equal(st.st_mode, S_IFREG | 0600);
	assert_int_equal(stat("other/file", &st), 0);
	assert_int_equal(st.st_size, 0);
	status_file_close(&status);
}

/* Where there is no room for .new behind it. */
static void long_name(void **state)
{
	char name[NAME_MAX + 1], text[100];
	struct status_file status;
	size_t len;

	(void)state;
	for (len = NAME_MAX - 5; len <= NAME_MAX; len++) {
		memset(name, 'n', len);
		name[len] = 0;
		assert_int_equal(status_file_open(&status, name, 6), 0);
		assert_int_equal(status.directory >= 0, len + 4 <= NAME_MAX);
		status_file_set(&status, "text", 4);
		assert_int_equal(status_file_write(&status), 0);
		assert_int_equal(contents(name, text, sizeof text), 6);
		assert_memory_equal(text, "text\n\n", 6);
		status_file_close(&status);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(padded_and_cut),
	    cmocka_unit_test(sizes),
	    cmocka_unit_test(failure_keeps_the_text),
	    cmocka_unit_test(tried_again_after_a_pause),
	    cmocka_unit_test(no_regular_file_is_written_in_place),
	    cmocka_unit_test(replaced_by_a_link),
	    cmocka_unit_test(long_name),
	};

	return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
