/* The bytes behind a position, by the names and sizes of a directory's files.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include <cmocka.h>

#include "logread/backlog.h"

#define OLD "@400000006920001000000000.s"
#define NEW "@400000006920002000000000.s"
#define PACKED "@400000006920003000000000.u.gz"

static char path[] = "/tmp/recio-unit.XXXXXX";
static int directory;
static const char *const names[] = {OLD,       NEW,     PACKED, "previous",
				    "current", "state", "link"};

/* Makes a file of this size. */
static void make_file(const char *name, off_t size)
{
	int fd = openat(directory, name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, size), 0);
	close(fd);
}

static int remove_files(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		unlinkat(directory, names[i], 0);
	return 0;
}

/* The position at an offset, after a line of this label, or of none. */
static struct position make_position(uint64_t offset, const char *label)
{
	struct position position;
	char text[POSITION_TEXT];

	snprintf(text, sizeof text, "%016d %016d %llu %s", 1, 2,
		 (unsigned long long)offset, label ? label : "-");
	assert_true(position_parse(&position, text));
	return position;
}

static uint64_t measure(const struct position *position, uint64_t kept,
			size_t archives)
{
	struct backlog backlog;

	assert_int_equal(backlog_measure(&backlog, directory, position), 0);
	assert_int_equal(backlog.kept, kept);
	assert_int_equal(backlog.archives, archives);
	return backlog.behind;
}

static void all_is_behind_the_beginning(void **state)
{
	(void)state;
	assert_int_equal(measure(NULL, 0, 0), 0);
	make_file("current", 7);
	assert_int_equal(measure(NULL, 7, 0), 7);
	make_file("previous", 100);
	make_file(OLD, 1000);
	make_file(PACKED, 10000);
	assert_int_equal(measure(NULL, 11107, 2), 11107);
}

/* Files that are none of the log do not count, and no link is followed. */
static void other_files(void **state)
{
	(void)state;
	make_file("current", 7);
	make_file("state", 100);
	assert_int_equal(symlinkat("current", directory, "link"), 0);
	assert_int_equal(symlinkat("current", directory, OLD), 0);
	assert_int_equal(mkdirat(directory, "previous", 0700), 0);
	assert_int_equal(measure(NULL, 7, 1), 7);
	assert_int_equal(unlinkat(directory, "previous", AT_REMOVEDIR), 0);
}

static void archives_up_to_the_position_are_not(void **state)
{
	static const struct {
		const char *label; /* of the last line before the position */
		uint64_t offset, behind;
	} cases[] = {
	    /* In the oldest file, and at its end. */
	    {"@400000006920000f00000000", 0, 11110},
	    {"@400000006920000f00000000", 400, 10710},
	    {"@400000006920000f00000000", 1000, 10110},
	    /* A file that ends with the label ends before the position. */
	    {"@400000006920001000000000", 0, 10110},
	    {"@400000006920001000000001", 50, 10060},
	    {"@400000006920002000000000", 0, 10010},
	    {"@400000006920003000000000", 3, 7},
	    {"@400000006920004000000000", 10, 0},
	    /* Of an unpacked archive, which is larger than its file. */
	    {"@400000006920002000000001", 60000, 10},
	    /* Without a label no file is known to be before it. */
	    {NULL, 100, 11010},
	};
	struct position position;

	(void)state;
	make_file(OLD, 1000);
	make_file(NEW, 100);
	make_file(PACKED, 10000);
	make_file("current", 10);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		position = make_position(cases[i].offset, cases[i].label);
		assert_int_equal(measure(&position, 11110, 3), cases[i].behind);
	}
}

static void no_directory(void **state)
{
	struct backlog backlog = {1, 2, 3, 4};

	(void)state;
	assert_int_equal(backlog_measure(&backlog, -1, NULL), -1);
	assert_int_equal(backlog.behind, 0);
}

static int open_directory(void **state)
{
	(void)state;
	if (!mkdtemp(path))
		return -1;
	directory = open(path, O_RDONLY | O_DIRECTORY);
	return directory < 0 ? -1 : 0;
}

static int remove_directory(void **state)
{
	(void)state;
	close(directory);
	return rmdir(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_teardown(all_is_behind_the_beginning,
				      remove_files),
	    cmocka_unit_test_teardown(other_files, remove_files),
	    cmocka_unit_test_teardown(archives_up_to_the_position_are_not,
				      remove_files),
	    cmocka_unit_test(no_directory),
	};

	return cmocka_run_group_tests(tests, open_directory, remove_directory);
}
