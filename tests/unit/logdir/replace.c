/* A file is replaced as a whole, or stays. */
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

#include <sys/stat.h>

#include <cmocka.h>

#include "logdir/replace.h"

static char directory[] = "/tmp/replace.XXXXXX";

static int begin(void **state)
{
	(void)state;
	umask(022);
	strcpy(directory + strlen(directory) - 6, "XXXXXX");
	if (!mkdtemp(directory) || chdir(directory) < 0)
		return -1;
	return 0;
}

static int end(void **state)
{
	(void)state;
	unlink("file");
	unlink("file.new");
	unlink("other");
	return chdir("/") < 0 || rmdir(directory) < 0 ? -1 : 0;
}

static int replace(const char *file, const char *text, bool good)
{
	struct replace r;
	int fd, answer, error;

	fd = replace_open(&r, AT_FDCWD, file, 0640);
	if (fd < 0)
		return -1;
	assert_int_equal(write(r.fd, text, strlen(text)), strlen(text));
	errno = EDOM;
	answer = replace_end(&r, good, true);
	error = errno;
	assert_int_equal(fcntl(fd, F_GETFD), -1);
	errno = error;
	return answer;
}

static void holds(const char *file, const char *want)
{
	char text[64] = "";
	int fd = open(file, O_RDONLY);

	assert_true(fd >= 0 && read(fd, text, sizeof text - 1) >= 0);
	assert_string_equal(text, want);
	close(fd);
}

static void is_gone(const char *file)
{
	assert_int_equal(access(file, F_OK), -1);
}

static void made_and_replaced(void **state)
{
	char path[64];
	struct stat st;

	(void)state;
	assert_int_equal(replace("file", "a longer one", true), 0);
	holds("file", "a longer one");
	assert_int_equal(stat("file", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	snprintf(path, sizeof path, "%s/file", directory);
	assert_int_equal(replace(path, "two", true), 0);
	holds("file", "two");
	is_gone("file.new");
}

/* While it is written, and when that fails, the old one is there. */
static void the_old_one_stays(void **state)
{
	struct replace r;

	(void)state;
	assert_int_equal(replace("file", "old", true), 0);
	assert_int_equal(replace("file", "bad", false), -1);
	assert_int_equal(errno, EDOM);
	is_gone("file.new");
	holds("file", "old");
	assert_true(replace_open(&r, AT_FDCWD, "file", 0600) >= 0);
	holds("file", "old");
	holds("file.new", "");
	assert_int_equal(replace_end(&r, true, true), 0);
	holds("file", "");
}

static void no_link_is_followed(void **state)
{
	(void)state;
	assert_int_equal(replace("other", "other", true), 0);
	assert_int_equal(symlink("other", "file.new"), 0);
	assert_int_equal(replace("file", "x", true), 0);
	holds("file", "x");
	holds("other", "other");
	/* The name itself is replaced, not what it leads to. */
	unlink("file");
	assert_int_equal(symlink("other", "file"), 0);
	assert_int_equal(replace("file", "x", true), 0);
	holds("file", "x");
	holds("other", "other");
}

/* What a crash has left goes, and a FIFO is not waited for. */
static void one_that_was_left(void **state)
{
	int fd = open("file.new", O_WRONLY | O_CREAT, 0600);

	(void)state;
	assert_int_equal(write(fd, "left over", 9), 9);
	close(fd);
	assert_int_equal(replace("file", "x", true), 0);
	holds("file", "x");
	assert_int_equal(mkfifo("file.new", 0600), 0);
	assert_int_equal(replace("file", "y", true), 0);
	holds("file", "y");
}

/* In a directory, unsynced, and the new file's descriptor kept. */
static void in_a_directory(void **state)
{
	int there = open(directory, O_RDONLY | O_DIRECTORY), fd;
	struct replace r;
	char text[8] = "";

	(void)state;
	assert_int_equal(chdir("/"), 0);
	assert_true(replace_open(&r, there, "file", 0600) >= 0);
	assert_int_equal(write(r.fd, "abc", 3), 3);
	assert_int_equal(replace_commit(&r, false), 0);
	assert_int_equal(pread(r.fd, text, sizeof text, 0), 3);
	assert_string_equal(text, "abc");
	close(r.fd);
	assert_int_equal(fchdir(there), 0);
	close(there);
	holds("file", "abc");
	is_gone("file.new");
	/* What can't be renamed is removed, and closed. */
	unlink("file");
	assert_int_equal(mkdir("file", 0700), 0);
	fd = replace_open(&r, AT_FDCWD, "file", 0600);
	assert_true(fd >= 0);
	assert_int_equal(replace_commit(&r, true), -1);
	assert_int_equal(errno, EISDIR);
	assert_int_equal(fcntl(fd, F_GETFD), -1);
	is_gone("file.new");
	rmdir("file");
}

static void where_none_can_be(void **state)
{
	static char longest[PATH_MAX];

	(void)state;
	assert_int_equal(replace("none/file", "x", true), -1);
	assert_int_equal(errno, ENOENT);
	memset(longest, 'x', sizeof longest - 4);
	assert_int_equal(replace(longest, "x", true), -1);
	assert_int_equal(errno, ENAMETOOLONG);
	/* A directory is not replaced, and nothing is left beside it. */
	assert_int_equal(mkdir("file", 0700), 0);
	assert_int_equal(replace("file", "x", true), -1);
	assert_int_equal(errno, EISDIR);
	is_gone("file.new");
	rmdir("file");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(made_and_replaced),   TEST(the_old_one_stays),
	    TEST(no_link_is_followed), TEST(one_that_was_left),
	    TEST(in_a_directory),      TEST(where_none_can_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
