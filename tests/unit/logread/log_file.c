/* One file of a log: lines, blocks, places, and what comes later. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "logread/log_file.h"

static struct log_file file;
static char directory[] = "/tmp/recio-unit.XXXXXX";
static char path[64];

static void append(const char *text, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, len), len);
	close(fd);
}

static void begin(const char *text)
{
	unlink(path);
	append(text, strlen(text));
	assert_int_equal(log_file_open(&file, AT_FDCWD, path), 0);
}

static void is_line(const char *want, bool begins, bool ends, bool rest)
{
	struct log_file_text t;

	assert_int_equal(log_file_line(&file, &t, rest), 1);
	assert_int_equal(t.len, strlen(want));
	assert_memory_equal(t.at, want, t.len);
	assert_int_equal(t.begins, begins);
	assert_int_equal(t.ends, ends);
}

static void is_end(bool rest)
{
	struct log_file_text t;

	assert_int_equal(log_file_line(&file, &t, rest), 0);
}

static void lines(void **state)
{
	(void)state;
	begin("one\n\ntwo\nthr");
	is_line("one", true, true, false);
	is_line("", true, true, false);
	is_line("two", true, true, false);
	is_end(false);
	append("ee\n", 3);
	is_line("three", true, true, false);
	append("four", 4);
	is_line("four", true, false, true);
	append("teen\n", 5);
	is_line("teen", false, true, true);
	is_end(true);
	log_file_close(&file);
}

static void long_lines_come_in_pieces(void **state)
{
	char *text = malloc(LOG_FILE_FRAGMENT + 11);
	struct log_file_text t;

	(void)state;
	memset(text, 'x', LOG_FILE_FRAGMENT + 10);
	text[LOG_FILE_FRAGMENT + 10] = 0;
	begin(text);
	assert_int_equal(log_file_line(&file, &t, false), 1);
	assert_int_equal(t.len, LOG_FILE_FRAGMENT);
	assert_true(t.begins && !t.ends);
	is_end(false);
	append("\nnext\n", 6);
	is_line("xxxxxxxxxx", false, true, false);
	is_line("next", true, true, false);
	log_file_close(&file);
	free(text);
}

static void blocks(void **state)
{
	struct log_file_text t;

	(void)state;
	begin("one\ntwo\nthree\nfour");
	assert_int_equal(log_file_block(&file, &t, 10, false), 1);
	assert_int_equal(t.len, 8);
	assert_true(t.begins && t.ends);
	assert_int_equal(log_file_block(&file, &t, 3, false), 1);
	assert_memory_equal(t.at, "thr", 3);
	assert_true(t.begins && !t.ends);
	assert_int_equal(log_file_block(&file, &t, 100, false), 1);
	assert_memory_equal(t.at, "ee\n", 3);
	assert_true(!t.begins && t.ends);
	assert_int_equal(log_file_block(&file, &t, 100, false), 0);
	assert_int_equal(log_file_block(&file, &t, 100, true), 1);
	assert_true(t.begins && !t.ends);
	log_file_close(&file);
}

static void no_further_than_the_limit(void **state)
{
	(void)state;
	begin("one\ntwo\n");
	log_file_set_limit(&file, 6);
	is_line("one", true, true, true);
	is_line("tw", true, false, true);
	is_end(true);
	log_file_close(&file);
}

static void places(void **state)
{
	struct position place;

	(void)state;
	begin("one\ntwo\nthree\n");
	is_line("one", true, true, false);
	is_line("two", true, true, false);
	log_file_place(&file, NULL, &place);
	assert_int_equal(place.offset, 8);
	log_file_close(&file);
	append("four\n", 5);
	assert_int_equal(log_file_open(&file, AT_FDCWD, path), 0);
	assert_int_equal(log_file_resume(&file, &place), 1);
	is_line("three", true, true, false);
	is_line("four", true, true, false);
	log_file_close(&file);
	begin("one\ntwO\nthree\n");
	assert_int_equal(log_file_resume(&file, &place), 0);
	log_file_close(&file);
	begin("one\ntw");
	assert_int_equal(log_file_resume(&file, &place), 0);
	log_file_close(&file);
}

static void the_head_grows_with_the_file(void **state)
{
	struct position one, two;

	(void)state;
	begin("one\n");
	log_file_seek(&file, 4);
	append("two\n", 4);
	is_line("two", true, true, false);
	log_file_place(&file, NULL, &one);
	log_file_close(&file);
	assert_int_equal(log_file_open(&file, AT_FDCWD, path), 0);
	is_line("one", true, true, false);
	is_line("two", true, true, false);
	log_file_place(&file, NULL, &two);
	assert_true(one.head == two.head && one.tail == two.tail);
	log_file_close(&file);
}

static void emptied(void **state)
{
	int fd;

	(void)state;
	begin("one\n");
	is_line("one", true, true, false);
	assert_false(log_file_emptied(&file));
	assert_int_equal(truncate(path, 2), 0);
	/* As when a batch is taken back and written again. */
	assert_false(log_file_emptied(&file));
	fd = open(path, O_WRONLY | O_TRUNC);
	assert_int_equal(write(fd, "tw", 2), 2);
	close(fd);
	assert_true(log_file_emptied(&file));
	log_file_close(&file);
}

static void links_and_directories_are_no_files(void **state)
{
	char other[80];

	(void)state;
	begin("one\n");
	log_file_close(&file);
	strcpy(other, path);
	strcat(other, ".link");
	assert_int_equal(symlink(path, other), 0);
	assert_int_equal(log_file_open(&file, AT_FDCWD, other), -1);
	unlink(other);
	assert_int_equal(log_file_open(&file, AT_FDCWD, directory), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(lines),
	    cmocka_unit_test(long_lines_come_in_pieces),
	    cmocka_unit_test(blocks),
	    cmocka_unit_test(no_further_than_the_limit),
	    cmocka_unit_test(places),
	    cmocka_unit_test(the_head_grows_with_the_file),
	    cmocka_unit_test(emptied),
	    cmocka_unit_test(links_and_directories_are_no_files),
	};
	int r;

	if (!mkdtemp(directory))
		return 111;
	strcpy(path, directory);
	strcat(path, "/file");
	r = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(path);
	rmdir(directory);
	return r;
}
